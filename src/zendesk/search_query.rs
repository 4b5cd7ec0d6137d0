//! The text of a search: words, and words for one property of what is searched.

use super::user_resource::roles_of;
use crate::world::{AgentId, Group, Role, User};

/// What a search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SearchQuery {
    /// The types that are asked for; none means any.
    pub(super) kinds: Vec<String>,
    /// The roles that are asked for; none means any.
    pub(super) roles: Vec<Role>,
    terms: Vec<Term>,
    /// Parts of the text that no record can match.
    pub(super) unknown: Vec<String>,
    /// Parts of the text that say how to sort, which has no effect.
    pub(super) sorting: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Term {
    place: Place,
    pattern: Pattern,
}

/// Where a term is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Anywhere,
    Name,
    Email,
}

/// Small letters only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    /// A whole word.
    Word(String),
    /// The beginning of a word.
    Prefix(String),
    /// A part of the text, from quotes or with more than letters and digits.
    Part(String),
    /// The whole e-mail address.
    Whole(String),
}

impl SearchQuery {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for (property, value) in split(text) {
            let word = value.text.to_lowercase();
            match property.as_deref() {
                _ if value.is_missing() || value.is_excluded() => query.unknown.push(value.sent),
                None => query.add(Place::Anywhere, &value),
                Some("name") => query.add(Place::Name, &value),
                Some("email") => query.add(Place::Email, &value),
                Some("type") => query.kinds.push(word),
                Some("role") => match roles_of(&word) {
                    Some(roles) => query.roles.extend(roles),
                    None => query.unknown.push(value.sent),
                },
                Some("order_by" | "sort") => query.sorting.push(value.sent),
                Some(_) => query.unknown.push(value.sent),
            }
        }
        // The same word many times must not cost as many comparisons with each user.
        query.terms.sort_unstable();
        query.terms.dedup();
        query
    }

    fn add(&mut self, place: Place, value: &Value) {
        self.terms.push(Term {
            place,
            pattern: Pattern::of(place, value),
        });
    }

    /// Whether records of this type can match.
    pub(super) fn is_for(&self, kind: &str) -> bool {
        self.unknown.is_empty() && (self.kinds.is_empty() || self.kinds.iter().any(|it| it == kind))
    }

    /// Whether the terms have to be compared with users.
    pub(super) fn has_terms(&self) -> bool {
        !self.terms.is_empty()
    }

    /// The only e-mail address that a match can have, if there is one.
    pub(super) fn address(&self) -> Option<&str> {
        self.terms.iter().find_map(|term| match &term.pattern {
            Pattern::Whole(address) => Some(address.as_str()),
            _ => None,
        })
    }

    /// The agent without a user that has this e-mail address, if there can be one.
    pub(super) fn agent_with(address: &str) -> Option<AgentId> {
        let id = address.strip_prefix("agent-")?.split('@').next()?;
        let id = AgentId(id.parse().ok()?);
        (User::of_agent(id).email == address).then_some(id)
    }

    pub(super) fn matches_user(&self, user: &User) -> bool {
        let (name, email) = (user.name.to_lowercase(), user.email.to_lowercase());
        self.terms.iter().all(|Term { place, pattern }| {
            let in_name = || *place != Place::Email && pattern.is_in(&name);
            let in_email = || *place != Place::Name && pattern.is_in(&email);
            in_name() || in_email()
        })
    }

    pub(super) fn matches_group(&self, group: &Group) -> bool {
        let name = group.name.to_lowercase();
        let is_in = |Term { place, pattern }: &Term| *place != Place::Email && pattern.is_in(&name);
        self.roles.is_empty() && self.terms.iter().all(is_in)
    }
}

impl Pattern {
    fn of(place: Place, value: &Value) -> Self {
        let text = value.text.to_lowercase();
        let is_address = place != Place::Name && is_address(&text);
        if value.is_quoted && !is_address {
            return Self::Part(text);
        }
        if let Some(start) = text.strip_suffix('*') {
            return Self::Prefix(start.to_owned());
        }
        if is_address {
            Self::Whole(text)
        } else if text.chars().all(char::is_alphanumeric) {
            Self::Word(text)
        } else {
            Self::Part(text)
        }
    }

    fn is_in(&self, text: &str) -> bool {
        let mut words = text.split(|character: char| !character.is_alphanumeric());
        match self {
            Self::Word(wanted) => words.any(|word| word == wanted),
            // The beginning of the whole text too, for one with more than letters and digits.
            Self::Prefix(start) => text.starts_with(start) || words.any(|it| it.starts_with(start)),
            Self::Part(part) => text.contains(part.as_str()),
            Self::Whole(whole) => text == whole,
        }
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !text.contains(' '))
}

struct Value {
    text: String,
    is_quoted: bool,
    /// This part of the text as it was sent, with its property.
    sent: String,
}

impl Value {
    /// Whether a property has no value, as before a space.
    fn is_missing(&self) -> bool {
        self.text.is_empty() && !self.is_quoted
    }

