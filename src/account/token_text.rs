//! The texts of codes, tokens and secrets that an account makes.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use uuid::Uuid;

use super::Account;
use crate::ids::Ids;

impl Account {
    /// 32 hexadecimal digits: a code or a refresh token.
    pub(crate) fn short_text(&self) -> Arc<str> {
        self.ids.uuid().simple().to_string().into()
    }

    /// 64 hexadecimal digits: an access token or a client's secret.
    pub(crate) fn long_text(&self) -> Arc<str> {
        let [first, second] = [self.ids.uuid(), self.ids.uuid()];
        format!("{}{}", first.simple(), second.simple()).into()
    }

    /// A signed JWT that says when it expires, as Zendesk's do. The caller draws a new `kid` for
    /// each: two tokens of one second would be equal otherwise.
    pub(crate) fn jwt(&self, kid: Uuid, expires_at: Timestamp) -> Arc<str> {
        let key = self.signing_key.get_or_init(|| signing_key(&self.ids));
        let header = format!(r#"{{"typ":"at+jwt","alg":"EdDSA","kid":"{kid}"}}"#);
        let payload = format!(r#"{{"exp":{}}}"#, expires_at.as_second());
        let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{payload}");
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
        format!("{signed}.{signature}").into()
    }
}

fn signing_key(ids: &Ids) -> SigningKey {
    let mut seed = [0; 32];
    for half in seed.chunks_exact_mut(16) {
        half.copy_from_slice(ids.uuid().as_bytes());
    }
    SigningKey::from_bytes(&seed)
}
