//! The commands of `hoiam`.

pub mod rules;
pub mod sla;
