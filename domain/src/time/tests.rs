//! Tests of time against the city's own calendars and limits.

mod calendar_cases;
mod files;
mod laws;
mod naive;
mod pause_laws;
mod policy_cases;

use jiff::Timestamp;

use super::calendars::{Calendars, parse_calendars};
use super::limits::{Limits, parse_limits};
use super::parse::parse_time;

pub(super) const CALENDARS: &str = include_str!("../../../routing-rules/calendars.toml");
pub(super) const LIMITS: &str = include_str!("../../../routing-rules/limits.toml");

pub(super) fn calendars() -> Calendars {
    parse_calendars("calendars.toml", CALENDARS).unwrap()
}

pub(super) fn limits() -> Limits {
    parse_limits("limits.toml", LIMITS).unwrap()
}

/// A moment in the city's local time.
pub(super) fn at(text: &str) -> Timestamp {
    parse_time(text, calendars().zone()).unwrap()
}
