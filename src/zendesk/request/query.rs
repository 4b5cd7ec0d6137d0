//! The query string of a call: a reader that remembers what was asked of it, so that it can name
//! what nobody read.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::account::{ACCESS_TOKEN, ParameterUsage};
use crate::config::Validation;
use crate::names::Named;
use crate::world::ChannelName;
use crate::zendesk::error::{ApiError, Code, Problem, Source};
use crate::zendesk::hint::{Hints, did_you_mean, nearest, quoted, similarity, unknown};

/// As many as any operation asks for.
const ASKED: usize = 24;

/// The parameters of a call. A parameter given twice has its last value; an empty one is as good as
/// absent.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<Pair>,
    /// How many of them do not count so far. Once there are none, a parameter that is asked for is
    /// not there.
    unclaimed: usize,
    /// What was asked for: whatever else is given, nobody reads.
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
        let pairs: Vec<_> = pairs
            .map(|(name, value)| Pair {
                name,
                value,
                usage: ParameterUsage::Unread,
            })
            .collect();
        let asked = if pairs.is_empty() {
            Vec::new()
        } else {
            Vec::with_capacity(ASKED)
        };
        Self {
            unclaimed: pairs.len(),
            pairs,
            asked,
            ..Self::default()
        }
    }

    /// A parameter, which may have several spellings: the last one given counts. Each is asked for
    /// once.
    fn pair(&mut self, names: &'static [&'static str]) -> Option<&Pair> {
        if self.pairs.is_empty() {
            return None;
        }
        self.asked.push(names);
        if self.unclaimed == 0 {
            return None;
        }
        let mut given = self
            .pairs
            .iter_mut()
            .rev()
            .filter(|pair| names.contains(&pair.name.as_str()));
        let pair = given.next()?;
        if let Some(Pair { name, .. }) = given.next() {
            self.notes.push(if *name == pair.name {
                format!("{} is given more than once: the last counts", quoted(name))
            } else {
                format!(
                    "{} and {} are one parameter: the last counts",
                    quoted(name),
                    quoted(&pair.name)
                )
            });
        }
        if pair.value.is_empty() {
            return None;
        }
        self.unclaimed -= usize::from(pair.usage == ParameterUsage::Unread);
        pair.usage = ParameterUsage::Counted;
        Some(pair)
    }

    /// Reads a parameter; `read` says what is wrong with its value.
    pub(crate) fn read<T>(
        &mut self,
        names: &'static [&'static str],
        code: Code,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let pair = self.pair(names)?;
        match read(&pair.value) {
            Ok(value) => Some(value),
            Err(detail) => {
                let name = pair.name.clone();
                self.problem(&name, code, detail);
                None
            }
        }
    }

    pub(crate) fn problem(&mut self, name: &str, code: Code, detail: impl Into<String>) {
        let problem = Problem::new(code, format!("{name}: {}.", detail.into()));
        self.refuse(problem.at(Source::Parameter(name.to_owned())));
    }

    /// Something that is to be listed with what is wrong with the parameters.
    pub(crate) fn refuse(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The spelling in which a parameter was given, if it was.
    pub(crate) fn given(&self, names: &[&str]) -> Option<String> {
        self.repeatable()
            .map(|(name, _)| name)
            .find(|name| names.contains(name))
            .map(str::to_owned)
    }

    /// Whether nothing was wrong so far.
    pub(crate) fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Something that was changed or ignored on the way.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Takes note of a parameter that means nothing here and is no mistake either.
    pub(crate) fn tolerate(&mut self, names: &'static [&'static str]) {
        // Where nothing is given, nothing can be left unread.
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

    /// Values between commas, of which empty ones do not count. Of several names the first is the
    /// documented one, and a hint says so where another is given.
    pub(crate) fn list<T>(
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

    /// Ids between commas. One that is too large for any record stays, as `None`: it matches
    /// nothing.
    pub(crate) fn ids<T>(
        &mut self,
        names: &'static [&'static str],
        id: impl Fn(u64) -> T,
    ) -> Option<Vec<T>> {
        let ids = self.list(names, |element| {
            if !is_number(element) {
                return Err(format!(
                    "{} is not a number; expected ids with commas between them",
                    quoted(element)
                ));
            }
            Ok(element.parse().ok().map(&id))
        });
        Some(ids?.into_iter().flatten().collect())
    }

    /// `channel:value` pairs between commas.
    pub(crate) fn per_channel<T>(
        &mut self,
        names: &'static [&'static str],
        what: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<(ChannelName, T)>> {
        self.list(names, |element| {
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

    /// The parameters that shape the answer, as they count: what links repeat.
    pub(crate) fn repeatable(&self) -> impl Iterator<Item = (&str, &str)> {
        let counting = self
            .pairs
            .iter()
            .filter(|pair| pair.usage == ParameterUsage::Counted);
        counting.map(|pair| (pair.name.as_str(), pair.value.as_str()))
    }

    /// Ends reading: refuses the call if anything was wrong, and says what nobody read.
    pub(crate) fn finish(&mut self, validation: Validation, hints: &Hints) -> Result<(), ApiError> {
        let mut problems = std::mem::take(&mut self.problems);
        self.pass_over();
        let unread = self.unread();
        let near = |name: &str| self.nearest_to(name);
        for name in unread.iter().filter(|_| validation == Validation::Strict) {
            let problem = Problem::new(Code::UnknownParameter, unknown(name, near(name)));
            problems.push(problem.at(Source::Parameter((*name).clone())));
        }
        // More would not fit into the hint.
        for name in unread
            .iter()
            .filter(|_| validation == Validation::Warn)
            .take(16)
        {
            hints.add(format!(
                "ignored the unknown parameter {}{}",
                quoted(name),
                did_you_mean(near(name))
            ));
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

    /// The parameter that was probably meant, by its documented name.
    fn nearest_to(&self, name: &str) -> Option<&'static str> {
        let documented = || self.asked.iter().filter_map(|names| names.first().copied());
        // Some frameworks write lists with `[]` or `[0]` behind the name.
        let name = name.rfind("][").map_or(name, |end| &name[..=end]);
        // All filters look alike from outside.
        let is_likely = |candidate: &&str| match (filter_name(name), filter_name(candidate)) {
            (Some(given), Some(candidate)) => similarity(given, candidate) >= 0.4,
            _ => true,
        };
        let filter = documented()
            .find(|candidate| *candidate == name || filter_name(candidate) == Some(name));
        filter.or_else(|| nearest(name, documented().filter(is_likely)))
    }

    /// What was asked for and does not count has been read all the same. Authentication has read
    /// the token before.
    fn pass_over(&mut self) {
        let asked = |name: &str| {
            name == ACCESS_TOKEN || self.asked.iter().any(|names| names.contains(&name))
        };
        for pair in self
            .pairs
            .iter_mut()
            .filter(|pair| pair.usage == ParameterUsage::Unread && asked(&pair.name))
        {
            pair.usage = ParameterUsage::Passed;
        }
    }

    fn unread(&self) -> BTreeSet<&String> {
        self.pairs
            .iter()
            .filter(|pair| pair.usage == ParameterUsage::Unread)
            .map(|pair| &pair.name)
            .collect()
    }

    /// What became of each parameter, once reading has ended; none if there are none.
    pub(crate) fn parameters(&self) -> Option<Arc<[ParameterUsage]>> {
        (!self.pairs.is_empty()).then(|| self.pairs.iter().map(|pair| pair.usage).collect())
    }
}

const FILTER: &str = "filter[";

/// What stands between the brackets of a filter.
fn filter_name(parameter: &str) -> Option<&str> {
    parameter.strip_prefix(FILTER)?.strip_suffix(']')
}

/// A word of a closed set.
pub(crate) fn word<T: Named>(text: &str) -> Result<T, String> {
    T::parse(text).ok_or_else(|| format!("{} is not one of {}", quoted(text), T::NAMES.join(", ")))
}

/// Whether this is a whole number, of whatever size. Digits only: a sign would be another spelling
/// of the same number.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number that fits.
pub(crate) fn number(text: &str) -> Option<u64> {
    is_number(text).then(|| text.parse().ok()).flatten()
}

/// A number of things. More than any are as many as there can be.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    if is_number(text) {
        Ok(text.parse().unwrap_or(u64::MAX))
    } else {
        Err(format!("{} is not a number", quoted(text)))
    }
}
