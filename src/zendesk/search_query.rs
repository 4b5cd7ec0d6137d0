//! The text of a search: words, and words for one property of what is searched.

use super::user_resource::roles_of;
use crate::world::{AgentId, Group, Role, User};

/// What a search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SearchQuery {
    /// The type that is asked for, if one is.
    pub(super) kind: Option<String>,
    /// The roles that are asked for; none means any.
    pub(super) roles: Vec<Role>,
    terms: Vec<Term>,
    /// Properties and roles that are not here: nothing has them.
    pub(super) unknown: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    place: Place,
    pattern: Pattern,
}

/// Where a term is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Anywhere,
    Name,
    Email,
}

/// Small letters only.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// A whole word.
    Word(String),
    /// The beginning of a word.
    Prefix(String),
    /// A part of the text, from quotes or with more than letters and digits.
    Part(String),
    /// The whole text: an e-mail address.
    Whole(String),
}

impl SearchQuery {
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for (property, value) in split(text) {
            match property.as_deref() {
                None => query.add(Place::Anywhere, &value),
                Some("name") => query.add(Place::Name, &value),
                Some("email") => query.add(Place::Email, &value),
                Some("type") => query.kind = Some(value.text.to_lowercase()),
                Some("role") => match roles_of(&value.text.to_lowercase()) {
                    Some(roles) => query.roles.extend(roles),
                    None => query.unknown.push(format!("role:{}", value.text)),
                },
                Some(other) => query.unknown.push(format!("{other}:{}", value.text)),
            }
        }
        query
    }

    fn add(&mut self, place: Place, value: &Value) {
        self.terms.push(Term {
            place,
            pattern: Pattern::of(value),
        });
    }

    /// Whether users are searched.
    pub(super) fn is_for(&self, kind: &str) -> bool {
        self.unknown.is_empty() && self.kind.as_deref().is_none_or(|asked| asked == kind)
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
    fn of(value: &Value) -> Self {
        let text = value.text.to_lowercase();
        if value.is_quoted && !is_address(&text) {
            return Self::Part(text);
        }
        if let Some(start) = text.strip_suffix('*') {
            return Self::Prefix(start.to_owned());
        }
        if is_address(&text) {
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
}

/// Splits a text at its spaces, and `property:value` at the colon. Quotes keep spaces together; one
/// that is not closed ends with the text.
fn split(text: &str) -> Vec<(Option<String>, Value)> {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', '\n', ':', '"']).unwrap_or(rest.len());
        let property = rest
            .get(..end)
            .filter(|property| rest[end..].starts_with(':') && !property.is_empty());
        if property.is_some() {
            rest = &rest[end + 1..];
        }
        let (value, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let (text, after) = quoted.split_once('"').unwrap_or((quoted, ""));
            (text, after)
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        let value = Value {
            is_quoted: rest.starts_with('"'),
            text: value.to_owned(),
        };
        found.push((property.map(str::to_lowercase), value));
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
        ] {
            assert_eq!(
                SearchQuery::parse(text).matches_user(&user),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn types_roles_and_unknown_properties_are_told_apart() {
        let query = SearchQuery::parse("type:User role:agent Role:admin status:open");
        assert_eq!(query.kind.as_deref(), Some("user"));
        assert_eq!(query.roles, [Role::Agent, Role::LightAgent, Role::Admin]);
        assert_eq!(query.unknown, ["status:open"]);
        assert!(!query.has_terms() && !query.is_for("user"));
        assert_eq!(SearchQuery::parse("role:boss").unknown, ["role:boss"]);
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
