//! Figures: how many, how late, how long, by what, as of when.
//!
//! A [`Question`] is answered from sums by day; parts of days, and the day of a past moment that
//! is asked for, come from the single facts by index. What a fact is, is said in
//! [`hoiam_projections::facts`].
//!
//! - [`ranking`]: agencies in an order that anybody can recompute.

mod pieces;
pub mod ranking;

use std::collections::BTreeMap;

use hoiam_domain::actor::{Actor, Role};
use hoiam_projections::facts::Measure;
use hoiam_projections::facts::duration::percentile;
use serde::Serialize;

pub(crate) use pieces::{Piece, Sums};

use crate::log::Pool;
use crate::queries::figures as ask;

/// What to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The agency: of lateness, returns and time in an agency's hands the one charged; otherwise
    /// the one that has the case, or had it last.
    Agency,
    /// The sector.
    Sector,
    /// The channel it came through.
    Channel,
    /// The category.
    Category,
    /// The district.
    District,
    /// The kind of case.
    Kind,
    /// Whoever lateness is charged to: an agency, the desk, the coordinators, the citizen.
    Holder,
    /// The day in the city.
    Day,
}

impl By {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Agency,
        Self::Sector,
        Self::Category,
        Self::District,
        Self::Channel,
        Self::Kind,
        Self::Holder,
        Self::Day,
    ];

    /// The word in interfaces; but for the day also the name of the dimension.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Sector => "sector",
            Self::Channel => "channel",
            Self::Category => "category",
            Self::District => "district",
            Self::Kind => "kind",
            Self::Holder => "holder",
            Self::Day => "day",
        }
    }
}

impl std::str::FromStr for By {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|by| by.as_str() == word).ok_or(())
    }
}

/// What is asked. Instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What to count by.
    pub by: By,
    /// Facts at or after; none: from the beginning.
    pub from: Option<i64>,
    /// Facts before; none: without end.
    pub to: Option<i64>,
    /// What was recorded by then; none: everything.
    pub as_of: Option<i64>,
    /// The present: what is not finished is late up to here, unless `as_of` says otherwise.
    pub now: i64,
    /// Only what is charged to this agency; empty: to none.
    pub agency: Option<String>,
    /// Only these values of other dimensions; empty: only what has none.
    pub only: Vec<(By, String)>,
    /// Whether sealed cases count.
    pub sealed: bool,
}

impl Question {
    /// Up to when lateness counts.
    pub fn until(&self) -> i64 {
        self.as_of.unwrap_or(self.now)
    }
}

/// Whose figures somebody may see: all, or those of one agency; with sealed cases or without. None
/// for those who may see no figures. Sealed cases count for the group alone: whoever may choose the
/// period, the filters and the moment of a figure learns of a single case by subtracting, however
/// small counts are rounded, so outside the group none is in any figure or total, nor in one of a
/// moment before it was sealed.
pub fn scope(actor: &Actor) -> Option<(Option<String>, bool)> {
    match actor.role {
        Role::System => Some((None, true)),
        Role::Coordinator => Some((None, actor.in_group)),
        Role::Operator
        | Role::Administrator
        | Role::Integration
        | Role::CityLeader
        | Role::Auditor => Some((None, false)),
        Role::AgencyCoordinator | Role::UnitLeader | Role::Handler => {
            Some((Some(actor.agency.as_ref()?.to_string()), false))
        }
        Role::Citizen => None,
    }
}

/// How many cases, and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the order of [`Measure::COUNTS`].
    counts: [i64; Measure::COUNTS.len()],
    /// Seconds late that are over.
    late_seconds: i64,
    /// Seconds late that go on, less those since 1970 to the moment they are counted up to.
    running_from: i64,
}

impl Counts {
    /// The count of a measure.
    pub fn of(&self, measure: Measure) -> i64 {
        let at = Measure::COUNTS.iter().position(|known| *known == measure);
        at.and_then(|at| self.counts.get(at)).copied().unwrap_or(0)
    }

