//! `hoiam rules lint`: what is wrong or doubtful in the files, by file and line.

use std::io;
use std::path::{Path, PathBuf};

use hoiam_domain::routing::ruleset::lint::{Finding, Severity, lint};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::RulesCommandError;
use crate::rules::Source;

/// Arguments of `rules lint`.
#[derive(Clone, Debug, clap::Args)]
pub struct LintArgs {
    /// The rules directory.
    dir: Option<PathBuf>,
    /// The day it is looked at, e.g. 2026-07-01 [default: today].
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Warnings fail as well.
    #[arg(long)]
    strict: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: &'a [Finding],
}

pub(super) fn run(
    args: &LintArgs,
    rules: Option<&Path>,
    now: Timestamp,
    out: &mut dyn io::Write,
) -> Result<(), RulesCommandError> {
    let day: Date = match &args.at {
        Some(text) => text.parse().map_err(|error: jiff::Error| RulesCommandError::Argument {
            argument: "--at",
            message: error.to_string(),
        })?,
        // The day may differ from the city's by one around midnight, which no check minds.
        None => now.to_zoned(TimeZone::UTC).date(),
    };
    let files = Source::choose(args.dir.as_deref().or(rules)).files()?;
    let findings = lint(&files, day);
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let report = Report {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        findings: &findings,
    };
    if args.json { json(&report, out) } else { lines(&report, out) }
        .map_err(RulesCommandError::write)?;
    if report.errors > 0 || (args.strict && report.warnings > 0) {
        return Err(RulesCommandError::Lint { errors: report.errors, warnings: report.warnings });
    }
    Ok(())
}

fn json(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(report).map_err(io::Error::other)?;
    writeln!(out, "{text}")
}

fn lines(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in report.findings {
        writeln!(out, "{finding}")?;
    }
    writeln!(
        out,
        "{} lỗi · errors, {} cảnh báo · warnings, {} lưu ý · notes",
        report.errors, report.warnings, report.notes
    )
}
