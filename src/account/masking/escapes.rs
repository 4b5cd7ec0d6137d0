//! Decoding escaped text: percent signs of URLs, backslashes of JSON and YAML, references of XML.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// How often a text is decoded. It may have been encoded more than once by mistake.
const ROUNDS: usize = 3;

/// Calls `change` with the text as it was sent, then decoded once, twice and so on. `change` can
/// return another text, which is then decoded further. Returns the last text that `change`
/// returned.
pub(super) fn at_each_level(text: &str, change: impl Fn(&str) -> Option<String>) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    let mut level = Cow::Borrowed(text);
    for round in 0..=ROUNDS {
        if let Some(changed) = change(&level) {
            shown = Cow::Owned(changed.clone());
            level = Cow::Owned(changed);
        }
        if round == ROUNDS {
            break;
        }
        let Some(decoded) = decoded(&level) else {
            break;
        };
        level = Cow::Owned(decoded);
    }
    shown
}

/// Whether the text passes the test, as it was sent or decoded.
pub(super) fn at_any_level(text: &str, is_it: impl Fn(&str) -> bool) -> bool {
    let mut level = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        if is_it(&level) {
            return true;
        }
        let Some(decoded) = decoded(&level) else {
            return false;
        };
        level = Cow::Owned(decoded);
    }
    is_it(&level)
}

/// The text decoded once. None if that changes nothing.
fn decoded(text: &str) -> Option<String> {
    if !text.contains(['%', '\\', '&']) {
        return None;
    }
    let text_behind = percent_decode_str(text).decode_utf8_lossy();
    let (mut decoded, mut rest) = (String::with_capacity(text_behind.len()), &*text_behind);
    while let Some(place) = rest.find(['\\', '&']) {
        decoded.push_str(&rest[..place]);
        rest = &rest[place..];
        if let Some((character, length)) = escape(rest) {
            // Zero bytes between letters are removed.
            decoded.extend((character != '\0').then_some(character));
            rest = &rest[length..];
        } else {
            let run = rest.len() - rest.trim_start_matches('\\').len();
            let (plain, behind) = rest.split_at(run.max(1));
            decoded.push_str(plain);
            rest = behind;
        }
    }
    decoded.push_str(rest);
    (decoded != text).then_some(decoded)
}

/// The character of the escape at the beginning of a text, and the length of the escape. The escape
/// may have been escaped again, so several backslashes count as one.
fn escape(text: &str) -> Option<(char, usize)> {
    let (digits, radix, most) = if let Some(digits) = text.strip_prefix("&#") {
        match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, usize::MAX),
            None => (digits, 10, usize::MAX),
        }
    } else {
        let bare = text.strip_prefix('\\')?.trim_start_matches('\\');
        let (kind, digits) = bare.split_at_checked(1)?;
        match kind {
            "/" => return Some(('/', text.len() - digits.len())),
            "x" => (digits, 16, 2),
            "u" => (digits, 16, 4),
            "U" => (digits, 16, 8),
            _ => return None,
        }
    };
    let count = digits
        .chars()
        .take(most)
        .take_while(|digit| digit.is_digit(radix))
        .count();
    if count == 0 {
        return None;
    }
    // Half of a surrogate pair is not a character, and neither is a number that is too large.
    let code = u32::from_str_radix(&digits[..count], radix).ok();
    let character = code
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    let end = usize::from(text.starts_with('&') && digits[count..].starts_with(';'));
    Some((character, text.len() - digits.len() + count + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: escapes of URLs, JSON, YAML and XML are decoded, complete or not.
    #[test]
    fn escapes_are_decoded() {
        for (text, expected) in [
            ("a", None),
            ("a&b\\c%", None),
            ("&#;\\u\\x\\U\\u☃", None),
            ("%70%2570", Some("p%70")),
            (r"\u0070\\\u00701\x701\U000000701", Some("pp1p1p1")),
            ("&#112;&#x70;&#0000000000112&#X70a", Some("ppp\u{70a}")),
            (r"a\ud800b&#99999999999;", Some("a\u{fffd}b\u{fffd}")),
            (r"p\u0000a", Some("pa")),
            (r"http:\/\/a\\", Some(r"http://a\\")),
        ] {
            assert_eq!(decoded(text).as_deref(), expected, "{text}");
        }
    }
}
