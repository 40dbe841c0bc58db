//! Which length each clock has: rows of `limits.toml`, the first that matches wins.

mod file;
mod reach;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::policy::{CategoryLimits, ClockFacts};
use super::span::Span;
use crate::codes::SectorCode;
use crate::kinds::{Clock, Kind, Priority};

pub use self::file::parse_limits;
pub use self::reach::Reach;

/// The limits of one city, from `limits.toml`.
#[derive(Clone, Debug)]
pub struct Limits {
    revision: String,
    infrastructure: BTreeSet<SectorCode>,
    regimes: Vec<Regime>,
    rows: Vec<Row>,
    desk: Vec<DeskRules>,
}

/// A decision of the city under which promises are made, in force from a day on.
#[derive(Clone, Debug)]
pub(super) struct Regime {
    pub(super) id: String,
    /// `None`: from the beginning.
    pub(super) valid_from: Option<Date>,
    pub(super) vi: String,
    pub(super) en: String,
}

/// One limit, and the cases it is for. Absent and empty conditions hold for every case.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) clock: Clock,
    pub(super) regimes: Vec<String>,
    pub(super) kinds: Vec<Kind>,
    pub(super) priorities: Vec<Priority>,
    pub(super) urgent: Option<bool>,
    pub(super) several_agencies: Option<bool>,
    pub(super) infrastructure: Option<bool>,
    /// Whether a category is known whose own limits hold for the case.
    pub(super) own_category: Option<bool>,
    pub(super) limit: Limit,
    pub(super) basis: String,
    pub(super) vi: String,
    pub(super) en: String,
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// This long.
    Of(Span),
    /// As long as the category says; the row does not match where it says nothing.
    Category,
    /// The clock does not run.
    None,
}

/// The numbers of the desk's own rules, in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeskRules {
    /// Id of the row, e.g. `desk-2025`.
    pub id: String,
    /// First day in force, in the city's zone; absent: from the beginning.
    pub valid_from: Option<Date>,
    /// The decree, or `design`.
    pub basis: String,
    /// So many returns, then a coordinator rules.
    pub max_returns: u32,
    /// So many days after the answer the citizen may reopen.
    pub reopen_days: u32,
    /// So many days after the answer the citizen may rate; then the case closes by itself.
    pub rating_window_days: u32,
    /// So many days after the answer the citizen may appeal to the coordinators.
    pub appeal_days: u32,
    /// The longest a question to the citizen stops the agency's clock.
    pub pause_cap: Span,
    /// How many extensions an agency may have.
    pub max_extensions: u32,
    /// How far one extension may move the deadline.
    pub max_extension: Span,
    /// Warn when this share of the time is left, in percent.
    pub warn_percent: u8,
    /// Within which time the city office forwards a matter leaders already gave direction on;
    /// absent where no rule says so.
    pub leaders_matter: Option<Span>,
}

/// The limit found for a clock of a case.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    pub(super) row: &'a Row,
    pub(super) span: Span,
    pub(super) from_category: bool,
    pub(super) regime: &'a Regime,
}

impl Limits {
    /// Which revision of the limits this is.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Sectors of technical infrastructure.
    pub fn infrastructure_sectors(&self) -> impl Iterator<Item = &SectorCode> {
        self.infrastructure.iter()
    }

    /// The desk's numbers in force on a day.
    pub(super) fn desk_on(&self, day: Date) -> &DeskRules {
        // `parse_limits` sees to it that the first row holds from the beginning.
        &self.desk[in_force(&self.desk, day, |row| row.valid_from)]
    }

    /// The limit of a clock for a case received on `received`; `own` are the limits of its
    /// category, where they hold for it.
    pub(super) fn find(
        &self,
        clock: Clock,
        facts: &ClockFacts,
        category: Option<&CategoryLimits>,
        received: Date,
    ) -> Option<Found<'_>> {
        let regime = &self.regimes[in_force(&self.regimes, received, |row| row.valid_from)];
        let priority = facts.priority.or_else(|| category.and_then(|c| c.priority));
        let own = category.filter(|c| c.priority.is_none() || c.priority == priority);
        let infrastructure = match category {
            Some(category) => category.infrastructure,
            None => facts.sector.as_ref().is_some_and(|s| self.infrastructure.contains(s)),
        };
        let holds = |want: Option<bool>, is: bool| want.is_none_or(|want| want == is);
        let matches = |row: &&Row| {
            row.clock == clock
                && (row.regimes.is_empty() || row.regimes.contains(&regime.id))
                && (row.kinds.is_empty() || row.kinds.contains(&facts.kind))
                && (row.priorities.is_empty()
                    || priority.is_some_and(|p| row.priorities.contains(&p)))
                && holds(row.urgent, facts.urgent)
                && holds(row.several_agencies, facts.several_agencies)
                && holds(row.infrastructure, infrastructure)
                && holds(row.own_category, own.is_some())
        };
        for row in self.rows.iter().filter(matches) {
            let found = |span, from_category| Found { row, span, from_category, regime };
            match row.limit {
                Limit::Of(span) => return Some(found(span, false)),
                Limit::None => return None,
                Limit::Category => {
                    if let Some(span) = own.and_then(|own| own.limit(clock)) {
                        return Some(found(span, true));
                    }
                }
            }
        }
        None
    }
}

/// The index of the last row in force on a day; rows are in the order of their first days.
fn in_force<T>(rows: &[T], day: Date, valid_from: impl Fn(&T) -> Option<Date>) -> usize {
    rows.iter().rposition(|row| valid_from(row).is_none_or(|from| from <= day)).unwrap_or(0)
}
