//! Reading a JSON value in steps. A problem is noted with its place, and reading goes on.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt::{self, Display};
use std::time::Duration;

use jiff::Timestamp;

use super::json::RawJson;
use super::problems::{SeedProblem, SeedProblems};
use crate::config::{parse_duration, parse_time};
use crate::names::Named;

/// A list or document of more bytes is long.
const LONG: usize = 64 * 1024;
/// The most members of an object whose keys may be any text.
const MOST_ENTRIES: usize = 1_000;

/// A value and its place in the document. A reading method that returns `None` has noted a problem.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: RawJson<'a>,
    path: Path<'a>,
    notes: &'a Notes,
}

/// What is noted while a document is read.
#[derive(Default)]
struct Notes {
    problems: RefCell<SeedProblems>,
    /// Whether a document is only checked. Then the elements of lists are not kept.
    is_trial: Cell<bool>,
}

/// The path to a value, linked from the value to the root, so that only problems write it out.
#[derive(Clone, Copy)]
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: PathStep<'a>,
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl Path<'_> {
    fn write(&self, text: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(text);
        }
        match self.step {
            PathStep::Root => {}
            PathStep::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            PathStep::Index(index) => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
        }
    }
}

/// Returns what `read` makes of a document, unless it notes problems.
pub(crate) fn read<T>(
    value: RawJson<'_>,
    read: impl FnOnce(&Node<'_>) -> Option<T>,
) -> Result<T, SeedProblems> {
    let notes = Notes::default();
    let done = read(&Node {
        value,
        path: Path {
            parent: None,
            step: PathStep::Root,
        },
        notes: &notes,
    });
    match (done, notes.problems.into_inner()) {
        (Some(done), problems) if problems.count() == 0 => Ok(done),
        (_, problems) => Err(problems),
    }
}

impl<'a> Node<'a> {
    fn child<'b>(&'b self, step: PathStep<'b>, value: RawJson<'b>) -> Node<'b> {
        Node {
            value,
            path: Path {
                parent: Some(&self.path),
                step,
            },
            notes: self.notes,
        }
    }

    pub(crate) fn problem(&self, message: impl Display) {
        self.notes.problems.borrow_mut().add(|| {
            let mut path = String::new();
            self.path.write(&mut path);
            SeedProblem {
                path,
                message: message.to_string(),
            }
        });
    }

    /// Whether there are problems so far, anywhere in the document.
    pub(crate) fn has_problems(&self) -> bool {
        self.problem_count() > 0
    }

    /// The number of problems so far, anywhere in the document.
    pub(crate) fn problem_count(&self) -> usize {
        self.notes.problems.borrow().count()
    }

    fn wrong<T>(&self, expected: impl Display) -> Option<T> {
        let found = match self.value {
            value if value.is_null() => "nothing",
            value if value.is_list() => "a list",
            value if value.is_object() => "an object",
            scalar => scalar.0,
        };
        self.problem(format_args!(
            "expected {expected}, found {}",
            Shortened(found)
        ));
        None
    }

    /// The value as an object with these keys only.
    pub(crate) fn object(&'a self, keys: &[&str]) -> Option<Object<'a>> {
        let Some(all) = self.value.members() else {
            return self.wrong("an object");
        };
        let mut members = Vec::with_capacity(keys.len());
        for (key, value) in all {
            let key = text_of(key);
            if keys.contains(&&*key) {
                members.push((key, value));
            } else {
                let (one_of, expected) = if keys.is_empty() {
                    ("", "none")
                } else {
                    ("one of ", &*keys.join(", "))
                };
                self.problem(format_args!(
                    "unknown key \"{}\", expected {one_of}{expected}",
                    Shortened(&key)
                ));
            }
        }
        Some(Object {
            node: self,
            members,
        })
    }

    /// The values of an object whose keys are words of a closed set.
    pub(crate) fn map<K: Named, T>(
        &self,
        what: &str,
        read: impl Fn(K, &Node<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(members) = self.value.members() else {
            return self.wrong("an object");
        };
        let mut items = Vec::new();
        for (key, value) in members {
            let key = text_of(key);
            match K::parse(&key) {
                Some(name) => items.extend(read(name, &self.child(PathStep::Key(&key), value))),
                None => {
                    let (key, names) = (Shortened(&key), K::NAMES.join(", "));
                    self.problem(format_args!(
                        "unknown {what} \"{key}\", expected one of {names}"
                    ));
                }
            }
        }
        Some(items)
    }

    /// Calls `read` for each member of an object with any keys.
    pub(crate) fn entries<T>(&self, read: impl Fn(&str, &Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Some(members) = self.value.members() else {
            return self.wrong("an object");
        };
        let mut items = Vec::new();
        for (index, (key, value)) in members.enumerate() {
            if index == MOST_ENTRIES {
                self.problem(format_args!("there are more than {MOST_ENTRIES} members"));
                return None;
            }
            let key = text_of(key);
            items.extend(read(&key, &self.child(PathStep::Key(&key), value)));
        }
        Some(items)
    }

    /// Calls `read` for each element of a list.
    pub(crate) fn each(&self, mut read: impl FnMut(&Node<'_>)) -> Option<()> {
        let Some(elements) = self.value.elements() else {
            return self.wrong("a list");
        };
        elements
            .enumerate()
            .for_each(|(index, value)| read(&self.child(PathStep::Index(index), value)));
        Some(())
    }

    /// What `read` makes of each element. Elements with `None` are left out.
    pub(crate) fn list<T>(&self, mut read: impl FnMut(&Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.each(|node| items.extend(read(node).filter(|_| !self.notes.is_trial.get())))?;
        Some(items)
    }

    /// The same for a list that can be long. It is read twice, each time by a new reader: first to
    /// check it, so that a wrong list takes no memory.
    pub(crate) fn long_list<T, R>(&self, reader: impl Fn() -> R) -> Option<Vec<T>>
    where
        R: FnMut(&Node<'_>) -> Option<T>,
    {
        let is_right = || self.is_right_on_trial(|| drop(self.list(reader())));
        if self.is_long() && !self.notes.is_trial.get() && !is_right() {
            return None;
        }
        self.list(reader())
    }

    /// Whether it is so long that it has to be checked before memory is taken for its parts.
    pub(crate) fn is_long(&self) -> bool {
        self.value.len() > LONG
    }

    /// Whether `read` notes no problems. Its lists are empty.
    pub(crate) fn is_right_on_trial(&self, read: impl FnOnce()) -> bool {
        let before = self.problem_count();
        let was_trial = self.notes.is_trial.replace(true);
        read();
        self.notes.is_trial.set(was_trial);
        self.problem_count() == before
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        self.value.boolean().or_else(|| self.wrong("true or false"))
    }

    pub(crate) fn number(&self) -> Option<u64> {
        self.value
            .number()
            .or_else(|| self.wrong("a whole number from 0 to 18446744073709551615"))
    }

    pub(crate) fn number_in<T: TryFrom<u64>>(&self, min: u64, max: u64) -> Option<T> {
        let number = self
            .value
            .number()
            .filter(|number| (min..=max).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.or_else(|| self.wrong(format_args!("a whole number from {min} to {max}")))
    }

    /// Text that is not empty.
    pub(crate) fn text(&self) -> Option<Cow<'a, str>> {
        self.value
            .text()
            .filter(|text| !text.is_empty())
            .or_else(|| self.wrong("text"))
    }

    /// The same as a `String`.
    pub(crate) fn string(&self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    /// A word of a closed set. `what` says which, as in `unknown reason "FOO"`.
    pub(crate) fn word<T: Named>(&self, what: &str) -> Option<T> {
        let Some(text) = self.value.text() else {
            return self.wrong(format_args!("one of {}", T::NAMES.join(", ")));
        };
        let word = T::parse(&text);
        if word.is_none() {
            let text = Shortened(&text);
            self.problem(format_args!(
                "unknown {what} \"{text}\", expected one of {}",
                T::NAMES.join(", ")
            ));
        }
        word
    }

    pub(crate) fn time(&self) -> Option<Timestamp> {
        let time = self.value.text().and_then(|text| parse_time(&text));
        time.or_else(|| {
            self.wrong(
                "a time such as 2026-01-21T10:23:25.583732Z, from 1970 to 9999-12-30T22:00:00Z",
            )
        })
    }

    pub(crate) fn duration(&self) -> Option<Duration> {
        let duration = self.text().map(|text| parse_duration(&text))?;
        if duration.is_none() {
            self.problem("expected a duration such as 60s: a whole number and one of ms, s, m, h");
        }
        duration
    }

    pub(crate) fn value(&self) -> RawJson<'a> {
        self.value
    }
}

/// A key of an object.
fn text_of(key: RawJson<'_>) -> Cow<'_, str> {
    key.text().unwrap_or_default()
}

/// An object whose keys have been checked.
#[derive(Clone)]
pub(crate) struct Object<'a> {
    node: &'a Node<'a>,
    members: Vec<(Cow<'a, str>, RawJson<'a>)>,
}

impl<'a> Object<'a> {
    /// The value of a key that may be missing. Null counts as missing.
    pub(crate) fn optional(&self, key: &'a str) -> Option<Node<'a>> {
        let (_, value) = self
            .members
            .iter()
            .find(|(name, value)| name == key && !value.is_null())?;
        Some(self.node.child(PathStep::Key(key), *value))
    }

    /// What `read` makes of the value of a key that may be missing.
    pub(crate) fn read<T>(
        &self,
        key: &'a str,
        read: impl FnOnce(&Node<'a>) -> Option<T>,
    ) -> Option<T> {
        read(&self.optional(key)?)
    }

    /// The same for a key for which null is a value, `Some(None)`.
    #[expect(
        clippy::option_option,
        reason = "null is a value, and it may be left out"
    )]
    pub(crate) fn read_or_null<T>(
        &self,
        key: &'a str,
        read: impl FnOnce(&Node<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        let mut members = self.members.iter();
        if members.any(|(name, value)| name == key && value.is_null()) {
            Some(None)
        } else {
            self.read(key, read).map(Some)
        }
    }

    /// The same for a word of a closed set. Problems call it by the name of the key.
    pub(crate) fn word<T: Named>(&self, key: &'a str) -> Option<T> {
        self.read(key, |node| node.word(key))
    }

    /// The value of a required key.
    pub(crate) fn required(&self, key: &'a str) -> Option<Node<'a>> {
        let node = self.optional(key);
        if node.is_none() {
            self.node.problem(format_args!("\"{key}\" is missing"));
        }
        node
    }

    /// What `read` makes of the value of a required key.
    pub(crate) fn read_required<T>(
        &self,
        key: &'a str,
        read: impl FnOnce(&Node<'a>) -> Option<T>,
    ) -> Option<T> {
        read(&self.required(key)?)
    }
}

/// A text of a document, shortened for a problem.
pub(crate) struct Shortened<'a>(pub(crate) &'a str);

impl Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 60;
        match self.0.char_indices().nth(LONGEST) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
        }
    }
}
