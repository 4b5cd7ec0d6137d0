//! JSON that is read in place. A tree would take up to a hundred times the memory of the text. This
//! reads only what is asked for.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

/// The text of a document. It is valid JSON, and no object has a key twice.
#[derive(Clone, Debug)]
pub(crate) struct Document<'a>(Cow<'a, str>);

impl<'a> Document<'a> {
    /// A text that has been checked.
    pub(super) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// A document that the emulator writes itself.
    #[expect(clippy::expect_used, reason = "it has nothing that JSON does not have")]
    pub(crate) fn of(document: &impl Serialize) -> Self {
        Self::new(serde_json::to_string(document).expect("a document is JSON"))
    }

    /// An empty object.
    pub(crate) fn empty() -> Self {
        Self::new("{}")
    }

    /// A copy of a value of another document.
    pub(crate) fn copy(value: RawJson<'_>) -> Document<'static> {
        Document::new(value.0.to_owned())
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The same.
    pub(crate) fn into_text(self) -> String {
        self.0.into_owned()
    }

    /// Its value.
    pub(crate) fn value(&self) -> RawJson<'_> {
        Scanner(&self.0).value()
    }
}

/// A value of a document: its text without white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawJson<'a>(pub(super) &'a str);

impl<'a> RawJson<'a> {
    /// The value as the document spells it.
    pub(crate) fn as_written(self) -> &'a str {
        self.0
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    pub(crate) fn is_list(self) -> bool {
        self.0.starts_with('[')
    }

    pub(crate) fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    pub(crate) fn is_text(self) -> bool {
        self.0.starts_with('"')
    }

    pub(crate) fn is_number(self) -> bool {
        self.0
            .starts_with(|first: char| first == '-' || first.is_ascii_digit())
    }

    /// The length of its text in bytes.
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        self.0.parse().ok()
    }

    /// Its value if it is a whole number, written without a fraction or an exponent.
    pub(crate) fn number(self) -> Option<u64> {
        self.0.parse().ok()
    }

    pub(crate) fn float(self) -> Option<f64> {
        if self.is_number() {
            self.0.parse().ok()
        } else {
            None
        }
    }

    /// Its value if it is text.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            serde_json::from_str(self.0).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    /// The value as a tree, which can be many times as large.
    pub(crate) fn to_value(self) -> Value {
        // It has been checked.
        serde_json::from_str(self.0).unwrap_or_default()
    }

    /// The elements of a list.
    pub(crate) fn elements(self) -> Option<impl Iterator<Item = RawJson<'a>> + use<'a>> {
        let mut rest = Scanner(self.0.strip_prefix('[')?);
        Some(std::iter::from_fn(move || rest.element()))
    }

    /// The members of an object. A key is a text.
    pub(crate) fn members(
        self,
    ) -> Option<impl Iterator<Item = (RawJson<'a>, RawJson<'a>)> + use<'a>> {
        let mut rest = Scanner(self.0.strip_prefix('{')?);
        Some(std::iter::from_fn(move || {
            Some((rest.element()?, rest.element()?))
        }))
    }

    /// The value of a key, if it is an object that has it.
    pub(crate) fn get(self, wanted: &str) -> Option<Self> {
        self.members()?
            .find(|(key, _)| key.text().is_some_and(|key| key == wanted))
            .map(|(_, value)| value)
    }
}

/// Goes through the elements or members in a text.
struct Scanner<'a>(&'a str);

impl<'a> Scanner<'a> {
    /// The next element of a list, or the next key or value of an object. None at the end.
    fn element(&mut self) -> Option<RawJson<'a>> {
        self.0 = self.0.trim_start_matches([' ', '\n', '\r', '\t', ',', ':']);
        if self.0.is_empty() || self.0.starts_with([']', '}']) {
            None
        } else {
            Some(self.value())
        }
    }

    fn value(&mut self) -> RawJson<'a> {
        let text = self.0.trim_ascii_start();
        let bytes = text.as_bytes();
        let end = match bytes.first() {
            Some(b'"') => end_of_text(bytes, 0),
            Some(b'[' | b'{') => end_of_nested(bytes),
            _ => bytes
                .iter()
                .position(|byte| b",:]} \n\r\t".contains(byte))
                .unwrap_or(bytes.len()),
        };
        let (value, rest) = text.split_at(end);
        self.0 = rest;
        RawJson(value)
    }
}

/// The end of the string at the beginning, its quotes included.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of the list or object at the beginning.
fn end_of_nested(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_text(bytes, at);
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    /// The tree of a value.
    fn tree(json: RawJson<'_>) -> Value {
        if let Some(elements) = json.elements() {
            return elements.map(tree).collect();
        }
        if let Some(members) = json.members() {
            let member = |(key, value): (RawJson<'_>, _)| {
                (key.text().unwrap_or_default().into_owned(), tree(value))
            };
            return Value::Object(members.map(member).collect::<Map<_, _>>());
        }
        let scalar = json.text().map(|text| text.into_owned().into());
        let scalar = scalar
            .or(json.boolean().map(Value::from))
            .or(json.number().map(Value::from));
        scalar.or(json.float().map(Value::from)).unwrap_or_default()
    }

    /// By design: reading in place gives the same values as a parser.
    #[test]
    fn a_text_is_read_as_a_parser_reads_it() {
        for text in [
            "null",
            " true ",
            "\t-1.5e3\n",
            "18446744073709551615",
            r#""""#,
            r#""a\"b\\""#,
            r#""\u00e9\ud83d\ude00 é😀""#,
            "[]",
            "{}",
            " [ ] ",
            "{ }\n",
            r#"[1,[2,[3,{"a":[]}]],{},"]",null,"\\"]"#,
            r#"{"a":{"b":[1,2]},"c,":"}","\u0064":{ "e" : [ { } , { } ] },"f":false}"#,
            " { \"a\" : 1 , \"b\" : [ 1 , 2 ] , \"c\" : \"\\\"[\" } ",
        ] {
            let expected: Value = serde_json::from_str(text).unwrap_or_default();
            assert_eq!(tree(Document::new(text).value()), expected, "{text}");
        }
        let document = Document::new(r#"{"\u0061":1,"b":{"a":2},"c":"null"}"#);
        let value = document.value();
        assert_eq!(value.get("a"), Some(RawJson("1")));
        assert_eq!(value.get("b").and_then(|b| b.get("a")), Some(RawJson("2")));
        assert_eq!(
            (value.get("d"), value.get("c").map(RawJson::is_null)),
            (None, Some(false))
        );
    }
}
