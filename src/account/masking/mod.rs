//! Masks secrets in the journal, in logs and in hints. One list has the names of secrets. It holds
//! for JSON, forms, queries, headers and text.

mod body;
mod escapes;

use std::borrow::Cow;
use std::ops::Range;

use escapes::{at_any_level, at_each_level};

pub(crate) use body::{cut, masked_body};

/// The parameter of an OAuth token. Old clients send it in the query. A client that builds its URL
/// wrongly can send it anywhere, so what follows it is masked with any character between them, or
/// none.
pub(crate) const ACCESS_TOKEN: &str = "access_token";

/// The text in place of a secret.
pub(crate) const MASK: &str = "...";

/// A name that contains one of these is the name of a secret. Only letters and digits count, so
/// `X-Api-Key` and `apiKey` contain `apikey`.
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

/// Names of secrets that are also parts of other words: `code`, but not `zip_code`.
const WHOLE: [&str; 8] = ["auth", "code", "otp", "pass", "pin", "pwd", "sid", "xauth"];

/// Characters around a name or a value, which can be escaped.
const QUOTES: [char; 3] = ['"', '\'', '\\'];

/// Schemes of credentials, as in `Basic c2VjcmV0`.
const SCHEMES: [&str; 2] = ["basic", "bearer"];

/// Whether it is the name of a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    at_any_level(name, is_listed)
}

fn is_listed(name: &str) -> bool {
    let squeezed = |name: &str| -> String {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    let all = squeezed(name);
    PARTS.iter().any(|part| all.contains(part))
        // A field of a form can be nested, as in `oauth[code]`.
        || name.split(['[', ']', '.']).any(|part| WHOLE.contains(&&*squeezed(part)))
}

/// The text without its secrets. Masked are: a name of a secret with what follows it, up to the
/// next parameter or the end; the user of a URL; credentials after their scheme. For URLs, parts of
/// them and values of any kind.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    if text.trim_start().starts_with(['{', '[']) {
        return Cow::Owned(masked_body(text.as_bytes(), None, usize::MAX));
    }
    // Nearly every path ends here. It saves 2 % of a request with a log line.
    if !text.bytes().any(|byte| b"=:%\\& \t".contains(&byte)) && !names_access_token(text) {
        return Cow::Borrowed(text);
    }
    at_each_level(text, |level| {
        let without_users = mask_each(level, find_user);
        mask_each(without_users.as_deref().unwrap_or(level), find_value).or(without_users)
    })
}

/// A name as the journal shows it. A client that forgets a separator sends a secret within a name,
/// and then the name is masked.
pub(crate) fn masked_name(name: &str) -> Cow<'_, str> {
    if name.chars().all(is_of_name) {
        Cow::Borrowed(name)
    } else {
        masked(name)
    }
}

/// The text with a mask in place of everything that `find` finds in it. None if it finds nothing.
fn mask_each(text: &str, find: impl Fn(&str) -> Option<Range<usize>>) -> Option<String> {
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(secret) = find(rest) {
        shown.push_str(&rest[..secret.start]);
        shown.push_str(MASK);
        rest = &rest[secret.end..];
    }
    (!shown.is_empty()).then(|| shown + rest)
}

/// The first secret with its name. Only in a query is its end certain: there it follows a `=` and
/// has no quotes.
fn find_value(text: &str) -> Option<Range<usize>> {
    let start = find_name(text, |before, name, behind| {
        names_access_token(name)
            || has_value(behind) && is_listed(name)
            || is_scheme(before, name, behind)
    })?;
    let behind = text[start..].trim_start_matches(is_of_name);
    let sign = behind.trim_start_matches([' ', '\t']);
    let is_plain = match sign.strip_prefix('=') {
        Some(value) => !value.trim_start().starts_with(QUOTES),
        // A token in a path.
        None => !has_value(behind) && !behind.starts_with(' '),
    };
    let end = if is_plain { behind.find('&') } else { None };
    Some(start..end.map_or(text.len(), |end| text.len() - behind.len() + end))
}

fn has_value(behind: &str) -> bool {
    behind
        .trim_start_matches([' ', '\t'])
        .trim_start_matches(QUOTES)
        .trim_start_matches([' ', '\t'])
        .starts_with(['=', ':'])
}

/// Whether credentials follow this scheme.
fn is_scheme(before: &str, name: &str, behind: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    SCHEMES
        .iter()
        .any(|scheme| name.eq_ignore_ascii_case(scheme))
        && (before.is_empty() || before.ends_with(['"', '\'', '=', ':', ',', ';', '>']))
        && behind.starts_with([' ', '\t'])
        && !behind.trim_start().is_empty()
}

/// The first user of a URL, with the password.
fn find_user(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    loop {
        start += text[start..].find("://")? + "://".len();
        let authority = &text[start..];
        let end = authority
            .find(|character: char| character.is_whitespace() || "/?#<>\"'\\".contains(character));
        let authority = &authority[..end.unwrap_or(authority.len())];
        if let Some(length) = authority
            .rfind('@')
            .filter(|length| authority[..*length] != *MASK)
        {
            return Some(start..start + length);
        }
        start += authority.len();
    }
}

