//! The case: one citizen's matter from receipt to its end, as three pure functions.
//!
//! - [`decide`]: a command against the present state gives events or a [`Rejection`].
//! - [`evolve`]: an event applied to a state; total, it never refuses.
//! - [`fold`]: a whole history into a state.
//!
//! Everything decide needs arrives as an argument: who acts ([`crate::actor`]), when, and what
//! the city's policy is ([`policy::CasePolicy`]). Reactions are data: [`clocks::timers`] says
//! which timers a state wants, and the shell keeps them.

pub mod attachment;
pub mod authority;
pub mod clocks;
pub mod codec;
pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod identity;
pub mod import;
pub mod ledger;
pub mod number;
pub mod party;
pub mod policy;
pub mod publicity;
pub mod rejection;
pub mod stage;
pub mod state;
pub mod transitions;
pub mod upcast;
pub mod words;

pub use command::Command;
pub use decide::{Intent, decide, decide_attach, decide_erase_party, decide_merge, decide_unmerge};
pub use event::Event;
pub use evolve::{Meta, evolve, fold};
pub use number::CaseNumber;
pub use rejection::Rejection;
pub use state::Case;

#[cfg(test)]
pub(crate) mod tests;
