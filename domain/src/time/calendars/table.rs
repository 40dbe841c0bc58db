//! One timetable (the city's, or an agency's) over all covered days, with running sums: adding
//! a span costs a binary search, whatever its length.

use std::sync::Arc;

use super::super::file_values::{DAY_US, Stretch};

/// A moment inside the table: the day's index, and microseconds from its midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) day: usize,
    pub(super) us: i64,
}

/// One day of a timetable.
#[derive(Clone, Debug)]
pub(super) struct TableDay {
    /// The stretches that count, in order, not overlapping.
    pub(super) open: Arc<[Stretch]>,
    /// Whether the day counts as a working day.
    pub(super) counts: bool,
    /// Office microseconds of all days before.
    before: i64,
}

/// A timetable.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) days: Vec<TableDay>,
    /// The indexes of the days that count as working days.
    counting: Vec<usize>,
}

impl Table {
    /// Builds the sums over (stretches, counts as a working day) of each covered day.
    pub(super) fn new(days: impl Iterator<Item = (Arc<[Stretch]>, bool)>) -> Self {
        let mut before = 0;
        let days: Vec<TableDay> = days
            .map(|(open, counts)| {
                let day = TableDay { before, counts, open };
                before += day.open.iter().map(|s| s.to - s.from).sum::<i64>();
                day
            })
            .collect();
        let counting = (0..days.len()).filter(|i| days[*i].counts).collect();
        Self { days, counting }
    }

    /// Office microseconds from the first covered day until `place`.
    pub(super) fn worked(&self, place: Place) -> i64 {
        let Some(day) = self.days.get(place.day) else { return 0 };
        let today = day.open.iter().map(|s| place.us.clamp(s.from, s.to) - s.from);
        day.before + today.sum::<i64>()
    }

    /// The first place, not before `from`, where `amount` more office microseconds have passed
    /// than at `from`; `None` past the last covered day.
    pub(super) fn after_work(&self, from: Place, amount: i64) -> Option<Place> {
        if amount <= 0 {
            return Some(from);
        }
        let target = self.worked(from).checked_add(amount)?;
        // The last day that begins with less than the target behind it holds the place.
        let day = self.days.partition_point(|day| day.before < target).checked_sub(1)?;
        let mut left = target - self.days[day].before;
        for stretch in self.days[day].open.iter() {
            let length = stretch.to - stretch.from;
            if left <= length {
                return Some(Place { day, us: stretch.from + left });
            }
            left -= length;
        }
        None
    }

    /// The first day that counts, from `day` on.
    pub(super) fn next_counting(&self, day: usize) -> Option<usize> {
        self.nth_counting(day, 0)
    }

    /// The `n`-th counting day after the first one from `day` on.
    pub(super) fn nth_counting(&self, day: usize, n: u32) -> Option<usize> {
        let first = self.counting.partition_point(|index| *index < day);
        self.counting.get(first.checked_add(usize::try_from(n).ok()?)?).copied()
    }

    /// How many counting days lie after day `from`, up to and with day `to`.
    pub(super) fn counting_between(&self, from: usize, to: usize) -> u32 {
        let until = |day: usize| self.counting.partition_point(|index| *index <= day);
        u32::try_from(until(to).saturating_sub(until(from))).unwrap_or(u32::MAX)
    }

    /// The next place at or after `place` where office hours run.
    pub(super) fn next_open(&self, place: Place) -> Option<Place> {
        let today = self.days.get(place.day)?;
        if let Some(stretch) = today.open.iter().find(|s| place.us < s.to) {
            return Some(Place { day: place.day, us: place.us.max(stretch.from) });
        }
        let day = self.days.get(place.day + 1..)?.iter().position(|day| !day.open.is_empty())?;
        let day = place.day + 1 + day;
        Some(Place { day, us: self.days[day].open.first().map_or(0, |s| s.from) })
    }
}

/// The last second of a day, which is how its end at 24:00 is written.
pub(super) const LAST_SECOND: i64 = DAY_US - 1_000_000;
