//! Masking the bodies of requests. Everything but the secrets stays as it was sent, so that a
//! client's mistakes can be seen.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::{MASK, at_each_level, find_any, is_secret, masked, masked_name};

const FORM: &str = "application/x-www-form-urlencoded";

/// How much is read beyond what is needed, so that a secret is recognised whose beginning is at the
/// end of that.
const MARGIN: usize = 1024;

/// White space of JSON.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// The body as text, with its secrets masked. Only its first `most` bytes are right: the caller
/// cuts off the rest.
///
/// A body that is neither JSON nor a form is cut at the first name of a secret, since the end of
/// the secret is not known.
pub(crate) fn masked_body(body: &[u8], content_type: Option<&[u8]>, most: usize) -> String {
    let (text, most) = (String::from_utf8_lossy(body), most.saturating_add(MARGIN));
    if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
        return masked_json(&text, most);
    }
    if content_type.is_some_and(is_form) {
        masked_form(&text, most)
    } else {
        masked_text(cut(&text, most))
    }
}

/// At most `most` bytes from the start of a text, without half a character at the end.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

fn is_form(content_type: &[u8]) -> bool {
    let essence = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(FORM.as_bytes())
}

fn masked_text(text: &str) -> String {
    // In UTF-16 every letter has a zero byte beside it.
    let text = text.replace('\0', "");
    at_each_level(&text, |level| {
        Some([&level[..find_any(level)?], MASK].concat())
    })
    .into_owned()
}

fn masked_form(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for (place, pair) in text.split('&').enumerate() {
        if shown.len() > most {
            break;
        }
        if place > 0 {
            shown.push('&');
        }
        let Some((name, value)) = form_urlencoded::parse(cut(pair, most).as_bytes()).next() else {
            continue;
        };
        let (shown_name, shown_value) = (masked_name(&name), masked(&value));
        if is_secret(&name) || shown_name != name {
            shown.extend(form_urlencoded::byte_serialize(shown_name.as_bytes()));
            shown.push('=');
            shown.push_str(MASK);
        } else if shown_value == value {
            shown.push_str(pair);
        } else {
            shown.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            shown.push('=');
            shown.extend(form_urlencoded::byte_serialize(shown_value.as_bytes()));
        }
    }
    shown
}

/// JSON that is valid.
fn masked_json(text: &str, most: usize) -> String {
    let (mut shown, mut rest) = (String::with_capacity(text.len().min(most)), text);
    while shown.len() <= most
        && let Some(quote) = rest.find('"')
    {
        let (before, from_string) = rest.split_at(quote);
        let (string, behind) = from_string.split_at(string_length(from_string));
        let plain = string
            .get(1..string.len().saturating_sub(1))
            .unwrap_or(string);
        let decoded: Cow<'_, str> = if plain.contains('\\') {
            // Half of a surrogate pair is valid in JSON and is not text.
            serde_json::from_str(string).map_or(Cow::Borrowed(plain), Cow::Owned)
        } else {
            Cow::Borrowed(plain)
        };
        let decoded_start = cut(&decoded, most);
        shown.push_str(before);
        rest = behind;
        let Some(value) = behind.trim_start_matches(SPACES).strip_prefix(':') else {
            push_string(&mut shown, string, decoded_start, &masked(decoded_start));
            continue;
        };
        push_string(
            &mut shown,
            string,
            decoded_start,
            &masked_name(decoded_start),
        );
        if is_secret(&decoded) {
            let value = value.trim_start_matches(SPACES);
            shown.push_str(&behind[..behind.len() - value.len()]);
            shown.extend(["\"", MASK, "\""]);
            rest = &value[value_length(value)..];
        }
    }
    if shown.len() <= most {
        shown.push_str(rest);
    }
    shown
}

/// Adds a JSON string as it was sent, unless a part of it is masked.
fn push_string(shown: &mut String, sent: &str, decoded: &str, masked: &str) {
    if masked == decoded {
        shown.push_str(sent);
    } else {
        shown.push_str(&serde_json::Value::from(masked).to_string());
    }
}

/// The length of the string at the beginning, its quotes included.
fn string_length(json: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    json.len()
}

