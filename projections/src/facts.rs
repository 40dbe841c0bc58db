//! Figures as facts: what a case adds to every count and sum of the desk.
//!
//! [`facts_of`] says it of a case as it stands. The follower writes, with each event, the
//! difference to before: what is new is added, what no longer holds is taken back, both under the
//! instant the event was recorded. So a correction or a re-routing needs no rule of its own, and
//! what was known at any past moment is the sum of what was recorded by then.
//!
//! - [`of`]: the facts of a case.
//! - [`measure`]: what is counted.
//! - [`duration`]: buckets from which medians and percentiles are read.
//! - [`tables`]: where it is written: every fact by itself, and sums by day and group.
//! - [`sums`]: sums of those, by one dimension at a time.

pub mod duration;
pub mod measure;
pub mod of;
mod place;
pub mod sums;
pub mod tables;
#[cfg(test)]
mod tests;

pub use measure::Measure;
pub use of::{Fact, Shared, facts_of, shared_of};

use crate::change::Change;
use crate::follower::{Follower, RollUp};
use crate::table::{Row, Table};

/// The follower that writes the facts.
pub struct Facts;

static TABLES: &[&Table] = &[
    &tables::FACT_GROUPS,
    &tables::CASE_FACTS,
    &tables::PLACE_FACTS,
    &tables::DAILY_FACTS,
    &tables::DAILY_DURATIONS,
    &sums::FIGURE_SUMS,
];

impl Follower for Facts {
    fn name(&self) -> &'static str {
        "facts"
    }

    /// 2: sums by day are by what facts are counted by, no longer by every dimension of it. 3: sums
    /// of those by one dimension.
    fn version(&self) -> u32 {
        3
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn roll_up(&self) -> Option<&'static RollUp> {
        Some(&sums::ROLL_UP)
    }

    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        tables::write_place(change, rows);
        let shared = shared_of(change.after);
        let after = facts_of(change.after);
        let Some(before) = change.before else {
            return tables::write(change, &[(1, &shared, after.as_slice())], rows);
        };
        let was = shared_of(before);
        let mut gone = facts_of(before);
        if was != shared {
            let both = [(-1, &was, gone.as_slice()), (1, &shared, after.as_slice())];
            return tables::write(change, &both, rows);
        }
        let mut new = Vec::new();
        for fact in after {
            match gone.iter().position(|old| *old == fact) {
                Some(at) => drop(gone.swap_remove(at)),
                None => new.push(fact),
            }
        }
        if !gone.is_empty() || !new.is_empty() {
            let both = [(-1, &was, gone.as_slice()), (1, &shared, new.as_slice())];
            tables::write(change, &both, rows);
        }
    }
}
