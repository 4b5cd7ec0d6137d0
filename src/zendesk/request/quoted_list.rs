//! A list of names in double quotes with commas between them, as `filter[agent_status_name]` has
//! it: `"online","In a meeting"`.

use std::str::Chars;

use crate::zendesk::hint::quoted;

/// Reads the names; `None` if there are only commas. A quote or a backslash in a name has a
/// backslash before it. Spaces around the quotes and empty elements are ignored.
pub(crate) fn read(text: &str) -> Result<Option<Vec<String>>, String> {
    let is_between = |character: char| character == ',' || character.is_whitespace();
    let mut names = Vec::new();
    let mut rest = text.trim_start_matches(is_between);
    while let Some(behind) = rest.strip_prefix('"') {
        let mut characters = behind.chars();
        names.push(name(&mut characters)?);
        let after = characters.as_str().trim_start();
        rest = after.trim_start_matches(is_between);
        if after.len() == rest.len() && !rest.is_empty() {
            return Err(format!(
                "{} follows a closing quote; {EXPECTED}",
                quoted(rest)
            ));
        }
    }
    if !rest.is_empty() {
        let element = rest.split(',').next().unwrap_or_default().trim_end();
        return Err(format!(
            "{} is not in double quotes; {EXPECTED}",
            quoted(element)
        ));
    }
    Ok((!names.is_empty()).then_some(names))
}

const EXPECTED: &str =
    r#"expected names in double quotes with commas between them, such as "online","In a meeting""#;

/// Reads a name up to its closing quote.
fn name(characters: &mut Chars<'_>) -> Result<String, String> {
    let mut name = String::new();
    loop {
        match characters.next() {
            Some('"') => return Ok(name),
            Some('\\') => match characters.next() {
                Some(escaped @ ('"' | '\\')) => name.push(escaped),
                _ => {
                    return Err(format!(
                        "a backslash stands only before a quote or another backslash; {EXPECTED}"
                    ));
                }
            },
            Some(other) => name.push(other),
            None => {
                return Err(format!(
                    "the closing quote of {} is missing; {EXPECTED}",
                    quoted(&name)
                ));
            }
        }
    }
}
