//! Changes of the city's policy as events: which rule set is in force from when, who said so, and
//! what was taken back before it began.
//!
//! A case's events say what was decided; these say by which rules anything could be decided at a
//! moment. They stand in the same log, in streams of their own, under kinds that do not begin with
//! `case.`, so that whoever reads cases passes them by.
//!
//! - [`event`]: what happened, as it is stored.
//! - [`schedule`]: which rule set is in force when, folded from the events.
//! - [`decide`]: may a set be activated, may an activation be cancelled.
//! - [`archive`]: the files of a rule set as one piece of bytes that its hash names.

pub mod archive;
pub mod changes;
pub mod decide;
pub mod event;
pub mod schedule;

pub use decide::{Activate, Cancel, PolicyRejection};
pub use event::{FileChange, GeoImported, PolicyEvent};
pub use schedule::{Activation, Schedule};

#[cfg(test)]
mod tests;
