//! The query string of a request: a reader that remembers which parameters were read, so that it
//! can name the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::account::{ACCESS_TOKEN, ParameterUsage};
use crate::config::Validation;
use crate::names::Named;
use crate::world::ChannelName;
use crate::zendesk::error::{ApiError, Code, Problem, Source};
use crate::zendesk::hint::{Hints, ignored, nearest, quoted, similarity, unknown};

/// The query parameters of a request. The last value counts if a parameter is given twice. An empty
/// parameter counts as absent.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<Pair>,
    /// The parameters that were asked for. All others are unknown.
    asked: Vec<&'static [&'static str]>,
    problems: Vec<Problem>,
    notes: Vec<String>,
}

#[derive(Debug)]
struct Pair {
    name: String,
    value: String,
    usage: ParameterUsage,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        let pairs = pairs.map(|(name, value)| Pair {
            name,
            value,
            usage: ParameterUsage::Unread,
        });
        Self {
            pairs: pairs.collect(),
            // Room for the parameters of a list.
            asked: Vec::with_capacity(if text.is_empty() { 0 } else { 16 }),
            ..Self::default()
        }
    }

    /// Takes a parameter, which may have several spellings: the last one given counts. Each
    /// parameter is taken once.
    fn take(&mut self, names: &'static [&'static str]) -> Option<&Pair> {
        if self.pairs.is_empty() {
            return None;
        }
        self.asked.push(names);
        let pairs = self.pairs.iter_mut().rev();
        let mut given = pairs.filter(|pair| names.contains(&pair.name.as_str()));
        let pair = given.next()?;
        if let Some(other) = given.next() {
            let (first, last) = (quoted(&other.name), quoted(&pair.name));
            self.notes.push(if other.name == pair.name {
                format!("{last} is given more than once: the last counts")
            } else {
                format!("{first} and {last} are one parameter: the last counts")
            });
        }
        if pair.value.is_empty() {
            return None;
        }
        pair.usage = ParameterUsage::Counted;
        Some(pair)
    }

    /// Reads a parameter. The error of `read` says what is wrong with its value.
    pub(crate) fn read<T>(
        &mut self,
        names: &'static [&'static str],
        code: Code,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let pair = self.take(names)?;
        match read(&pair.value) {
            Ok(value) => Some(value),
            Err(detail) => {
                let name = pair.name.clone();
                self.add_parameter_problem(&name, code, detail);
                None
            }
        }
    }

    /// Reads a parameter that may have any value.
    pub(crate) fn read_text(&mut self, names: &'static [&'static str]) -> Option<String> {
        self.read(names, Code::InvalidParameter, |text| Ok(text.to_owned()))
    }

    /// Reads every value of a parameter that collects its values.
    pub(crate) fn read_each<T>(
        &mut self,
        names: &'static [&'static str],
        code: Code,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let (mut values, mut wrong) = (Vec::new(), Vec::new());
        self.asked.push(names);
        for pair in &mut self.pairs {
            if !names.contains(&pair.name.as_str()) || pair.value.is_empty() {
                continue;
            }
            pair.usage = ParameterUsage::Counted;
            match read(&pair.value) {
                Ok(value) => values.push(value),
                Err(detail) => wrong.push((pair.name.clone(), detail)),
            }
        }
        for (name, detail) in wrong {
            self.add_parameter_problem(&name, code, detail);
        }
        values
    }

    /// Whether one of these parameters has a value.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        let has_value = |pair: &Pair| names.contains(&pair.name.as_str()) && !pair.value.is_empty();
        self.pairs.iter().any(has_value)
    }

    /// Whether this parameter has a value that is not a number.
    pub(crate) fn has_other_than_number(&self, name: &str) -> bool {
        let mut pairs = self.pairs.iter();
        let pair = pairs.rfind(|pair| pair.name == name);
        pair.is_some_and(|pair| !pair.value.is_empty() && !is_number(&pair.value))
    }

    /// Adds a problem of a parameter to those that [`Self::finish`] lists.
    pub(crate) fn add_parameter_problem(
        &mut self,
        name: &str,
        code: Code,
        detail: impl Into<String>,
    ) {
        let problem = Problem::new(code, format!("{name}: {}.", detail.into()));
        self.add_problem(problem.at(Source::Parameter(name.to_owned())));
    }

    /// Adds a problem to those that [`Self::finish`] lists.
    pub(crate) fn add_problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The spelling in which a parameter was given, if it was given and has been read.
    pub(crate) fn given(&self, names: &[&str]) -> Option<String> {
        self.repeatable()
            .map(|(name, _)| name)
            .find(|name| names.contains(name))
            .map(str::to_owned)
    }

    /// Whether there are no problems so far.
    pub(crate) fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Adds a note about something that was changed or ignored.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Accepts a parameter that has no effect here and is not a mistake.
    pub(crate) fn tolerate(&mut self, names: &'static [&'static str]) {
        if self.pairs.is_empty() {
            return;
        }
        self.asked.push(names);
        let last = self
            .pairs
            .iter_mut()
            .rfind(|pair| names.contains(&pair.name.as_str()));
        if let Some(last) = last.filter(|pair| !pair.value.is_empty()) {
            last.usage = ParameterUsage::Tolerated;
        }
    }

    /// Reads values with commas between them; empty values are ignored. The first name is the
    /// documented one, and a hint says so if another is given.
    pub(crate) fn read_list<T>(
        &mut self,
        names: &'static [&'static str],
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let values = self.read(names, Code::InvalidParameter, |value| {
            let elements = value
                .split(',')
                .map(str::trim)
                .filter(|element| !element.is_empty());
            let values = elements.map(read).collect::<Result<Vec<_>, _>>()?;
            Ok((!values.is_empty()).then_some(values))
        });
        if let (Some(_), [documented, others @ ..]) = (&values, names)
            && let Some(given) = self.given(others)
        {
            self.note(format!(
                "{} is read as {}, its documented name",
                quoted(&given),
                quoted(documented)
            ));
        }
        values.flatten()
    }

    /// Reads ids with commas between them. A number that is too large for an id matches no record
    /// and is left out.
    pub(crate) fn read_ids<T>(
        &mut self,
        names: &'static [&'static str],
        id: impl Fn(u64) -> T,
    ) -> Option<Vec<T>> {
        let ids = self.read_list(names, listed_id)?;
        Some(ids.into_iter().flatten().map(id).collect())
    }

    /// Reads `channel:value` pairs with commas between them.
    pub(crate) fn read_per_channel<T>(
        &mut self,
        names: &'static [&'static str],
        what: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<(ChannelName, T)>> {
        self.read_list(names, |element| {
            let pair = element.split_once(':');
            let channels = ChannelName::NAMES.join(", ");
            let expected = || {
                format!(
                    "{} is not `channel:{what}`, with a channel of {channels}",
                    quoted(element)
                )
            };
            let (channel, value) = pair.ok_or_else(expected)?;
            Ok((word(channel)?, read(value)?))
        })
    }

    /// The parameters that have an effect on the answer: links repeat them.
    pub(crate) fn repeatable(&self) -> impl Iterator<Item = (&str, &str)> {
        let counting = self
            .pairs
            .iter()
            .filter(|pair| pair.usage == ParameterUsage::Counted);
        counting.map(|pair| (pair.name.as_str(), pair.value.as_str()))
    }

    /// Ends reading: refuses the request if there are problems, and adds hints about unknown
    /// parameters.
    pub(crate) fn finish(&mut self, validation: Validation, hints: &Hints) -> Result<(), ApiError> {
        if self.pairs.is_empty() && self.problems.is_empty() {
            return Ok(());
        }
        let mut problems = std::mem::take(&mut self.problems);
        self.mark_passed();
        let unread = self.unread();
        let near = |name: &str| self.nearest_to(name);
        for name in unread.iter().filter(|_| validation == Validation::Strict) {
            let problem = Problem::new(Code::UnknownParameter, unknown(name, near(name)));
            problems.push(problem.at(Source::Parameter((*name).clone())));
        }
        // The header has no room for more.
        let warned = unread.iter().filter(|_| validation == Validation::Warn);
        for name in warned.take(16) {
            hints.add(ignored("parameter", name, near(name)));
        }
        for note in self.notes.iter().filter(|_| validation != Validation::Off) {
            hints.add(note.clone());
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Problems(problems))
        }
    }

    /// The documented name of the parameter that was probably meant.
    fn nearest_to(&self, name: &str) -> Option<&'static str> {
        let documented = || self.asked.iter().filter_map(|names| names.first().copied());
        // Some frameworks write `[]` or `[0]` after the name of a list.
        let name = name.rfind("][").map_or(name, |end| &name[..=end]);
        // All filters begin and end alike, so their inner names are compared too.
        let is_likely = |candidate: &&str| match (filter_name(name), filter_name(candidate)) {
            (Some(given), Some(candidate)) => similarity(given, candidate) >= 0.4,
            _ => true,
        };
        let filter = documented()
            .find(|candidate| *candidate == name || filter_name(candidate) == Some(name));
        filter.or_else(|| nearest(name, documented().filter(is_likely)))
    }

    /// Marks the values of known parameters that have no effect, and the token, which
    /// authentication has read.
    fn mark_passed(&mut self) {
        let asked = |name: &str| {
            name == ACCESS_TOKEN || self.asked.iter().any(|names| names.contains(&name))
        };
        for pair in &mut self.pairs {
            if pair.usage == ParameterUsage::Unread && asked(&pair.name) {
                pair.usage = ParameterUsage::Passed;
            }
        }
    }

    fn unread(&self) -> BTreeSet<&String> {
        self.pairs
            .iter()
            .filter(|pair| pair.usage == ParameterUsage::Unread)
            .map(|pair| &pair.name)
            .collect()
    }

    /// The usage of each parameter, once reading has ended. None without parameters.
    pub(crate) fn parameters(&self) -> Option<Arc<[ParameterUsage]>> {
        (!self.pairs.is_empty()).then(|| self.pairs.iter().map(|pair| pair.usage).collect())
    }
}

