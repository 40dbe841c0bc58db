//! A report as a table of text.

use std::fmt;

use super::{Counts, Period, Ranking, Report};

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
        line("total", &self.total, "")?;
        self.happened(f, width)
    }
}

/// Headings of what happened in the period.
const HAPPENED: [&str; 10] = [
    "resolved",
    "answered",
    "on time",
    "late",
    "late min",
    "still late",
    "returned",
    "reopened",
    "merged",
    "repeats",
];

impl Period {
    fn cells(&self) -> [i64; 10] {
        [
            self.resolved,
            self.answered,
            self.on_time,
            self.late,
            self.late_minutes,
            self.still_late,
            self.returned,
            self.reopened,
            self.merged,
            self.repeats,
        ]
    }
}

impl Report {
    /// What happened in the period, and how long stages took.
    fn happened(&self, f: &mut fmt::Formatter<'_>, width: usize) -> fmt::Result {
        write!(f, "\nIn the period\n{:<width$}", "code")?;
        HAPPENED.iter().try_for_each(|title| write!(f, "  {title:>10}"))?;
        let rows = self.rows.iter().map(|row| (row.code.as_deref().unwrap_or("-"), &row.period));
        for (code, period) in rows.chain([("total", &self.total_period)]) {
            write!(f, "\n{code:<width$}")?;
            period.cells().iter().try_for_each(|cell| write!(f, "  {cell:>10}"))?;
        }
        writeln!(f, "\n\nMinutes by stage, all together: ended, median, nine in ten")?;
        for time in &self.total_period.stages {
            let (count, median, p90) = (time.count, time.median_minutes, time.p90_minutes);
            writeln!(f, "{:<16}  {count:>9}  {median:>9}  {p90:>9}", time.stage)?;
        }
        Ok(())
    }
}

impl fmt::Display for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.code.chars().count()).max().unwrap_or(0).max(4);
        let titles = ["received", "answered", "on time", "late", "returned", "reopened", "repeats"];
        write!(f, "rank  {:<width$}  score", "code")?;
        titles.iter().try_for_each(|title| write!(f, "  {title:>8}"))?;
        writeln!(f, "  name")?;
        for row in &self.rows {
            let or_none = |n: Option<i64>| n.map_or("-".to_owned(), |n| n.to_string());
            let rank = or_none(row.rank.and_then(|rank| i64::try_from(rank).ok()));
            write!(f, "{rank:>4}  {:<width$}  {:>5}", row.code, or_none(row.score.score))?;
            let all = row.inputs;
            let cells = [
                all.received,
                all.answered,
                all.on_time,
                all.late,
                all.returned,
                all.reopened,
                all.repeats,
            ];
            cells.iter().try_for_each(|cell| write!(f, "  {cell:>8}"))?;
            writeln!(f, "  {}", row.name)?;
        }
        writeln!(f, "\n{}\n{}", self.formula, self.weights.why)
    }
}
