//! OAuth as Zendesk has it now: tokens that expire, are renewed and rotate.

mod grants;
