//! Working days and office hours: of the city, and of agencies with hours of their own.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::TimeError;
use super::explanation::Due;
use super::span::Span;
use crate::codes::AgencyCode;
use crate::file_error::FileError;

/// The calendars of one city, compiled from `calendars.toml`.
#[derive(Clone, Debug)]
pub struct Calendars {
    zone: TimeZone,
}

impl Calendars {
    /// The city's zone; dates in texts and "the day of receipt" are meant in it.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The end of a period that starts at `from`, counted on the agency's hours (the city's where
    /// it has none of its own).
    ///
    /// # Errors
    /// When a year the period touches is not covered.
    pub fn add(
        &self,
        _agency: Option<&AgencyCode>,
        _from: Timestamp,
        _span: Span,
    ) -> Result<Due, TimeError> {
        Err(TimeError::OutOfRange)
    }

    /// Whole minutes of office hours between two moments; 0 when `to` is not after `from`.
    ///
    /// # Errors
    /// When a year in between is not covered.
    pub fn working_minutes_between(
        &self,
        _agency: Option<&AgencyCode>,
        _from: Timestamp,
        _to: Timestamp,
    ) -> Result<u64, TimeError> {
        Err(TimeError::OutOfRange)
    }
}

/// Reads `calendars.toml`.
///
/// # Errors
/// Everything that is wrong in the file, with lines.
pub fn parse_calendars(file: &str, _text: &str) -> Result<Calendars, Vec<FileError>> {
    Err(vec![FileError::whole(file, "not readable")])
}