const FILTER: &str = "filter[";

/// The name between the brackets of a filter.
fn filter_name(parameter: &str) -> Option<&str> {
    parameter.strip_prefix(FILTER)?.strip_suffix(']')
}

/// Reads a word of a closed set.
pub(crate) fn word<T: Named>(text: &str) -> Result<T, String> {
    T::parse(text).ok_or_else(|| format!("{} is not one of {}", quoted(text), T::NAMES.join(", ")))
}

/// Whether this is a whole number of any size. Digits only: a sign would give a number a second
/// spelling.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads an id of a list; none if the number is too large for an id.
pub(crate) fn listed_id(text: &str) -> Result<Option<u64>, String> {
    if is_number(text) {
        Ok(text.parse().ok())
    } else {
        Err(format!(
            "{} is not a number; expected ids with commas between them",
            quoted(text)
        ))
    }
}

/// Reads a whole number that fits.
pub(crate) fn number(text: &str) -> Option<u64> {
    is_number(text).then(|| text.parse().ok()).flatten()
}

/// Reads a whole number from 1. A number that is too large is the largest.
pub(crate) fn positive(text: &str) -> Option<usize> {
    let number = is_number(text).then(|| text.parse().unwrap_or(usize::MAX));
    number.filter(|number| *number > 0)
}

/// Reads a number of things. A number that is too large is the largest.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    if is_number(text) {
        Ok(text.parse().unwrap_or(u64::MAX))
    } else {
        Err(format!("{} is not a number", quoted(text)))
    }
}