/// The length of the value at the beginning.
fn value_length(json: &str) -> usize {
    let (mut place, mut depth) = (0, 0_usize);
    while let Some(byte) = json.as_bytes().get(place) {
        match byte {
            b'"' => place += string_length(&json[place..]),
            b'{' | b'[' => {
                depth += 1;
                place += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                place += 1;
            }
            _ if depth > 0 => {
                place += 1;
                continue;
            }
            _ => {
                let end = json[place..]
                    .find(|character| SPACES.contains(&character) || ",]}".contains(character));
                return end.map_or(json.len(), |end| place + end);
            }
        }
        if depth == 0 {
            break;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json";

    /// Assumed: JSON stays as it was sent except the values of secrets, at any depth and of any
    /// type.
    #[test]
    fn json_stays_as_it_was_but_for_secrets() {
        for (body, shown) in [
            (r#"{"id": 4}"#, r#"{"id": 4}"#),
            (" [1,\n2] ", " [1,\n2] "),
            ("\"x\"", "\"x\""),
            (r#"{"password":"x","id":4}"#, r#"{"password":"...","id":4}"#),
            (
                "{\"Password\" :\t\"x\" , \"id\": 4}",
                "{\"Password\" :\t\"...\" , \"id\": 4}",
            ),
            (
                r#"{"a":[{"apiKey":"x"},{"b":{"client_secret":"y"}}]}"#,
                r#"{"a":[{"apiKey":"..."},{"b":{"client_secret":"..."}}]}"#,
            ),
            (
                r#"{"tokens":["x",{"y":"}]"}],"id":4}"#,
                r#"{"tokens":"...","id":4}"#,
            ),
            (
                r#"{"credentials":{"user":"a"},"id":4}"#,
                r#"{"credentials":"...","id":4}"#,
            ),
            (
                r#"{"pin":1234,"otp":null,"pwd":true}"#,
                r#"{"pin":"...","otp":"...","pwd":"..."}"#,
            ),
            (r#"{"password":""}"#, r#"{"password":"..."}"#),
            (r#"{"p\u0061ssword":"x"}"#, r#"{"p\u0061ssword":"..."}"#),
            (
                r#"{"password":"x\"y","a":"\\"}"#,
                r#"{"password":"...","a":"\\"}"#,
            ),
            (
                r#"{"a":"password","b":"code"}"#,
                r#"{"a":"password","b":"code"}"#,
            ),
            (
                r#"{"url":"https://a/?b=1&access_token=x&c=2"}"#,
                r#"{"url":"https://a/?b=1&...&c=2"}"#,
            ),
            (r#"{"access_token=x":1}"#, r#"{"...":"..."}"#),
            (
                r#"{"a":"{\"password\":\"x&y\"}"}"#,
                r#"{"a":"{\"password\":\"...\"}"}"#,
            ),
            (
                r#"{"\u0070assword\ud800":"S"}"#,
                r#"{"\u0070assword\ud800":"..."}"#,
            ),
            (r#"{"x":"\u0070assword=S \ud800"}"#, r#"{"x":"..."}"#),
            (r#"{"x":"\ud800"}"#, r#"{"x":"\ud800"}"#),
            (
                r#"{"a":"see {\"password\":\"x&S\"}"}"#,
                r#"{"a":"see {\"..."}"#,
            ),
            (
                r#"{"h":"Bearer S","u":"http:\/\/u:S@h\/"}"#,
                r#"{"h":"...","u":"http://...@h/"}"#,
            ),
            (r#"{"☃":"☃ \u2603"}"#, r#"{"☃":"☃ \u2603"}"#),
        ] {
            assert_eq!(
                masked_body(body.as_bytes(), Some(JSON.as_bytes()), usize::MAX),
                shown,
                "{body}"
            );
            // The body decides what it is, not its content type.
            assert_eq!(
                masked_body(body.as_bytes(), Some(FORM.as_bytes()), usize::MAX),
                shown,
                "{body}"
            );
        }
    }

    /// Assumed: a form stays as it was sent except secrets, which have the same names.
    #[test]
    fn forms_are_masked_by_the_same_names() {
        for (body, shown) in [
            ("id=4&a=b+c%20d", "id=4&a=b+c%20d"),
            (
                "grant_type=password&client_secret=x&scope=read",
                "grant_type=password&client_secret=...&scope=read",
            ),
            ("p%61ssword=x", "password=..."),
            ("user[Password]=x&&=&a", "user%5BPassword%5D=...&&=&a"),
            ("code=x&zip_code=1", "code=...&zip_code=1"),
            (
                "back=https%3A%2F%2Fa%2F%3Ftoken%3Dx%26b%3D1",
                "back=https%3A%2F%2Fa%2F%3F...%26b%3D1",
            ),
            ("password", "password=..."),
            (
                r#"a={"\u0070assword":"S"}&b=1"#,
                "a=%7B%22%5Cu0070assword%22%3A%22...%22%7D&b=1",
            ),
            (r#"a=x{"\u0070assword":"S"}&b=1"#, "a=x%7B%22...&b=1"),
        ] {
            for kind in [FORM, "Application/X-WWW-Form-Urlencoded; charset=utf-8"] {
                assert_eq!(
                    masked_body(body.as_bytes(), Some(kind.as_bytes()), usize::MAX),
                    shown,
                    "{body}"
                );
            }
        }
    }

    /// Assumed: any other body is shown up to the first name of a secret.
    #[test]
    fn any_other_body_ends_at_the_first_secret() {
        let wide: Vec<u8> = "{\"password\": \"x\"}"
            .bytes()
            .flat_map(|byte| [byte, 0])
            .collect();
        for (body, shown) in [
            (&b"id=4"[..], "id=4"),
            (b"{\"id\": 4, \"x\"", "{\"id\": 4, \"x\""),
            (b"{\"id\": 4, \"password\": \"x&y", "{\"id\": 4, \"..."),
            (b"{'id': 4, 'password': 'x', 'a': 1}", "{'id': 4, '..."),
            (b"id=4&p%61ssword=x", "id=4&..."),
            (b"<a><Password>x</Password></a>", "<a><..."),
            (
                b"form-data; name=\"client_secret\"\r\n\r\nx",
                "form-data; name=\"...",
            ),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            (b"\xff token", "\u{fffd} ..."),
            (&wide, "{\"..."),
            (
                b"{\"a\":1}\n{\"\\u0070assword\":\"S\"}",
                "{\"a\":1}\n{\"...",
            ),
            (b"{\"\\u0070assword\":\"S\",}", "{\"..."),
            (b"{\"\\u0070assword\":\"S\"} password", "{\"..."),
            (b"\xef\xbb\xbf{\"\\u0070assword\":\"S\"}", "\u{feff}{\"..."),
            (b"\"\\x70assword\": S", "\"..."),
            (b"<a n=\"&#112;assword\">S</a>", "<a n=\"..."),
            (b"see http://u:S@h/", "see http://..."),
            (b"<a>Basic S</a>", "<a>..."),
        ] {
            assert_eq!(masked_body(body, None, usize::MAX), shown, "{body:?}");
        }
    }

    /// Assumed: a masked beginning is the beginning of the masked body, at any length, and ends
    /// with a whole character.
    #[test]
    fn the_beginning_of_a_masked_body_is_that_of_the_whole() {
        let json =
            r#"{"a":"☃","password":"☃☃","b":[{"token":["x"]},"x\n"],"c":"https://a/?code=☃&d=1"}"#;
        for (body, kind) in [
            (json, JSON),
            ("a=%E2%98%83&password=x&b=☃&c=code%3Dx%26y", FORM),
        ] {
            let whole = masked_body(body.as_bytes(), Some(kind.as_bytes()), usize::MAX);
            for most in 0..=whole.len() {
                let some = masked_body(body.as_bytes(), Some(kind.as_bytes()), most);
                let beginning = cut(&some, most);
                assert!(whole.starts_with(beginning), "{most}: {beginning}");
                assert!(beginning.len() + "☃".len() > most, "{most}: {beginning}");
            }
        }
    }

    /// By design: a secret is masked even if only its beginning is within `most`.
    #[test]
    fn a_secret_at_the_end_is_known() {
        for (body, kind) in [
            ("see http://u:SECRET@h/", None),
            ("a=http://u:SECRET@h/", Some(FORM.as_bytes())),
        ] {
            assert!(
                !masked_body(body.as_bytes(), kind, 16).contains('S'),
                "{body}"
            );
        }
    }
}