/// Where the first secret, or the first name of one, begins.
fn find_any(text: &str) -> Option<usize> {
    let name = find_name(text, |before, name, behind| {
        is_listed(name) || is_scheme(before, name, behind)
    });
    let user = find_user(text).map(|user| user.start);
    name.into_iter().chain(user).min()
}

/// Where the first name begins that passes the test. The test also gets the text before and after
/// the name.
fn find_name(text: &str, is_it: impl Fn(&str, &str, &str) -> bool) -> Option<usize> {
    let mut end = 0;
    loop {
        let start = end + text[end..].find(is_of_name)?;
        let length = text[start..].find(|character| !is_of_name(character));
        end = length.map_or(text.len(), |length| start + length);
        if is_it(&text[..start], &text[start..end], &text[end..]) {
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
    bytes
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a name of a secret is known in any case of letters and with anything between its
    /// words.
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
            r"\u0070assword\ud800",
            r"\x70assword",
            "&#112;assword",
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

    /// Assumed: an access token is masked in any place, together with its name. Other secrets are
    /// masked where they have a value. Everything else is shown.
    #[test]
    fn no_secret_of_a_text_is_shown() {
        for (text, shown) in [
            (
                "/api/v2/agent_availabilities",
                "/api/v2/agent_availabilities",
            ),
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
            (
                "/oauth/tokens?refresh_token=x&scope=read",
                "/oauth/tokens?...&scope=read",
            ),
            ("/a%3FApi-Key%3Dx%26b", "/a?...&b"),
            ("admin@example.com/token:x", "admin@example.com/..."),
            ("Code = x", "..."),
            ("zip_code=x", "zip_code=x"),
            ("[::1]:8080", "[::1]:8080"),
            (
                r#"{"password":"a&b","id":4}"#,
                r#"{"password":"...","id":4}"#,
            ),
            ("{'password': 'a&b'}", "{'..."),
            // Where a value ends is certain only in a query.
            ("see {\"password\":\"x&S\"}", "see {\"..."),
            (r#""{\"password\":\"x&S\"}""#, r#""{\"..."#),
            ("a=password:x&S", "a=..."),
            ("password=\"x&S\"", "..."),
            ("a=%7B%22password%22:%22x%26S%22%7D", "a={\"..."),
            (r#"x{"\u0070assword":"S"}"#, r#"x{"..."#),
            (r"\\u0070assword=S&b=1", "...&b=1"),
            ("&#112;assword: S", "..."),
            // Decoding removes the name.
            ("%bearer=S&p%69n=S", "\u{fffd}...&..."),
            // Each level is decoded once.
            ("pi%6E=S&pi%256E=S&a=1&pi%25256E=S", "...&...&a=1&..."),
            // Users of URLs.
            ("http://u:S@h/", "http://...@h/"),
            ("a http://h/@ ftp://S@h b", "a http://h/@ ftp://...@h b"),
            ("https://u:x@S@h", "https://...@h"),
            ("https://...@h/a%20b", "https://...@h/a%20b"),
            ("to=http%3A%2F%2Fu:S%40h", "to=http://...@h"),
            ("http://h/@u", "http://h/@u"),
            // Credentials.
            ("Bearer S", "..."),
            ("Bearer\tS", "..."),
            ("a, basic S", "a, ..."),
            ("back to Basic S", "back to Basic S"),
            ("basic", "basic"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    /// Assumed: many secrets, each encoded once more than the one before, take linear time.
    #[test]
    fn what_is_masked_is_not_masked_again() {
        let text: Vec<_> = (0..120)
            .map(|level| format!("pi%{}6E=S", "25".repeat(level)))
            .collect();
        let (text, steps) = (text.join("&"), std::cell::Cell::new(0));
        at_each_level(&text, |level| {
            steps.set(steps.get() + 1);
            mask_each(level, find_value)
        });
        assert_eq!(steps.get(), 4);
        assert!(masked(&text).starts_with("...&...&...&pi%"));
    }

    /// By design: masking twice changes nothing more, so a test can expect the text that the
    /// journal shows.
    #[test]
    fn masked_texts_stay_as_they_are() {
        for text in [
            "http://u:S@h/?pin=S&a=%20",
            "{\"password\":\"x\"",
            "a=%7B%22pin%22:1",
            "Basic S",
            "http://u:S@h%2F?pi%6E=S",
        ] {
            let shown = masked(text);
            assert_eq!(masked(&shown), shown, "{text}");
        }
    }

    /// By design: the contract lists each name once.
    #[test]
    fn the_contract_lists_the_names() {
        let contract = include_str!("../../../openapi/control.yaml")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        for names in [&PARTS[..], &WHOLE] {
            let listed: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            assert_eq!(contract.matches(&listed.join(", ")).count(), 1, "{names:?}");
        }
    }
}
