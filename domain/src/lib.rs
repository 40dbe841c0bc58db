//! The rules of a city's feedback desk, without any input or output.
//!
//! Nothing here reads a clock, a file, a socket or randomness: time, identifiers and policy
//! arrive as arguments. What the domain says can therefore be tested in microseconds and
//! replayed years later with the same result.
//!
//! - [`codes`], [`kinds`]: the words everything else is written in.
//! - [`actor`]: who may do what; [`accounts`]: who that is among the staff, as events.
//! - [`policy`]: which rule set is in force when, as events.
//! - [`nearby`]: the same matter nearby: how alike two feedbacks are.
//! - [`sealed`]: the group of the sealed stream, and reading what is sealed.
//! - [`private`]: personal data, which refuses to be written down unsealed; [`person`]: what was
//!   done with somebody's, as events.
//! - [`routing`]: which agency a feedback belongs to, and why.
//! - [`text`]: Vietnamese as people write it, folded.
//! - [`file_error`]: errors in policy files, by file and line.
//! - [`geo`]: points, rings and areas in whole microdegrees.
//! - [`time`]: limits, calendars and deadlines that explain themselves.

pub mod accounts;
pub mod actor;
pub mod case;
pub mod codes;
mod event_family;
pub mod file_error;
pub mod geo;
#[cfg(test)]
mod golden;
pub mod kinds;
pub mod nearby;
pub mod person;
pub mod policy;
pub mod private;
pub mod routing;
pub mod sealed;
pub mod text;
pub mod time;
