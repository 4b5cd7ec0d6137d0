//! Keeping secrets out of sight: in the journal, in logs and in hints. One list says which names are those of secrets,
//! wherever they stand: in JSON, in forms, in queries, among headers or in a text.

mod body;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

pub(crate) use body::{cut, masked_body};

/// The parameter of an OAuth token. Old clients send it in the query, and one that puts its URL together wrongly sends it
/// somewhere else, so what follows it is masked with any sign between them and with none.
pub(crate) const ACCESS_TOKEN: &str = "access_token";

/// What is shown in place of a secret.
pub(crate) const MASK: &str = "...";

/// A name with any of these in it is that of a secret. Only letters and digits count, so `X-Api-Key` and `apiKey` have
/// `apikey` in them.
const PARTS: [&str; 22] = [
    "accesskey",
    "apikey",
    "assertion",
    "authcode",
    "authentication",
    "authkey",
    "authorization",
    "bearer",
    "codeverifier",
    "cookie",
    "credential",
    "jwt",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "sessionid",
    "signingkey",
    "subscriptionkey",
    "token",
];

/// Names of secrets that are parts of other words as well: `code`, unlike `zip_code`.
const WHOLE: [&str; 8] = ["auth", "code", "otp", "pass", "pin", "pwd", "sid", "xauth"];

/// How often a text is decoded to see what it says: a client that encodes once too often is seen through.
const ROUNDS: usize = 3;

/// Whether the name is that of a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    reveal(name, |name| is_listed(name).then_some(0)).is_some()
}

fn is_listed(name: &str) -> bool {
    let squeezed = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let all = squeezed(name);
    PARTS.iter().any(|part| all.contains(part))
        // The field of a form can be below others, as in `oauth[code]`.
        || name.split(['[', ']', '.']).any(|part| WHOLE.contains(&&*squeezed(part)))
}

/// The text without its secrets: names of secrets that have a value, and what follows each up to the next parameter or the
/// end. For URLs, parts of them and values of any kind.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    if text.trim_start().starts_with(['{', '[']) {
        return Cow::Owned(masked_body(text.as_bytes(), None, usize::MAX));
    }
    // Nearly every path, without looking at each of its names: 2 % of a request with a log line.
    if !text.bytes().any(|byte| matches!(byte, b'=' | b':' | b'%')) && !names_access_token(text) {
        return Cow::Borrowed(text);
    }
    let Some(revealed) = reveal(text, find_value) else { return Cow::Borrowed(text) };
    let (mut shown, mut rest) = (String::with_capacity(revealed.len()), &*revealed);
    while let Some(place) = find_value(rest) {
        shown.push_str(&rest[..place]);
        shown.push_str(MASK);
        rest = &rest[place..];
        rest = &rest[rest.find('&').unwrap_or(rest.len())..];
    }
    shown.push_str(rest);
    // Another one may be encoded in another way.
    Cow::Owned(masked(&shown).into_owned())
}

/// A name as it is shown: a plain one as it is, and of any other no secret that it has swallowed.
pub(crate) fn masked_name(name: &str) -> Cow<'_, str> {
    if name.chars().all(is_of_name) { Cow::Borrowed(name) } else { masked(name) }
}

/// The text as far decoded as it takes for `find` to find something in it.
fn reveal(text: &str, find: impl Fn(&str) -> Option<usize>) -> Option<Cow<'_, str>> {
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

/// Where the name of a secret begins that has a value.
fn find_value(text: &str) -> Option<usize> {
    let has_value = |behind: &str| behind.trim_start_matches([' ', '\t', '"', '\'', '\\']).starts_with(['=', ':']);
    find_name(text, |name, behind| names_access_token(name) || has_value(behind) && is_listed(name))
}

/// Where the name of a secret begins, whatever follows it.
fn find_any(text: &str) -> Option<usize> {
    find_name(text, |name, _| is_listed(name))
}

/// Where the first name begins that is like this. The test is given the text behind the name as well.
fn find_name(text: &str, is_it: impl Fn(&str, &str) -> bool) -> Option<usize> {
    let mut end = 0;
    loop {
        let start = end + text[end..].find(is_of_name)?;
        let length = text[start..].find(|character| !is_of_name(character));
        end = length.map_or(text.len(), |length| start + length);
        if is_it(&text[start..end], &text[end..]) {
            // `%3F` is a character before the name.
            let is_encoded = text[..start].ends_with('%') && end - start > 2;
            return Some(if is_encoded { start + 2 } else { start });
        }
    }
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '[' | ']')
}

fn names_access_token(name: &str) -> bool {
    let (bytes, word) = (name.as_bytes(), ACCESS_TOKEN.as_bytes());
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a name is that of a secret whatever the case of its letters and whatever stands between its words.
    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "password",
            "Password",
            "new_password",
            "passwordConfirmation",
            "user[password]",
            "access_token",
            "refresh_token",
            "id-token",
            "X-Auth-Token",
            "API_TOKEN",
            "client_secret",
            "clientSecret",
            "authorization",
            "Proxy-Authorization",
            "Cookie",
            "x-authentication",
            "set-cookie",
            "X-Api-Key",
            "apikey",
            "api key",
            "code",
            "oauth[code]",
            "code_verifier",
            "client_assertion",
            "credentials",
            "private_key",
            "pwd",
            "OTP",
            "p%61ssword",
            "%2570assword",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "",
            "id",
            "key",
            "status",
            "zip_code",
            "status_code",
            "encode",
            "author",
            "passport",
            "shipping",
            "page[size]",
            "page[after]",
            "filter[group_id]",
            "filter[skill_id]",
            "include",
            "ids",
            "sort",
            "user-agent",
            "content-type",
            "%",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    /// Assumed: wherever a token stands, neither the word nor what follows is shown; of other secrets, where they have a
    /// value. Everything else is.
    #[test]
    fn no_secret_of_a_text_is_shown() {
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
            ("/oauth/tokens/7", "/oauth/tokens/7"),
            ("/oauth/tokens?refresh_token=x&scope=read", "/oauth/tokens?...&scope=read"),
            ("/a%3FApi-Key%3Dx%26b", "/a?...&b"),
            ("admin@example.com/token:x", "admin@example.com/..."),
            ("Code = x", "..."),
            ("zip_code=x", "zip_code=x"),
            ("[::1]:8080", "[::1]:8080"),
            (r#"{"password":"a&b","id":4}"#, r#"{"password":"...","id":4}"#),
            ("{'password': 'a&b'}", "{'..."),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }
}
