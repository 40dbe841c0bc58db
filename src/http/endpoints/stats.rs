//! `GET /api/v1/stats`: figures of a period, by group, as of any moment.

mod asked;
pub(crate) mod cases;
#[cfg(test)]
mod fuzz;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use hoiam_projections::facts::{Facts, Measure};
use hoiam_projections::follower::Follower;
use jiff::Timestamp;
use serde::Serialize;

use crate::desk::DeskError;
use crate::figures::{self, Counts, StageTime};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::report;
use asked::{Asked, LATE_MINUTES, REPEATS, Wanted};

/// Figures of a period.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Stats {
    /// What they are counted by.
    by: figures::By,
    /// From this moment on; null: from the beginning.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment; null: without end.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// What was recorded by then; deadlines count up to then.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// How much of the log they take in: the position of the last event.
    position: u64,
    /// The groups, in the order of their codes, that without a code last.
    groups: Vec<Group>,
    /// All groups together.
    total: Group,
}

/// One group.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Group {
    /// Its code, or a day; null for what has none.
    code: Option<String>,
    /// Its name in the directory.
    name: String,
    /// By measure: `received` and what became of those received (`received_open`,
    /// `received_on_time`, `received_late`, `received_without_target`, `received_returned`,
    /// `received_reopened`, `received_merged`); and what happened in the period: `resolved`,
    /// `answered`, `on_time`, `late`, `running` (late and not finished), `late_minutes`,
    /// `returned`, `reopened`, `merged`; with `with=repeats` also `repeats`.
    figures: BTreeMap<&'static str, Figure>,
    /// With `with=stages`: how long stages took that ended in the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<Vec<StageTime>>,
}

/// A figure and where its cases are.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Figure {
    /// How many, or how many minutes.
    count: i64,
    /// The cases it counts; null for none.
    #[schema(example = "/api/v1/stats/cases?measure=late&agency=GTVT")]
    cases: Option<String>,
}

/// Figures from sums by day. Agencies see their own only, operators nothing of sealed cases,
/// citizens none.
#[utoipa::path(
    get, path = "/api/v1/stats", tag = "figures",
    params(
        ("by" = String, Query, description = "`agency`, `sector`, `category`, `district`, `channel`, `kind`, `holder` (who lateness is charged to) or `day`"),
        ("from" = Option<String>, Query, description = "From this day or time on"),
        ("to" = Option<String>, Query, description = "Up to this day, or before this time"),
        ("as_of" = Option<String>, Query, description = "As it was known at this time; now if not given"),
        ("agency" = Option<String>, Query, description = "Only what is charged to this agency; `-`: to none. So with the other dimensions"),
        ("sector" = Option<String>, Query, description = "Only this sector"),
        ("category" = Option<String>, Query, description = "Only this category"),
        ("district" = Option<String>, Query, description = "Only this district"),
        ("channel" = Option<String>, Query, description = "Only this channel"),
        ("kind" = Option<String>, Query, description = "Only this kind of case"),
        ("holder" = Option<String>, Query, description = "Only what is charged to this holder"),
        ("with" = Option<String>, Query, description = "`stages`, `repeats` or both, comma separated: what takes longer to count"),
    ),
    responses(
        (status = 200, description = "The figures", body = Stats),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
) -> Result<Json<Stats>, Problem> {
    let rules = app.desk.rules();
    let position = taken_in(&app).await?;
    let asked = asked::figures(&params, &rules, &reader, app.desk.now())?;
    let (pool, question) = (app.desk.log().pool(), &asked.question);
    let mut counts = figures::counts(pool, question).await.map_err(DeskError::from)?;
    let mut stages = BTreeMap::new();
    let mut of_all = None;
    if asked.with_stages {
        stages = figures::stages(pool, question).await.map_err(DeskError::from)?;
        let all = figures::stages_of_all(pool, question).await.map_err(DeskError::from)?;
        of_all = Some(all);
    }
    let mut repeats = BTreeMap::new();
    if asked.with_repeats {
        repeats = figures::repeats(pool, question).await.map_err(DeskError::from)?;
    }
    for code in stages.keys().chain(repeats.keys()) {
        counts.entry(code.clone()).or_default();
    }
    let (mut sum, mut back) = (Counts::default(), 0);
    let mut groups = Vec::with_capacity(counts.len());
    for (code, counts) in counts {
        sum.add(&counts);
        let repeated = repeats.get(&code).copied().unwrap_or(0);
        back += repeated;
        groups.push(Group {
            name: report::name(&rules.directory, question.by, &code),
            figures: listed(&asked, &counts, repeated, Some(&code)),
            stages: asked.with_stages.then(|| stages.remove(&code).unwrap_or_default()),
            code: report::code(question.by, code),
        });
    }
    groups.sort_by(|a, b| (a.code.is_none(), &a.code).cmp(&(b.code.is_none(), &b.code)));
    let figures = listed(&asked, &sum, back, None);
    let total = Group { code: None, name: String::new(), figures, stages: of_all };
    let Asked { from, to, as_of, .. } = asked;
    Ok(Json(Stats { by: asked.question.by, from, to, as_of, position, groups, total }))
}

/// How far the facts have come.
async fn taken_in(app: &App) -> Result<u64, Problem> {
    let known = app.desk.log().checkpoints().await.map_err(DeskError::from)?;
    let facts = known.iter().find(|known| known.name == Facts.name());
    match facts {
        Some(facts) if facts.version == Facts.version() => Ok(facts.position),
        None => Ok(0),
        Some(_) => Err(asked::being_rebuilt()),
    }
}

fn listed(
    asked: &Asked,
    counts: &Counts,
    repeats: i64,
    group: Option<&str>,
) -> BTreeMap<&'static str, Figure> {
    let figure = |wanted: Wanted, count: i64| {
        let cases = (count > 0).then(|| asked.link(&wanted, group));
        (wanted.word(), Figure { count, cases })
    };
    let counted = Measure::COUNTS.iter().map(|m| figure(Wanted::Count(*m), counts.of(*m)));
    let minutes = counts.seconds_late(asked.question.until()) / 60;
    let mut all: BTreeMap<_, _> = counted.collect();
    all.extend([figure(LATE_MINUTES, minutes)]);
    if asked.with_repeats {
        all.extend([figure(REPEATS, repeats)]);
    }
    all
}
