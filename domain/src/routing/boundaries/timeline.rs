//! All sets of boundaries together. On any day one set of each level holds: the one imported last
//! among those valid that day, so that an import replaces from a date on and the old set goes on
//! answering for the days before.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Level;
use super::set::{Area, BoundarySet};
use crate::geo::{AreaIndex, Point};
use crate::routing::directory::Validity;

/// Names a stored set and says when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetReference {
    /// What the areas are.
    pub level: Level,
    /// First day; absent for "since ever".
    pub from: Option<Date>,
    /// Last day; absent for "until further notice".
    pub to: Option<Date>,
    /// SHA-256 of the stored text, hexadecimal.
    pub hash: String,
}

impl SetReference {
    /// From when until when the set holds.
    pub fn validity(&self) -> Validity {
        Validity { from: self.from, to: self.to }
    }

    /// Whether this set, imported later, leaves the other no day.
    fn replaces(&self, other: &Self) -> bool {
        self.level == other.level
            && self.from.is_none_or(|from| other.from.is_some_and(|other| from <= other))
            && self.to.is_none_or(|to| other.to.is_some_and(|other| other <= to))
    }
}

/// The references that still answer for a day, in the order of their import.
pub fn effective(imported: impl IntoIterator<Item = SetReference>) -> Vec<SetReference> {
    let mut kept: Vec<SetReference> = Vec::new();
    for next in imported {
        kept.retain(|earlier| !next.replaces(earlier));
        kept.push(next);
    }
    kept
}

/// Names sets together: SHA-256 over a line `LEVEL FROM TO HASH` a set in the order of their
/// import (`-` for no day), hexadecimal; empty for no set.
pub fn hash_of<'a>(sets: impl IntoIterator<Item = &'a SetReference>) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let mut lines = sets
        .into_iter()
        .map(|set| format!("{} {} {} {}\n", set.level, day(set.from), day(set.to), set.hash));
    let Some(first) = lines.next() else { return String::new() };
    let digest =
        lines.fold(Sha256::new_with_prefix(first), |digest, line| digest.chain_update(line));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A set with its index.
#[derive(Debug)]
pub struct IndexedSet {
    /// Its name and validity.
    pub reference: SetReference,
    set: BoundarySet,
    index: AreaIndex,
}

impl IndexedSet {
    /// Builds the index.
    pub fn new(reference: SetReference, set: BoundarySet) -> Self {
        let index = AreaIndex::new(set.areas.iter().map(|area| &area.shape));
        Self { reference, set, index }
    }

    fn find(&self, point: Point) -> Option<&Area> {
        self.index.find(point).and_then(|nth| self.set.areas.get(nth))
    }
}

/// An area that holds a point.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    /// The area.
    pub area: &'a Area,
    /// The last day of its set, when that is over.
    pub ended: Option<Date>,
}

/// Where a point lies on a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Located<'a> {
    /// The ward, when wards are loaded for the day.
    pub ward: Option<Hit<'a>>,
    /// The district: of the set for the day, or of the last one that ended before it, because
    /// agencies go on being looked up by former district.
    pub district: Option<Hit<'a>>,
}

/// All sets that are loaded.
#[derive(Clone, Debug, Default)]
pub struct Boundaries {
    /// In the order of their import.
    sets: Vec<Arc<IndexedSet>>,
    hash: String,
}

impl Boundaries {
    /// Sets in the order of their import.
    pub fn new(sets: Vec<Arc<IndexedSet>>) -> Self {
        let hash = hash_of(sets.iter().map(|set| &set.reference));
        Self { hash, sets }
    }

    /// Whether nothing is loaded.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Names all that is loaded, by [`hash_of`]; empty when nothing is.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The sets in the order of their import.
    pub fn sets(&self) -> &[Arc<IndexedSet>] {
        &self.sets
    }

    /// Where the point lies on a day.
    pub fn locate(&self, point: Point, day: Date) -> Located<'_> {
        let holding = |level: Level| {
            let of_level = self.sets.iter().rev().filter(move |s| s.reference.level == level);
            of_level.clone().find(|s| s.reference.validity().holds_on(day))
        };
        let former = || {
            let districts = self.sets.iter().filter(|s| s.reference.level == Level::District);
            districts
                .filter(|set| set.reference.validity().ended_before(day))
                .max_by_key(|set| set.reference.to)
        };
        Located {
            ward: holding(Level::Ward).and_then(|set| in_set(set, point, day)),
            district: holding(Level::District)
                .or_else(former)
                .and_then(|set| in_set(set, point, day)),
        }
    }
}

fn in_set(set: &IndexedSet, point: Point, day: Date) -> Option<Hit<'_>> {
    let ended = set.reference.to.filter(|to| *to < day);
    set.find(point).map(|area| Hit { area, ended })
}
