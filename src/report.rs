//! Reports: figures put together for people, with the names of the directory.
//!
//! The first counts are of the cases received in the period, each under what it is now: `received`
//! counts all of them; each is then `open`, one of the three closed ones, or `merged` into another
//! case. It is closed on time when the citizen's clock stopped no later than its deadline; a case
//! without such a deadline (another system's that had no target, an emergency handed over) is
//! `closed_without_target`. `returned` and `reopened` count cases that were returned by an agency,
//! or reopened, at least once.
//!
//! `period` counts what happened in the period, whenever the case was received, and charges it to
//! whoever it was up to. All of it can be asked for as of a past moment.

mod ranked;
mod table;
mod words;

use hoiam_domain::routing::Directory;
use hoiam_projections::facts::Measure;
use jiff::Timestamp;
use serde::Serialize;

pub use crate::figures::By;
use crate::figures::{self, Question, StageTime};
use crate::followers::{FollowerError, catch_up};
use crate::log::Log;
pub use ranked::{Ranked, Ranking, ranking};
pub(crate) use words::{code, name};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The figures could not be brought up to date.
    #[error(transparent)]
    Follower(#[from] FollowerError),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Database(#[from] sqlx::Error),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What to count by.
    pub by: By,
    /// From this moment on; none: from the beginning.
    pub from: Option<Timestamp>,
    /// Before this moment; none: without end.
    pub to: Option<Timestamp>,
    /// As it was known at this moment; none: as it is now.
    pub as_of: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

impl Asked {
    /// Everything there is by now.
    pub fn all(by: By, now: Timestamp) -> Self {
        Self { by, from: None, to: None, as_of: None, now }
    }

    fn question(&self) -> Question {
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
        Question {
            by: self.by,
            from: micros(self.from),
            to: micros(self.to),
            as_of: micros(self.as_of),
            now: self.now.as_microsecond(),
            agency: None,
            only: Vec::new(),
            // Whoever runs reports is not of the group.
            sealed: false,
        }
    }
}

/// How many cases, of those received in the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Received in the period.
    pub received: i64,
    /// Of those, not finished.
    pub open: i64,
    /// Finished no later than the deadline.
    pub closed_on_time: i64,
    /// Finished later than the deadline.
    pub closed_late: i64,
    /// Finished, without a deadline.
    pub closed_without_target: i64,
    /// Returned by an agency at least once.
    pub returned: i64,
    /// Reopened at least once.
    pub reopened: i64,
    /// Merged into another case.
    pub merged: i64,
}

/// What happened in the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The agency's work was finished.
    pub resolved: i64,
    /// The citizen was answered.
    pub answered: i64,
    /// The citizen's clock stopped in time.
    pub on_time: i64,
    /// The citizen's deadline passed unmet, whether the case is finished since or not; charged to
    /// whoever held it then.
    pub late: i64,
    /// Minutes after these deadlines, up to the moment of the report; each charged to whoever held
    /// the case in it.
    pub late_minutes: i64,
    /// Of the late, still not finished.
    pub still_late: i64,
    /// Times an agency returned a case.
    pub returned: i64,
    /// Times a citizen reopened a case.
    pub reopened: i64,
    /// Merged into another case.
    pub merged: i64,
    /// Received within 30 days of another of the same category at the same place.
    pub repeats: i64,
    /// How long stages took that ended in the period.
    pub stages: Vec<StageTime>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Its code; none for the cases that have none.
    pub code: Option<String>,
    /// Its name in the directory; the code where there is none, empty without a code.
    pub name: String,
    /// Its cases.
    #[serde(flatten)]
    pub counts: Counts,
    /// What happened in the period.
    pub period: Period,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it counts by.
    pub by: By,
    /// From this moment on; none: from the beginning.
    pub from: Option<Timestamp>,
    /// Before this moment; none: without end.
    pub to: Option<Timestamp>,
    /// As it was known at this moment; none: as it is now.
    pub as_of: Option<Timestamp>,
    /// The groups in the order of their codes, cases without a code last.
    pub rows: Vec<ReportRow>,
    /// All of them.
    pub total: Counts,
    /// What happened to all of them.
    pub total_period: Period,
}

/// Reports on a period, after taking in what the log holds.
///
/// # Errors
/// When the database does not answer.
pub async fn report(
    log: &Log,
    directory: &Directory,
    asked: &Asked,
) -> Result<Report, ReportError> {
    catch_up(log).await?;
    let (pool, question) = (log.pool(), asked.question());
    let mut counted = figures::counts(pool, &question).await?;
    let mut stages = figures::stages(pool, &question).await?;
    let mut repeats = figures::repeats(pool, &question).await?;
    for code in stages.keys().chain(repeats.keys()) {
        counted.entry(code.clone()).or_default();
    }
    let until = question.until();
    let mut sum = figures::Counts::default();
    let mut total_repeats = 0;
    let mut rows = Vec::with_capacity(counted.len());
    for (code, counts) in counted {
        sum.add(&counts);
        let back = repeats.remove(&code).unwrap_or(0);
        total_repeats += back;
        let times = stages.remove(&code).unwrap_or_default();
        rows.push(ReportRow {
            name: words::name(directory, asked.by, &code),
            counts: received(&counts),
            period: period(&counts, until, back, times),
            code: words::code(asked.by, code),
        });
    }
    rows.sort_by(|a, b| (a.code.is_none(), &a.code).cmp(&(b.code.is_none(), &b.code)));
    let all = Question { by: By::Day, ..question };
    let whole = figures::stages_of_all(pool, &all).await?;
    let total_period = period(&sum, until, total_repeats, whole);
    let Asked { by, from, to, as_of, .. } = *asked;
    Ok(Report { by, from, to, as_of, rows, total: received(&sum), total_period })
}

fn received(counts: &figures::Counts) -> Counts {
    Counts {
        received: counts.of(Measure::Received),
        open: counts.of(Measure::ReceivedOpen),
        closed_on_time: counts.of(Measure::ReceivedOnTime),
        closed_late: counts.of(Measure::ReceivedLate),
        closed_without_target: counts.of(Measure::ReceivedWithoutTarget),
        returned: counts.of(Measure::ReceivedReturned),
        reopened: counts.of(Measure::ReceivedReopened),
        merged: counts.of(Measure::ReceivedMerged),
    }
}

fn period(counts: &figures::Counts, until: i64, repeats: i64, stages: Vec<StageTime>) -> Period {
    Period {
        resolved: counts.of(Measure::Resolved),
        answered: counts.of(Measure::Answered),
        on_time: counts.of(Measure::OnTime),
        late: counts.of(Measure::Late),
        late_minutes: counts.seconds_late(until) / 60,
        still_late: counts.of(Measure::Running),
        returned: counts.of(Measure::Returned),
        reopened: counts.of(Measure::Reopened),
        merged: counts.of(Measure::Merged),
        repeats,
        stages,
    }
}
