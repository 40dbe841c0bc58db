//! Limits and calendars together: the questions the case decider asks about time.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::calendars::Calendars;
use super::error::TimeError;
use super::explanation::Deadline;
use super::limits::{DeskRules, Limits};
use super::span::Span;
use crate::codes::{AgencyCode, CategoryCode, SectorCode};
use crate::kinds::{Clock, Kind, Priority};

/// The limits a category has of its own, from `categories.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryLimits {
    /// The category's usual priority. Its own limits hold for cases of this priority; a case
    /// raised or lowered takes the limits of its new priority.
    pub priority: Option<Priority>,
    /// Until the agency accepts or returns.
    pub acknowledge: Option<Span>,
    /// Until somebody is on site.
    pub on_site: Option<Span>,
    /// Until the danger is gone.
    pub make_safe: Option<Span>,
    /// Until the work is finished.
    pub resolve: Option<Span>,
    /// Whether it belongs to technical infrastructure, which had its own answer limit.
    pub infrastructure: bool,
}

/// What the limits of a case depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockFacts {
    /// Kind of case.
    pub kind: Kind,
    /// Sector, once classified.
    pub sector: Option<SectorCode>,
    /// Category, once classified.
    pub category: Option<CategoryCode>,
    /// Priority, once given.
    pub priority: Option<Priority>,
    /// Whether somebody marked it urgent.
    pub urgent: bool,
    /// Whether several agencies take part.
    pub several_agencies: bool,
    /// The agency that has it.
    pub agency: Option<AgencyCode>,
    /// When the feedback was received: the regime in force then is the promise made.
    pub received_at: Timestamp,
}

/// Everything about time that is policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Lengths of clocks and numbers of the desk.
    pub limits: Limits,
    /// Working days and hours.
    pub calendars: Calendars,
    /// The categories' own limits.
    pub category_limits: BTreeMap<CategoryCode, CategoryLimits>,
    /// Hash of the rule set this came from.
    pub hash: String,
}

impl Policy {
    /// The deadline of a clock that starts at `start`; `None` when this clock does not run for
    /// such a case.
    ///
    /// # Errors
    /// When the calendar does not cover the period.
    pub fn deadline(
        &self,
        _clock: Clock,
        _facts: &ClockFacts,
        _start: Timestamp,
    ) -> Result<Option<Deadline>, TimeError> {
        Ok(None)
    }

    /// The deadline after its clock stood still from `paused_from` to `paused_to`: later by the
    /// working time the pause cost for working spans, by the plain time for the others. A pause
    /// that began when the deadline was already over, or that took no time, changes nothing.
    ///
    /// # Errors
    /// When the calendar does not cover the new end.
    pub fn after_pause(
        &self,
        deadline: &Deadline,
        _paused_from: Timestamp,
        _paused_to: Timestamp,
        _agency: Option<&AgencyCode>,
    ) -> Result<Deadline, TimeError> {
        Ok(deadline.clone())
    }

    /// The latest moment an extension may move this deadline to.
    ///
    /// # Errors
    /// When the calendar does not cover it.
    pub fn latest_extension(
        &self,
        deadline: &Deadline,
        _at: Timestamp,
        _agency: Option<&AgencyCode>,
    ) -> Result<Timestamp, TimeError> {
        Ok(deadline.due)
    }

    /// The deadline moved to `new_due` by an extension granted at `at`. Whether it may be granted
    /// is the case's to decide.
    ///
    /// # Errors
    /// When the calendar does not cover the new end.
    pub fn extended(
        &self,
        deadline: &Deadline,
        _new_due: Timestamp,
        _at: Timestamp,
        _agency: Option<&AgencyCode>,
    ) -> Result<Deadline, TimeError> {
        Ok(deadline.clone())
    }

    /// The numbers of the desk in force at a moment.
    pub fn rules(&self, _at: Timestamp) -> &DeskRules {
        &self.limits.desk[0]
    }
}
