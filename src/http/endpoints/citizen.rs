//! What a citizen with an account does: `/api/v1/citizen`.

pub(crate) mod attachments;
pub(crate) mod case;
pub(crate) mod cases;
pub(crate) mod email;
pub(crate) mod order;
pub(crate) mod session;
