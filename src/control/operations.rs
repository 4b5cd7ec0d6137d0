//! The operations of Zendesk's face, by their ids: what a tester names is looked up here, so that a slip of the pen is
//! not taken for something that never happens.

use crate::seed::reader::Node;

/// The ids of the operations.
#[derive(Clone, Debug)]
pub(crate) struct Operations(Box<[&'static str]>);

impl Operations {
    pub(crate) fn new(ids: impl IntoIterator<Item = &'static str>) -> Self {
        Self(ids.into_iter().collect())
    }

    pub(super) fn read(&self, node: &Node<'_>) -> Option<String> {
        let text = node.text()?;
        if !self.0.contains(&text) {
            node.problem(format_args!("unknown operation, expected one of {}", self.0.join(", ")));
            return None;
        }
        Some(text.to_owned())
    }
}
