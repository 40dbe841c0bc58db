//! `hoiam sla`: deadlines and their reasons, for anyone who wants to check one by hand.

use std::io;

use hoiam_domain::codes::{AgencyCode, CategoryCode};
use hoiam_domain::kinds::{Clock, Kind, Priority};
use hoiam_domain::routing::directory::Directory;
use hoiam_domain::time::parse::parse_time;
use hoiam_domain::time::{
    ClockFacts, Deadline, Due, Explanation, Policy, SkippedDay, Span, TimeError,
};
use jiff::Timestamp;
use serde::Serialize;

use super::in_force::{Wanted, Which};

/// Count deadlines and say why.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum SlaCommand {
    /// The deadlines of every clock of a case received, and dispatched, at a moment.
    Due(DueArgs),
    /// Add a period to a moment: the bare arithmetic.
    Add(AddArgs),
}

/// Arguments of `sla due`.
#[derive(Clone, Debug, clap::Args)]
pub struct DueArgs {
    /// Kind of case.
    #[arg(long, default_value = "incident")]
    kind: Kind,
    /// Category, e.g. GT01.
    #[arg(long)]
    category: Option<String>,
    /// Priority P1 to P4; the category's own where absent.
    #[arg(long)]
    priority: Option<Priority>,
    /// When it was received: 2026-02-10T09:00 (local), or with an offset.
    #[arg(long, value_name = "TIME")]
    at: String,
    /// The agency whose hours count.
    #[arg(long)]
    agency: Option<String>,
    /// Marked urgent.
    #[arg(long)]
    urgent: bool,
    /// Several agencies take part.
    #[arg(long)]
    several_agencies: bool,
    #[command(flatten)]
    which: Which,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `sla add`.
#[derive(Clone, Debug, clap::Args)]
pub struct AddArgs {
    /// The moment to start from: 2026-02-10T09:00 (local), or with an offset.
    #[arg(long, value_name = "TIME")]
    at: String,
    #[command(flatten)]
    length: Length,
    #[command(flatten)]
    which: Which,
    /// The agency whose hours count.
    #[arg(long)]
    agency: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl SlaCommand {
    /// The set in force, unless files were named.
    pub(super) const fn wanted(&self, files_named: bool) -> Wanted {
        let which = match self {
            Self::Due(args) => args.which,
            Self::Add(args) => args.which,
        };
        Wanted { rules: which.as_the_server(files_named), boundaries: false }
    }
}

/// The period: one of three.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Length {
    /// Working days ("ngày làm việc").
    #[arg(long, value_name = "N", value_parser = count())]
    working_days: Option<u32>,
    /// Calendar days ("ngày").
    #[arg(long, value_name = "N", value_parser = count())]
    days: Option<u32>,
    /// Hours inside office hours.
    #[arg(long, value_name = "H", value_parser = count())]
    working_hours: Option<u32>,
}

fn count() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=100_000)
}

impl Length {
    fn span(&self) -> Option<Span> {
        let days = self.working_days.map(Span::WorkingDays).or(self.days.map(Span::Days));
        days.or(self.working_hours.map(Span::WorkingHours))
    }
}

