//! Keeping `access_token` out of sight. Old clients send an OAuth token in the query, and one that puts its URL together
//! wrongly sends it somewhere else.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

pub(crate) const ACCESS_TOKEN: &str = "access_token";

/// How often a text is decoded to see what it says: a client that encodes once too often is seen through.
const ROUNDS: usize = 3;

/// The text without the word and what follows it, up to the next parameter or the end.
pub(crate) fn without_tokens(text: &str) -> Cow<'_, str> {
    let Some(decoded) = revealing(text) else { return Cow::Borrowed(text) };
    let (mut shown, mut rest) = (String::with_capacity(decoded.len()), &*decoded);
    while let Some(place) = find(rest) {
        shown.push_str(&rest[..place]);
        shown.push_str("...");
        rest = &rest[place..];
        rest = &rest[rest.find('&').unwrap_or(rest.len())..];
    }
    shown.push_str(rest);
    // Another one may be encoded in another way.
    Cow::Owned(without_tokens(&shown).into_owned())
}

/// Whether the text has the word in it, however it is encoded.
pub(super) fn names_token(text: &str) -> bool {
    revealing(text).is_some()
}

/// The text as far decoded as it takes to find the word in it.
fn revealing(text: &str) -> Option<Cow<'_, str>> {
    let mut decoded = Cow::Borrowed(text);
    for _ in 0..=ROUNDS {
        if find(&decoded).is_some() {
            return Some(decoded);
        }
        if !decoded.contains('%') {
            return None;
        }
        decoded = Cow::Owned(percent_decode_str(&decoded).decode_utf8_lossy().into_owned());
    }
    None
}

/// Where the word begins, in large letters or small ones.
fn find(text: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), ACCESS_TOKEN.as_bytes());
    bytes.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: wherever the word stands, neither it nor what follows is shown; everything else is.
    #[test]
    fn the_token_is_not_shown() {
        for (text, shown) in [
            ("/api/v2/agent_availabilities", "/api/v2/agent_availabilities"),
            ("/a%20b", "/a%20b"),
            ("/a&access_token=secret", "/a&..."),
            ("/a&access_token=se/cret&b=1", "/a&...&b=1"),
            ("/a%3Faccess_token%3Dsecret", "/a%3F..."),
            ("/a%253Faccess%255Ftoken%253Dsecret", "/a?..."),
            ("/%61ccess_token/secret", "/..."),
            ("https://b/?ACCESS_TOKEN=secret", "https://b/?..."),
            ("access_token=secret&x=access_token=secret", "...&x=..."),
            ("access_token=secret&x=access%5Ftoken%3Dsecret", "...&x=..."),
            ("☃ access_token: secret", "☃ ..."),
        ] {
            assert_eq!(without_tokens(text), shown, "{text}");
            assert_eq!(names_token(text), text != shown, "{text}");
        }
    }
}