    /// Whether this is a word that results must not have.
    fn is_excluded(&self) -> bool {
        self.sent
            .strip_prefix('-')
            .is_some_and(|word| !word.is_empty())
    }
}

/// Splits a text at its spaces, and `property:value` at the colon, or before a `<` or `>`. Quotes
/// keep spaces together; one that is not closed ends with the text.
fn split(text: &str) -> Vec<(Option<String>, Value)> {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while !rest.is_empty() {
        let whole = rest;
        let end = rest.find([' ', '\t', '\n', ':', '<', '>', '"']);
        let (property, value) = rest.split_at(end.unwrap_or(rest.len()));
        let is_property = !property.is_empty() && value.starts_with([':', '<', '>']);
        if is_property {
            rest = value.strip_prefix(':').unwrap_or(value);
        }
        let (value, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').unwrap_or((quoted, ""))
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        let sent = whole.strip_suffix(after).unwrap_or(whole);
        let value = Value {
            is_quoted: rest.starts_with('"'),
            text: value.to_owned(),
            sent: sent.trim_end().to_owned(),
        };
        found.push((is_property.then(|| property.to_lowercase()), value));
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::UserId;

    /// Documented in part: words, quotes, and the properties name, email, role. Assumed: how a word
    /// is compared.
    #[test]
    fn a_user_matches_all_terms() {
        let user = User::new(
            UserId(1),
            "Ana-María López",
            "ana.l@Example.com",
            Role::Agent,
        );
        for (text, expected) in [
            ("", true),
            ("lópez", true),
            ("LÓPEZ ana", true),
            ("lóp", false),
            ("lóp*", true),
            ("ana-maría", true),
            ("example", true),
            ("\"maría lópez\"", true),
            ("\"lópez maría\"", false),
            ("\"maría lópez", true),
            ("ana bruno", false),
            ("name:lópez", true),
            ("name:example", false),
            ("name:\"maría lópez\" email:ana*", true),
            ("email:ana.l@example.com", true),
            ("email:\"ana.l@example.com\"", true),
            ("ana.l@example.com", true),
            ("email:na.l@example.com", false),
            ("email:lópez", false),
            ("email:ana.l@exam*", true),
            ("name:ana.l@example.com", false),
            ("order_by:created_at sort:desc lópez", true),
        ] {
            assert_eq!(
                SearchQuery::parse(text).matches_user(&user),
                expected,
                "{text}"
            );
        }
    }

    /// Observed: programs name users by their address, so a name can look like one.
    #[test]
    fn a_name_can_look_like_an_address() {
        let user = User::new(UserId(1), "Bo@Old.example", "bo@example.com", Role::Agent);
        let matches = |text| {
            let query = SearchQuery::parse(text);
            query.address().is_none() && query.matches_user(&user)
        };
        assert!(matches("name:bo@old.example"));
        assert!(matches("name:\"bo@old.example\""));
        assert!(!matches("name:bo@example.com"));
    }

    #[test]
    fn types_roles_and_unknown_properties_are_told_apart() {
        let query = SearchQuery::parse("type:User role:agent Role:admin status:open type:ticket");
        assert_eq!(query.kinds, ["user", "ticket"]);
        assert_eq!(query.roles, [Role::Agent, Role::LightAgent, Role::Admin]);
        assert_eq!(query.unknown, ["status:open"]);
        assert!(!query.has_terms() && !query.is_for("user"));
        for unknown in [
            "role:boss",
            "Created>2026-01-01",
            "tags:\"very important\"",
            "email:",
            "-ada",
            "-role:agent",
            "http://x",
        ] {
            let query = SearchQuery::parse(&format!("  {unknown}  ada"));
            assert_eq!(query.unknown, [unknown]);
            assert_eq!(query.terms.len(), 1, "{unknown}");
        }
        for word in ["-", "<b>", ">", "<ada@example.com>"] {
            assert_eq!(SearchQuery::parse(word).unknown, [""; 0], "{word}");
        }
        let sorted = SearchQuery::parse("order_by:created_at sort:asc ada");
        assert_eq!(sorted.sorting, ["order_by:created_at", "sort:asc"]);
        assert!(sorted.is_for("user") && sorted.terms.len() == 1);
        let repeated = SearchQuery::parse(&"ada e* name:ada ".repeat(1_000));
        assert_eq!(repeated.terms.len(), 3);
        for odd in [
            ":",
            "::",
            "\"",
            "\"\"",
            "a:",
            ":a",
            "type:",
            "\u{3000}",
            "x\u{3000}y",
        ] {
            SearchQuery::parse(odd);
        }
    }

    #[test]
    fn the_address_of_an_agent_without_a_user_names_it() {
        let of = |address| SearchQuery::agent_with(address);
        assert_eq!(of("agent-12@example.com"), Some(AgentId(12)));
        for other in [
            "agent-012@example.com",
            "agent-12@example.org",
            "agent-@example.com",
            "a@b",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
