//! Time as the desk counts it: how long each clock runs, on which days, and why.
//!
//! - [`span`]: lengths (`4 working hours`); [`explanation`]: deadlines with their reasons.
//! - [`calendars`]: working days and office hours of the city and of agencies with their own.
//! - [`limits`]: which length each clock has, by kind, category, priority and date.
//! - [`policy`]: the three together; what the case decider asks.
//! - [`parse`]: moments as people write them.
//!
//! A period in days ends at 24:00 of its last day (Civil Code 2015, art. 148.6); the last moment
//! in time is shown and stored as 23:59:59 of that day.

pub mod calendars;
pub mod error;
pub mod explanation;
pub(crate) mod file_values;
pub mod limits;
pub mod parse;
pub mod policy;
pub mod span;
#[cfg(test)]
mod tests;

pub use calendars::{Calendars, parse_calendars};
pub use error::TimeError;
pub use explanation::{Deadline, Due, Explanation, PauseNote, SkippedDay};
pub use limits::{DeskRules, Limits, parse_limits};
pub use policy::{CategoryLimits, ClockFacts, Policy};
pub use span::{Span, SpanError};
