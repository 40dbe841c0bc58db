//! The statements that compare, one text for both databases.

use std::fmt::Write;

use hoiam_projections::table::Table;

use crate::rebuild::target::beside;
use crate::rebuild::unit::{Unit, case_column};

/// A table, the one beside it, and how far that is.
pub(super) struct Question {
    table: &'static Table,
    /// Where what is served stands: the head for inline projections, else the checkpoint.
    served: String,
    /// The column of the case, by which cases appended to meanwhile are left out.
    case: Option<&'static str>,
    position: u64,
}

impl Question {
    pub(super) fn about(unit: Unit, table: &'static Table, position: u64) -> Self {
        let served = if unit.is_follower() {
            // A name of this program's own.
            format!(
                "(SELECT coalesce(max(position), 0) FROM follower_checkpoints WHERE name = '{}')",
                unit.name()
            )
        } else {
            "(SELECT position FROM log_head WHERE id = 1)".to_owned()
        };
        let case = case_column(table).map(|at| table.columns[at].0);
        Self { table, served, case, position }
    }

    /// Whether an answer counts if what is served stood there at that moment.
    pub(super) fn holds_at(&self, served: u64) -> bool {
        self.case.is_some() || served == self.position
    }

    /// Where what is served stands, rows served, rows beside, and how many are in both alike.
    pub(super) fn count(&self) -> String {
        let (live, beside) = self.names();
        let mut same = format!("{} WHERE {}", self.join("JOIN"), self.counts("l"));
        self.condition(&mut same, " AND ", &self.unmoved("l"));
        for column in self.table.columns.iter().skip(self.table.key) {
            // Writing to a string cannot fail.
            let _ = write!(same, " AND l.\"{0}\" IS NOT DISTINCT FROM s.\"{0}\"", column.0);
        }
        let counted = |table: &str| {
            let mut sql = format!("SELECT count(*) FROM {table} x WHERE {}", self.counts("x"));
            self.condition(&mut sql, " AND ", &self.unmoved("x"));
            sql
        };
        format!(
            "SELECT CAST({} AS BIGINT), ({}), ({}), (SELECT count(*) FROM {same})",
            self.served,
            counted(&live),
            counted(&beside)
        )
    }

    /// The first row that is not alike: whether it is served, whether it is beside, both rows.
    pub(super) fn first(&self) -> String {
        let columns = |side: &str| {
            let all: Vec<String> =
                self.table.columns.iter().map(|c| format!("{side}.\"{}\"", c.0)).collect();
            all.join(", ")
        };
        let key = &self.table.columns[..self.table.key];
        let there = |side: &str| {
            format!("CAST(CASE WHEN {side}.\"{}\" IS NULL THEN 0 ELSE 1 END AS BIGINT)", key[0].0)
        };
        let mut sql = format!(
            "SELECT {}, {}, {}, {} FROM {}",
            there("l"),
            there("s"),
            columns("l"),
            columns("s"),
            self.join("FULL JOIN")
        );
        let mut other = format!("l.\"{0}\" IS NULL OR s.\"{0}\" IS NULL", key[0].0);
        for column in self.table.columns.iter().skip(self.table.key) {
            // Writing to a string cannot fail.
            let _ = write!(other, " OR l.\"{0}\" IS DISTINCT FROM s.\"{0}\"", column.0);
        }
        let _ =
            write!(sql, " WHERE ({other}) AND (({}) OR ({}))", self.counts("l"), self.counts("s"));
        self.condition(&mut sql, " AND ", &self.unmoved("l"));
        self.condition(&mut sql, " AND ", &self.unmoved("s"));
        let order: Vec<String> =
            key.iter().map(|c| format!("coalesce(l.\"{0}\", s.\"{0}\")", c.0)).collect();
        let _ = write!(sql, " ORDER BY {} LIMIT 1", order.join(", "));
        sql
    }

    fn names(&self) -> (String, String) {
        (format!("\"{}\"", self.table.name), format!("\"{}\"", beside(self.table.name)))
    }

    fn join(&self, how: &str) -> String {
        let (live, beside) = self.names();
        let on: Vec<String> = self.table.columns[..self.table.key]
            .iter()
            .map(|column| format!("l.\"{0}\" = s.\"{0}\"", column.0))
            .collect();
        format!("{live} l {how} {beside} s ON {}", on.join(" AND "))
    }

    /// Only rows of cases that nobody appended to between the one and the other; a side of a row
    /// that is not there passes.
    fn unmoved(&self, side: &str) -> Option<String> {
        let case = self.case?;
        let (position, served) = (self.position, &self.served);
        Some(format!(
            "({side}.\"{case}\" IS NULL OR {side}.\"{case}\" NOT IN (SELECT stream FROM events \
             WHERE (position > {position} AND position <= {served}) \
             OR (position > {served} AND position <= {position})))"
        ))
    }

    /// Rows that say something: one whose sums are all zero is as good as none.
    fn counts(&self, side: &str) -> String {
        let sums = &self.table.columns[self.table.columns.len() - self.table.add..];
        if sums.is_empty() {
            return "1 = 1".to_owned();
        }
        let sums: Vec<String> =
            sums.iter().map(|column| format!("{side}.\"{}\" <> 0", column.0)).collect();
        format!("({})", sums.join(" OR "))
    }

    fn condition<'c>(
        &self,
        sql: &mut String,
        begin: &str,
        condition: impl Into<Option<&'c String>>,
    ) {
        if let Some(condition) = condition.into() {
            sql.push_str(begin);
            sql.push_str(condition);
        }
    }
}
