//! Texts of secrets that the emulator draws, and how answers show secrets.

use std::sync::Arc;

use crate::account::Account;
use crate::world::Directory;

/// A new secret of 64 hexadecimal digits, which is not the text of a token.
pub(super) fn draw(account: &Account, directory: &Directory) -> Arc<str> {
    loop {
        let text = account.long_text();
        // With sequential ids, a seed can have the next one.
        if !directory.has_token(&text) {
            return text;
        }
    }
}

/// The first characters of a secret.
pub(super) fn beginning(secret: &str, length: usize) -> String {
    secret.chars().take(length).collect()
}

/// Dots and the last characters of a secret.
pub(super) fn end(secret: &str, length: usize) -> String {
    let before = secret.chars().count().saturating_sub(length);
    let end: String = secret.chars().skip(before).collect();
    format!("...{end}")
}
