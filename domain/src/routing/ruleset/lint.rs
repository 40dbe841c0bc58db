//! What is wrong or doubtful in a rule set beyond what loading refuses: rules that never decide,
//! rules whose order alone decides, focal points nobody sits at, units that end without anybody
//! taking over, rows whose dates never apply.
//!
//! - `rules`: the decision tables.
//! - `units`: agencies, focal points, categories.
//! - `dates`: rows that are never in force.
//! - `time`: limits and calendars.

mod dates;
mod rules;
mod time;
mod units;

use jiff::civil::Date;
use serde::Serialize;

use super::RuleSet;
use super::reading::{Row, Spots};
use crate::file_error::FileError;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot be meant: the set is refused, or a rule can never decide.
    Error,
    /// Cases may go where nobody takes them, or a row does nothing.
    Warning,
    /// Worth a look.
    Note,
}

impl Severity {
    /// The word in data and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Which check found it, e.g. `unreachable`.
    pub check: &'static str,
    /// Path relative to the rules directory.
    pub file: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// In Vietnamese. What loading refuses is told in English only.
    pub vi: String,
    /// In English.
    pub en: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = FileError { file: self.file.clone(), line: self.line, message: String::new() };
        write!(f, "{place}{}[{}]: {}", self.severity.as_str(), self.check, self.vi)?;
        if self.vi == self.en { Ok(()) } else { write!(f, " · {}", self.en) }
    }
}

/// A set being looked at.
struct Lint<'a> {
    rules: &'a RuleSet,
    spots: Spots<'a>,
    day: Date,
    findings: Vec<Finding>,
}

/// Looks at the files of a rule set as of a day; what is found, by file and line. A set that does
/// not load gives only the reasons why.
pub fn lint(files: &[(String, String)], day: Date) -> Vec<Finding> {
    let (rules, spots) = match RuleSet::load_with_spots(files) {
        Ok(loaded) => loaded,
        Err(errors) => return errors.into_iter().map(invalid).collect(),
    };
    let mut lint = Lint { rules: &rules, spots, day, findings: Vec::new() };
    lint.tables();
    lint.units();
    lint.dates();
    lint.time(files);
    lint.readings(files);
    let mut findings = lint.findings;
    findings.sort_by(|a, b| (&a.file, a.line, a.severity).cmp(&(&b.file, b.line, b.severity)));
    findings
}

fn invalid(error: FileError) -> Finding {
    Finding {
        severity: Severity::Error,
        check: "invalid",
        file: error.file,
        line: error.line,
        vi: error.message.clone(),
        en: error.message,
    }
}

impl Lint<'_> {
    /// Requests to know who a denouncer is that stand open for long.
    fn readings(&mut self, files: &[(String, String)]) {
        let Some((vi, en)) = self.rules.settings.readings.doubts() else { return };
        let file = "routing.toml";
        let text = files.iter().find(|(path, _)| path == file).map_or("", |(_, text)| text);
        let at = text.lines().position(|line| line.trim() == "[readings]");
        let line = at.map_or(0, |at| at + 1);
        let (severity, check) = (Severity::Warning, "readings");
        self.findings.push(Finding { severity, check, file: file.to_owned(), line, vi, en });
    }

    fn found(
        &mut self,
        severity: Severity,
        check: &'static str,
        (row, code): (Row, &str),
        vi: String,
        en: String,
    ) {
        let FileError { file, line, .. } = self.spots.place(row, code);
        self.findings.push(Finding { severity, check, file, line, vi, en });
    }
}

#[cfg(test)]
mod tests;