/// Why `hoiam sla` could not answer.
#[derive(Debug, thiserror::Error)]
pub enum SlaError {
    /// An argument that says something impossible or unknown.
    #[error("{argument}: {message}")]
    Argument {
        /// The argument, e.g. `--at`.
        argument: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The calendar does not reach.
    #[error("--at: {0}")]
    Time(#[from] TimeError),
    /// The answer could not be written.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

impl SlaError {
    /// The exit code: 2 for what the caller gave, 1 for the rest.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Argument { .. } | Self::Time(_) => 2,
            Self::Write(_) => 1,
        }
    }
}

/// Runs the command and writes the answer to `out`.
///
/// # Errors
/// An argument that is impossible or unknown, a year the calendar lacks, or a failed write.
pub fn run(
    command: &SlaCommand,
    policy: &Policy,
    directory: &Directory,
    out: &mut dyn io::Write,
) -> Result<(), SlaError> {
    match command {
        SlaCommand::Due(args) => due(args, policy, directory, out),
        SlaCommand::Add(args) => add(args, policy, directory, out),
    }
}

fn due(
    args: &DueArgs,
    policy: &Policy,
    directory: &Directory,
    out: &mut dyn io::Write,
) -> Result<(), SlaError> {
    let at = moment(&args.at, policy)?;
    let category = args.category.as_deref().map(CategoryCode::from);
    let row = category
        .as_ref()
        .map(|code| directory.category(code).ok_or_else(|| unknown("--category", code.as_str())));
    let facts = ClockFacts {
        kind: args.kind,
        sector: row.transpose()?.map(|row| row.sector.clone()),
        category,
        priority: args.priority,
        urgent: args.urgent,
        several_agencies: args.several_agencies,
        agency: agency(args.agency.as_deref(), directory)?,
        received_at: at,
    };
    let mut deadlines = Vec::new();
    for clock in Clock::ALL {
        deadlines.extend(policy.deadline(*clock, &facts, at)?);
    }
    if args.json {
        let deadlines = deadlines.iter().map(|d| DeadlineJson::of(d, policy)).collect();
        return json(&DueJson { deadlines }, out);
    }
    for deadline in &deadlines {
        let (due, why) = (local(deadline.due, policy), &deadline.explanation);
        writeln!(out, "{:<11} {due}  ({})", deadline.clock, deadline.span)?;
        writeln!(out, "  {}\n  {}", why.vi, why.en)?;
    }
    Ok(())
}

fn add(
    args: &AddArgs,
    policy: &Policy,
    directory: &Directory,
    out: &mut dyn io::Write,
) -> Result<(), SlaError> {
    let at = moment(&args.at, policy)?;
    let agency = agency(args.agency.as_deref(), directory)?;
    let span = args.length.span().ok_or_else(|| SlaError::Argument {
        argument: "--working-days",
        message: "give one of --working-days, --days, --working-hours".to_owned(),
    })?;
    let Due { at: due, explanation: why } = policy.calendars.add(agency.as_ref(), at, span)?;
    if !args.json {
        writeln!(out, "{}\n  {}\n  {}", local(due, policy), why.vi, why.en)?;
        return Ok(());
    }
    let answer = AddJson {
        start: local(at, policy),
        span: span.to_string(),
        due: local(due, policy),
        explanation: both(&why),
        calendar: &why.calendar,
        skipped: &why.skipped,
    };
    json(&answer, out)
}

#[derive(Serialize)]
struct AddJson<'a> {
    start: String,
    span: String,
    due: String,
    explanation: String,
    calendar: &'a str,
    skipped: &'a [SkippedDay],
}

#[derive(Serialize)]
struct DueJson<'a> {
    deadlines: Vec<DeadlineJson<'a>>,
}

#[derive(Serialize)]
struct DeadlineJson<'a> {
    clock: Clock,
    span: String,
    start: String,
    due: String,
    warn_at: Option<String>,
    explanation: String,
    policy: &'a str,
    basis: &'a str,
    calendar: &'a str,
    skipped: &'a [SkippedDay],
}

impl<'a> DeadlineJson<'a> {
    fn of(deadline: &'a Deadline, policy: &Policy) -> Self {
        let why = &deadline.explanation;
        Self {
            clock: deadline.clock,
            span: deadline.span.to_string(),
            start: local(deadline.start, policy),
            due: local(deadline.due, policy),
            warn_at: deadline.warn_at.map(|at| local(at, policy)),
            explanation: both(why),
            policy: &why.policy,
            basis: &why.basis,
            calendar: &why.calendar,
            skipped: &why.skipped,
        }
    }
}

fn json(answer: &impl Serialize, out: &mut dyn io::Write) -> Result<(), SlaError> {
    serde_json::to_writer_pretty(&mut *out, answer).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// The reason in both languages, Vietnamese first.
fn both(why: &Explanation) -> String {
    format!("{}\n{}", why.vi, why.en)
}

/// RFC 3339 in the city's zone, whole seconds.
fn local(at: Timestamp, policy: &Policy) -> String {
    let local = at.to_zoned(policy.calendars.zone().clone());
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn moment(text: &str, policy: &Policy) -> Result<Timestamp, SlaError> {
    let read = parse_time(text, policy.calendars.zone());
    read.map_err(|message| SlaError::Argument { argument: "--at", message })
}

fn agency(code: Option<&str>, directory: &Directory) -> Result<Option<AgencyCode>, SlaError> {
    let Some(code) = code.map(AgencyCode::from) else { return Ok(None) };
    match directory.agency(&code) {
        Some(_) => Ok(Some(code)),
        None => Err(unknown("--agency", code.as_str())),
    }
}

fn unknown(argument: &'static str, code: &str) -> SlaError {
    let code: String = code.chars().take(60).collect();
    SlaError::Argument { argument, message: format!("`{code}` is not in the directory") }
}

#[cfg(test)]
mod tests;
