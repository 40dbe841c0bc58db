//! What can be rebuilt: every projection by its name, inline or follower.

use hoiam_projections::Change;
use hoiam_projections::follower::{FOLLOWERS, Follower, RollUp};
use hoiam_projections::inline::{INLINE, Inline};
use hoiam_projections::table::{Row, Table, Type};

use super::RebuildError;

/// One projection.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// Written in the append's transaction.
    Inline(&'static Inline),
    /// Written behind the log, under a checkpoint.
    Follower(&'static dyn Follower),
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inline(inline) => inline.name,
            Self::Follower(follower) => follower.name(),
        }
    }

    /// The version of this program.
    pub(crate) fn version(self) -> u32 {
        match self {
            Self::Inline(inline) => inline.version,
            Self::Follower(follower) => follower.version(),
        }
    }

    pub(crate) fn tables(self) -> &'static [&'static Table] {
        match self {
            Self::Inline(inline) => inline.tables,
            Self::Follower(follower) => follower.tables(),
        }
    }

    /// Whether its rows are made for one event at a time, not for a whole append.
    pub(crate) fn is_follower(self) -> bool {
        matches!(self, Self::Follower(_))
    }

    /// Its table of sums of other rows, if it has one.
    pub(crate) fn roll_up(self) -> Option<&'static RollUp> {
        match self {
            Self::Inline(_) => None,
            Self::Follower(follower) => follower.roll_up(),
        }
    }

    pub(crate) fn rows(self, change: &Change<'_>, rows: &mut Vec<Row>) {
        match self {
            Self::Inline(inline) => inline.rows(change, rows),
            Self::Follower(follower) => follower.rows(change, rows),
        }
    }
}

/// Every projection of this program.
pub(crate) fn all() -> Vec<Unit> {
    let followers = FOLLOWERS.iter().map(|follower| Unit::Follower(*follower));
    INLINE.iter().map(Unit::Inline).chain(followers).collect()
}

/// The projections of these names, in the program's order; all of them if there are no names.
pub(crate) fn named(names: &[&str]) -> Result<Vec<Unit>, RebuildError> {
    let all = all();
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|unit| unit.name() == **name)) {
        return Err(RebuildError::Unknown {
            name: (*unknown).to_owned(),
            known: all.iter().map(|unit| unit.name()).collect::<Vec<_>>().join(", "),
        });
    }
    Ok(all.into_iter().filter(|u| names.is_empty() || names.contains(&u.name())).collect())
}

/// The column that says which case a row belongs to, by its place, if there is one.
pub(crate) fn case_column(table: &Table) -> Option<usize> {
    table.columns.iter().position(|column| column.0 == "case_id" && column.1 == Type::Uuid)
}
