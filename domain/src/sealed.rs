//! The sealed stream: who may look into it, and what it takes to read what is sealed in it.
//!
//! - [`group`]: the people who do. Always at least two; an administrator names them and sees nothing.
//! - [`reveal`]: what was asked to be read, allowed, refused and read, as events.
//! - [`limits`]: how long a request stands open; policy.
//! - [`requests`]: deciding that. What protects a person needs a reason; who a denouncer is, a second
//!   member as well.
//!
//! Kinds begin with `seal_group.` and `reveal.`; the group is one stream, the readings of a case
//! are one stream a case. None of them holds what was read.

pub mod group;
pub mod limits;
pub mod requests;
pub mod reveal;

pub use group::{Group, GroupEvent, GroupRejection};
pub use limits::ReadingLimits;
pub use requests::{Asked, Requests, RevealRejection};
pub use reveal::{RevealEvent, SealedField};

#[cfg(test)]
mod tests;
