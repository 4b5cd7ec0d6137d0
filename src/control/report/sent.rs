//! Requests as rules compare them: which are from one client, and which are the same request.

use crate::account::{ACCESS_TOKEN, Entry, ParameterUsage, Reading};
use crate::world::UserId;

/// A request that was sent.
pub(super) struct Sent<'a> {
    pub(super) number: u64,
    pub(super) entry: &'a Entry,
    sender: Option<ClientIdentity<'a>>,
    pub(super) resource: String,
    /// All parameters, decoded and sorted, since HTTP libraries spell and sort queries differently.
    query: Pairs,
    /// Those that shape the answer, since some HTTP libraries add others.
    pub(super) shape: Pairs,
}

type Pairs = Vec<(String, String)>;

/// A caller and a program, since several programs may share credentials.
#[derive(PartialEq, Eq)]
struct ClientIdentity<'a> {
    user: Option<UserId>,
    user_agent: Option<&'a [u8]>,
}

impl<'a> Sent<'a> {
    fn read(number: u64, entry: &'a Entry) -> Self {
        let sender = entry.caller.map(|caller| ClientIdentity {
            user: caller.user,
            user_agent: entry.user_agent(),
        });
        Self {
            number,
            entry,
            sender,
            resource: entry.resource(),
            query: pairs(entry, |_| true),
            shape: pairs(entry, |usage| usage == ParameterUsage::Counted),
        }
    }

    /// Whether both are from one client. Two workers with the same credentials and the same program
    /// look like one. Without valid credentials a client is unknown, and is different from every
    /// other one.
    pub(super) fn is_of_same_sender(&self, other: &Self) -> bool {
        self.sender.is_some() && self.sender == other.sender
    }

    /// Whether both are the same request, in any spelling.
    pub(super) fn is_same_request(&self, other: &Self) -> bool {
        (&self.entry.method, &self.resource, &self.query)
            == (&other.entry.method, &other.resource, &other.query)
    }
}

/// All requests that the journal holds, the oldest first.
pub(super) fn sent(reading: &Reading) -> impl Iterator<Item = Sent<'_>> {
    reading
        .entries
        .iter()
        .map(|(number, entry)| Sent::read(*number, entry))
}

/// Parameters with a wanted usage, without credentials.
fn pairs(entry: &Entry, is_wanted: impl Fn(ParameterUsage) -> bool) -> Pairs {
    let wanted = entry
        .parameters()
        .into_iter()
        .filter(|it| it.name != ACCESS_TOKEN && is_wanted(it.usage));
    let mut pairs: Vec<_> = wanted
        .map(|it| (it.name.into_owned(), sorted_list(&it.value)))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// A value with its elements sorted, if it is a list: their order has no meaning.
fn sorted_list(value: &str) -> String {
    let mut elements: Vec<_> = value
        .split(',')
        .map(str::trim)
        .filter(|element| !element.is_empty())
        .collect();
    elements.sort_unstable();
    elements.dedup();
    elements.join(",")
}