    /// Seconds late up to a moment (microseconds since 1970), over or going on.
    pub fn seconds_late(&self, until: i64) -> i64 {
        let now = until.div_euclid(1_000_000);
        self.late_seconds + self.of(Measure::Running) * now + self.running_from
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(sum, count)| *sum += count);
        self.late_seconds += other.late_seconds;
        self.running_from += other.running_from;
    }

    /// Of sums in the order of the columns of the daily sums.
    pub(crate) fn of_sums(sums: &[i64]) -> Self {
        let mut counts = Self::default();
        counts.counts.iter_mut().zip(sums).for_each(|(count, sum)| *count = *sum);
        let rest = sums.get(Measure::COUNTS.len()..).unwrap_or_default();
        counts.late_seconds = rest.first().copied().unwrap_or(0);
        counts.running_from = rest.get(1).copied().unwrap_or(0);
        counts
    }

    /// Adds the sums of one measure.
    pub(crate) fn add_facts(&mut self, measure: Measure, n: i64, seconds: i64) {
        let at = Measure::COUNTS.iter().position(|known| *known == measure);
        if let Some(count) = at.and_then(|at| self.counts.get_mut(at)) {
            *count += n;
        }
        match measure {
            Measure::LateTime => self.late_seconds += seconds,
            Measure::Running => self.running_from += seconds,
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How long a stage took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StageTime {
    /// Which.
    pub stage: String,
    /// How often it ended.
    pub count: i64,
    /// Half took no longer, minutes; within 3.2 %.
    pub median_minutes: i64,
    /// Nine in ten took no longer, minutes; within 3.2 %.
    pub p90_minutes: i64,
}

/// Counts by group; a group without a code has the empty one. Days are days since 1970-01-01.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(
    pool: &Pool,
    question: &Question,
) -> Result<BTreeMap<String, Counts>, sqlx::Error> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    let (sums, pieces) = pieces::of(question);
    if let Some(sums) = sums {
        for (group, counts) in ask::daily(pool, question, &sums).await? {
            all.entry(group).or_default().add(&counts);
        }
    }
    for piece in &pieces {
        for (group, measure, n, seconds) in ask::facts(pool, question, piece).await? {
            all.entry(group).or_default().add_facts(measure, n, seconds);
        }
    }
    if let Some(piece) = pieces::sealed_since(question) {
        for (group, measure, n, seconds) in ask::facts(pool, question, &piece).await? {
            all.entry(group).or_default().add_facts(measure, -n, -seconds);
        }
    }
    all.retain(|_, counts| !counts.is_empty());
    Ok(all)
}

/// Counts of durations by group and stage, and by bucket.
type Buckets = BTreeMap<(String, String), BTreeMap<i64, i64>>;

/// How long stages took that ended in the period, by group.
///
/// # Errors
/// When the database does not answer.
pub async fn stages(
    pool: &Pool,
    question: &Question,
) -> Result<BTreeMap<String, Vec<StageTime>>, sqlx::Error> {
    Ok(times(buckets(pool, question).await?))
}

async fn buckets(pool: &Pool, question: &Question) -> Result<Buckets, sqlx::Error> {
    let (sums, pieces) = pieces::of(question);
    let mut found = Vec::new();
    if let Some(sums) = sums {
        found.extend(ask::daily_durations(pool, question, &sums).await?);
    }
    for piece in pieces.iter().filter(|piece| !piece.only_late) {
        found.extend(ask::durations(pool, question, piece).await?);
    }
    if let Some(piece) = pieces::sealed_since(question) {
        let taken_off = ask::durations(pool, question, &piece).await?;
        found.extend(taken_off.into_iter().map(|(group, stage, at, n)| (group, stage, at, -n)));
    }
    let mut all = Buckets::new();
    for (group, stage, bucket, n) in found {
        *all.entry((group, stage)).or_default().entry(bucket).or_default() += n;
    }
    Ok(all)
}

fn times(all: Buckets) -> BTreeMap<String, Vec<StageTime>> {
    let mut times: BTreeMap<String, Vec<StageTime>> = BTreeMap::new();
    for ((group, stage), buckets) in all {
        let buckets: Vec<(i64, i64)> = buckets.into_iter().filter(|(_, n)| *n > 0).collect();
        let minutes = |share| percentile(&buckets, share).map(|seconds| seconds / 60);
        if let (Some(median_minutes), Some(p90_minutes)) = (minutes(50), minutes(90)) {
            let count = buckets.iter().map(|(_, n)| n).sum();
            let time = StageTime { stage, count, median_minutes, p90_minutes };
            times.entry(group).or_default().push(time);
        }
    }
    times
}

/// How long stages took that ended in the period, all groups together.
///
/// # Errors
/// When the database does not answer.
pub async fn stages_of_all(
    pool: &Pool,
    question: &Question,
) -> Result<Vec<StageTime>, sqlx::Error> {
    let buckets = buckets(pool, question).await?;
    let mut all: Buckets = BTreeMap::new();
    for ((_, stage), counts) in buckets {
        let sums = all.entry((String::new(), stage)).or_default();
        for (bucket, n) in counts {
            *sums.entry(bucket).or_default() += n;
        }
    }
    Ok(times(all).remove("").unwrap_or_default())
}

/// How many cases came back, by group: received in the period within 30 days of another one of
/// the same category at the same place. Merged cases are the same matter and do not count.
///
/// # Errors
/// When the database does not answer.
pub async fn repeats(
    pool: &Pool,
    question: &Question,
) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    ask::repeats(pool, question).await
}
