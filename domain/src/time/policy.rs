//! Limits and calendars together: the questions the case decider asks about time.

mod change;
mod deadline;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::calendars::Calendars;
use super::limits::{DeskRules, Limits};
use super::span::Span;
use crate::codes::{AgencyCode, CategoryCode, SectorCode};
use crate::kinds::{Clock, Kind, Priority};

/// The limits a category has of its own, from `categories.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

impl CategoryLimits {
    /// The category's own limit for a clock.
    pub fn limit(&self, clock: Clock) -> Option<Span> {
        match clock {
            Clock::Acknowledge => self.acknowledge,
            Clock::OnSite => self.on_site,
            Clock::MakeSafe => self.make_safe,
            Clock::Resolve => self.resolve,
            Clock::Dispatch | Clock::Ruling | Clock::Answer => None,
        }
    }
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
    /// Priority, once given; the category's usual one where absent.
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
    /// The numbers of the desk in force at a moment.
    pub fn rules(&self, at: Timestamp) -> &DeskRules {
        self.limits.desk_on(self.calendars.local_date(at))
    }

    /// Whose hours a clock is counted on. What the desk owes and what the citizen was promised
    /// follow the city's calendar, so that passing a case on cannot move them.
    fn hours_for(clock: Clock, agency: Option<&AgencyCode>) -> Option<&AgencyCode> {
        match clock {
            Clock::Dispatch | Clock::Ruling | Clock::Answer => None,
            Clock::Acknowledge | Clock::OnSite | Clock::MakeSafe | Clock::Resolve => agency,
        }
    }
}
