//! Working days and office hours: of the city, and of agencies with hours of their own.
//!
//! The arithmetic is a binary search in running sums, so a long period costs what a short one
//! does. Office time is counted on the office clock (local time of the city's zone).

mod check;
mod days;
mod file;
mod table;
mod words;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::days::Days;
use self::table::{LAST_SECOND, Place, Table};
use super::error::TimeError;
use super::explanation::Due;
use super::span::Span;
use crate::codes::AgencyCode;

pub use self::file::parse_calendars;

/// The calendars of one city, compiled from `calendars.toml`.
#[derive(Clone, Debug)]
pub struct Calendars {
    zone: TimeZone,
    revision: String,
    days: Days,
    /// The city's hours first, then those of agencies with their own.
    hours: Vec<AgencyHours>,
    /// Index into `hours`, and the line of the file that says so.
    by_agency: BTreeMap<AgencyCode, (usize, usize)>,
}

/// A timetable and what its schedule is called.
#[derive(Clone, Debug)]
struct AgencyHours {
    table: Table,
    vi: String,
    en: String,
}

impl Calendars {
    /// The city's zone; dates in texts and "the day of receipt" are meant in it.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Which revision of the calendar this is; deadlines name it.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The years that are covered, in order and without gaps, and whether their days off were
    /// announced; else they are predicted.
    pub fn years(&self) -> impl Iterator<Item = (i16, bool)> {
        self.days.years.iter().map(|year| (year.year, year.announced))
    }

    /// Agencies with hours of their own, with the line of `calendars.toml` that names them.
    pub fn agencies(&self) -> impl Iterator<Item = (&AgencyCode, usize)> {
        self.by_agency.iter().map(|(code, (_, line))| (code, *line))
    }

    /// The end of a period that starts at `from`, counted on the agency's hours (the city's where
    /// it has none of its own).
    ///
    /// # Errors
    /// When a year the period touches is not covered.
    pub fn add(
        &self,
        agency: Option<&AgencyCode>,
        from: Timestamp,
        span: Span,
    ) -> Result<Due, TimeError> {
        let hours = self.hours(agency);
        match span {
            Span::Minutes(_) | Span::Hours(_) => {
                let at = from.checked_add(clock_time(span)).map_err(|_| TimeError::OutOfRange)?;
                Ok(Due { at, explanation: self.explain_clock(from, span, at) })
            }
            Span::WorkingHours(_) => {
                let start = self.place(from)?;
                let end = hours
                    .table
                    .after_work(start, office_time(span))
                    .ok_or_else(|| self.days.past_the_end())?;
                let at = self.moment(end)?;
                Ok(Due { at, explanation: self.explain_working_hours(hours, start, span, end) })
            }
            Span::Days(n) => {
                let received = self.local_date(from);
                let last = received
                    .checked_add(SignedDuration::from_hours(24 * i64::from(n)))
                    .map_err(|_| TimeError::OutOfRange)?;
                let last = self.days.index(last)?;
                let end =
                    hours.table.next_counting(last).ok_or_else(|| self.days.past_the_end())?;
                let at = self.moment(Place { day: end, us: LAST_SECOND })?;
                let explanation = self.explain_days(hours, received, span, last, end);
                Ok(Due { at, explanation })
            }
            Span::WorkingDays(n) => {
                let start = self.place(from)?.day;
                let counted = |n| hours.table.nth_counting(start, n);
                let (Some(received), Some(end)) = (counted(0), counted(n)) else {
                    return Err(self.days.past_the_end());
                };
                let at = self.moment(Place { day: end, us: LAST_SECOND })?;
                let explanation = self.explain_working_days(hours, start, received, span, end);
                Ok(Due { at, explanation })
            }
        }
    }

    /// Whole minutes of office hours between two moments; 0 when `to` is not after `from`.
    ///
    /// # Errors
    /// When a year in between is not covered.
    pub fn working_minutes_between(
        &self,
        agency: Option<&AgencyCode>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<u64, TimeError> {
        let us = self.office_us_between(agency, from, to)?;
        Ok(u64::try_from(us / 60_000_000).unwrap_or(0))
    }

    /// Microseconds of office hours between two moments.
    pub(super) fn office_us_between(
        &self,
        agency: Option<&AgencyCode>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<i64, TimeError> {
        let table = &self.hours(agency).table;
        Ok((table.worked(self.place(to)?) - table.worked(self.place(from)?)).max(0))
    }

    /// The moment `us` microseconds of office hours after `from`.
    pub(super) fn after_office_us(
        &self,
        agency: Option<&AgencyCode>,
        from: Timestamp,
        us: i64,
    ) -> Result<Timestamp, TimeError> {
        let end = self.hours(agency).table.after_work(self.place(from)?, us);
        self.moment(end.ok_or_else(|| self.days.past_the_end())?)
    }

    /// Working days after the day of `from`, up to and with the day of `to`.
    pub(super) fn working_days_between(
        &self,
        agency: Option<&AgencyCode>,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<u32, TimeError> {
        let (from, to) = (self.place(from)?.day, self.place(to)?.day);
        Ok(self.hours(agency).table.counting_between(from, to))
    }

    /// The date in the city's zone.
    pub(super) fn local_date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    fn hours(&self, agency: Option<&AgencyCode>) -> &AgencyHours {
        let own = agency.and_then(|code| self.by_agency.get(code)).map_or(0, |(at, _)| *at);
        // `parse_calendars` always puts the city's hours first.
        &self.hours[own]
    }

    /// Where a moment lies in the tables; parts of a microsecond are dropped.
    fn place(&self, at: Timestamp) -> Result<Place, TimeError> {
        let local = self.zone.to_datetime(at);
        let day = self.days.index(local.date())?;
        let us = local.time().duration_since(Time::midnight()).as_micros();
        Ok(Place { day, us: i64::try_from(us).unwrap_or(0) })
    }

    fn moment(&self, place: Place) -> Result<Timestamp, TimeError> {
        let date = self.days.days.get(place.day).ok_or_else(|| self.days.past_the_end())?.date;
        date.at(0, 0, 0, 0)
            .checked_add(SignedDuration::from_micros(place.us))
            .and_then(|local| local.to_zoned(self.zone.clone()))
            .map(|zoned| zoned.timestamp())
            .map_err(|_| TimeError::OutOfRange)
    }
}

/// The plain length of a span that runs round the clock; of a day, 24 hours.
fn clock_time(span: Span) -> SignedDuration {
    match span {
        Span::Minutes(n) => SignedDuration::from_mins(i64::from(n)),
        Span::Hours(n) | Span::WorkingHours(n) => SignedDuration::from_hours(i64::from(n)),
        Span::Days(n) | Span::WorkingDays(n) => SignedDuration::from_hours(24 * i64::from(n)),
    }
}

/// Microseconds of a span in hours.
fn office_time(span: Span) -> i64 {
    i64::from(span.count()).saturating_mul(3_600_000_000)
}
