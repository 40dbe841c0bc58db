//! A report as a table of text.

use std::fmt;

use super::{Counts, Report};

const HEADER: [&str; 9] =
    ["received", "open", "on time", "late", "no target", "returned", "reopened", "merged", "name"];

impl Counts {
    fn cells(&self) -> [i64; 8] {
        [
            self.received,
            self.open,
            self.closed_on_time,
            self.closed_late,
            self.closed_without_target,
            self.returned,
            self.reopened,
            self.merged,
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = |code: &Option<String>| code.clone().unwrap_or_else(|| "-".to_owned());
        let longest = self.rows.iter().map(|row| code(&row.code).chars().count()).max();
        let width = longest.unwrap_or(0).max("total".len());
        write!(f, "{:<width$}", "code")?;
        for (nth, title) in HEADER.iter().enumerate() {
            if nth + 1 == HEADER.len() {
                writeln!(f, "  {title}")?;
            } else {
                write!(f, "  {title:>9}")?;
            }
        }
        let mut line = |code: &str, counts: &Counts, name: &str| {
            write!(f, "{code:<width$}")?;
            for cell in counts.cells() {
                write!(f, "  {cell:>9}")?;
            }
            writeln!(f, "{}{name}", if name.is_empty() { "" } else { "  " })
        };
        for row in &self.rows {
            line(&code(&row.code), &row.counts, &row.name)?;
        }
        line("total", &self.total, "")
    }
}
