//! The commands of `hoiam`.

pub mod sla;
