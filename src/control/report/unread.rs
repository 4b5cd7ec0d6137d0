//! Parameters of the query, fields of the body and headers that nothing read.

use std::collections::BTreeSet;

use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Parameter, ParameterUsage, Reading};

/// The most names in the description.
const MOST_QUOTED: usize = 5;

/// Parts of requests that nothing reads.
///
/// A correct client may send such parts: the Ruby client sends `per_page`, some HTTP libraries add
/// parameters, and a client of several APIs sends the same to all. So it is a note. A filter of a
/// list that nothing reads is bad, since the list is not filtered by it. A filter without a value
/// counts as absent.
pub(super) fn unread_parameters(reading: &Reading) -> Vec<Finding> {
    let (mut filters, mut others) = (UnreadNames::default(), UnreadNames::default());
    for (sequence, entry) in &reading.entries {
        let (of_list, rest): (Vec<_>, _) = entry
            .unread()
            .into_iter()
            .partition(|name| is_lost_filter(entry, name));
        filters.add(*sequence, of_list);
        others.add(*sequence, rest);
    }
    let filters = filters.finding(
        Verdict::Bad,
        "asked for lists with filters that nothing reads",
    );
    let others = others.finding(Verdict::Note, "sent what nothing reads");
    filters.into_iter().chain(others).collect()
}

/// Whether it is a filter of a list, with a value.
fn is_lost_filter(entry: &Entry, unread: &str) -> bool {
    let has_value = |parameter: &Parameter<'_>| {
        parameter.usage == ParameterUsage::Unread
            && parameter.name == unread
            && !parameter.value.is_empty()
    };
    let is_list = entry
        .operation
        .is_some_and(|operation| operation.starts_with("list_"));
    is_list && unread.starts_with("filter[") && entry.parameters().iter().any(has_value)
}

#[derive(Default)]
struct UnreadNames {
    names: BTreeSet<String>,
    requests: Vec<u64>,
}

impl UnreadNames {
    fn add(&mut self, sequence: u64, names: Vec<String>) {
        if !names.is_empty() {
            self.requests.push(sequence);
            self.names.extend(names);
        }
    }

    fn finding(self, verdict: Verdict, what: &str) -> Option<Finding> {
        let quoted: Vec<_> = self
            .names
            .iter()
            .take(MOST_QUOTED)
            .map(|name| format!("`{name}`"))
            .collect();
        let rest = self.names.len() - quoted.len();
        let and_more = if rest == 0 {
            String::new()
        } else {
            format!(" and {rest} more")
        };
        Finding::of(
            ReportRule::UnreadParameters,
            verdict,
            self.requests,
            format!("{what}: {}{and_more}", quoted.join(", ")),
        )
    }
}
