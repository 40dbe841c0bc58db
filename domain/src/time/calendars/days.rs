//! The city's days: which work, which do not, and why.

use jiff::Unit;
use jiff::civil::Date;

use super::super::error::TimeError;

/// What a day of the city is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// An ordinary working day.
    Working,
    /// A weekend day that works in place of `instead_of`.
    MadeUp {
        /// The weekday that is off for it.
        instead_of: Date,
    },
    /// A weekend day.
    Weekend,
    /// A public holiday, the day off in place of one, or a swapped day off.
    Holiday {
        /// Name in Vietnamese.
        vi: String,
        /// Name in English.
        en: String,
    },
}

/// A day of the city.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) status: Status,
}

impl Day {
    /// Whether public offices work.
    pub(super) fn works(&self) -> bool {
        matches!(self.status, Status::Working | Status::MadeUp { .. })
    }
}

/// A covered year.
#[derive(Clone, Debug)]
pub(super) struct Year {
    pub(super) year: i16,
    /// Whether the days off were announced; otherwise they are predicted.
    pub(super) announced: bool,
}

/// All covered days, in order and without gaps.
#[derive(Clone, Debug)]
pub(super) struct Days {
    pub(super) years: Vec<Year>,
    pub(super) days: Vec<Day>,
}

impl Days {
    /// The index of a date.
    pub(super) fn index(&self, date: Date) -> Result<usize, TimeError> {
        self.find(date).ok_or_else(|| self.not_covered(date.year()))
    }

    /// The index of a date, if it is covered.
    pub(super) fn find(&self, date: Date) -> Option<usize> {
        let first = self.days.first()?.date;
        let days = first.until((Unit::Day, date)).ok()?.get_days();
        usize::try_from(days).ok().filter(|index| *index < self.days.len())
    }

    /// The error for a year that is not covered.
    pub(super) fn not_covered(&self, year: i16) -> TimeError {
        let (first, last) = self.bounds();
        TimeError::YearNotCovered { year, first, last }
    }

    /// The error for a period that runs past the last covered year.
    pub(super) fn past_the_end(&self) -> TimeError {
        self.not_covered(self.bounds().1.saturating_add(1))
    }

    fn bounds(&self) -> (i16, i16) {
        let year = |year: Option<&Year>| year.map_or(0, |y| y.year);
        (year(self.years.first()), year(self.years.last()))
    }

    /// The years between two day indexes whose days off are only predicted.
    pub(super) fn predicted(&self, from: usize, to: usize) -> Vec<i16> {
        let year_at = |index: usize| self.days.get(index).map(|day| day.date.year());
        let (Some(from), Some(to)) = (year_at(from), year_at(to)) else { return Vec::new() };
        let inside = |y: &&Year| !y.announced && (from..=to).contains(&y.year);
        self.years.iter().filter(inside).map(|y| y.year).collect()
    }
}
