//! Methods that say which requests are meant, for rules, filters and expectations alike.

use crate::wire::criteria::Criteria;

/// The criteria of a filter as parameters.
pub(super) fn parameters(criteria: &Criteria) -> impl Iterator<Item = (&'static str, String)> {
    let Criteria {
        operation,
        method,
        path,
        status,
        agent,
        caller,
        query: _,
        headers: _,
        body: _,
    } = criteria;
    let given = [
        ("operation", operation.clone()),
        ("method", method.clone()),
        ("path", path.clone()),
        ("status", status.map(|status| status.to_string())),
        ("agent", agent.map(|agent| agent.to_string())),
        ("caller", caller.clone()),
    ];
    given
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
}

/// Methods that set the criteria in a field. `content of` makes those for headers and body, and
/// `and status` all that a filter or an expectation has, with their constructors.
macro_rules! criteria {
    ($field:ident) => {
        /// Only requests by this method, such as `GET`.
        #[must_use]
        pub fn method(mut self, method: impl Into<String>) -> Self {
            self.$field.method = Some(method.into());
            self
        }

        /// Only requests with this path, in which `*` is any run of characters.
        #[must_use]
        pub fn path(mut self, pattern: impl Into<String>) -> Self {
            self.$field.path = Some(pattern.into());
            self
        }

        /// Only requests about this agent.
        #[must_use]
        pub fn agent(mut self, id: u64) -> Self {
            self.$field.agent = Some(id);
            self
        }

        /// Only requests by the user with this e-mail address or id.
        #[must_use]
        pub fn caller(mut self, caller: impl Into<String>) -> Self {
            self.$field.caller = Some(caller.into());
            self
        }
    };
    (content of $field:ident) => {
        /// Only requests with this header, in any case of letters. Several values of one name are
        /// joined with `, `.
        #[must_use]
        pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.$field.headers.insert(name.into(), Some(value.into()));
            self
        }

        /// Only requests without this header.
        #[must_use]
        pub fn without_header(mut self, name: impl Into<String>) -> Self {
            self.$field.headers.insert(name.into(), None);
            self
        }

        /// Only requests whose JSON body contains this. Objects may have more members, at any
        /// depth. Other values have to be equal, and 124 equals 124.0. A body of more than 16 KiB
        /// never matches.
        #[must_use]
        pub fn body(mut self, part: impl Into<serde_json::Value>) -> Self {
            self.$field.body = Some(part.into());
            self
        }
    };
    ($field:ident and status) => {
        /// Any request.
        pub fn any() -> Self {
            Self::default()
        }

        /// Requests of this operation, such as `update_agent_status`.
        pub fn operation(id: impl Into<String>) -> Self {
            let mut meant = Self::default();
            meant.$field.operation = Some(id.into());
            meant
        }

        $crate::client::criteria::criteria!($field);

        /// Only requests that were answered with this status.
        #[must_use]
        pub fn status(mut self, status: u16) -> Self {
            self.$field.status = Some($crate::wire::criteria::StatusPattern::Exactly(status));
            self
        }

        /// Only requests that were answered with a status that begins with this digit: 4 means 400
        /// to 499.
        #[must_use]
        pub fn status_class(mut self, first_digit: u8) -> Self {
            self.$field.status = Some($crate::wire::criteria::StatusPattern::Class(first_digit));
            self
        }
    };
}

pub(super) use criteria;
