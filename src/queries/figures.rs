//! Figures out of the fact tables. Statements are put together from constants; every value is
//! bound.

mod cases;
mod rolled;
mod sql;

use std::collections::BTreeMap;

use hoiam_domain::case::stage::StageName;
use hoiam_projections::facts::tables::OFFSET_SECONDS;
use hoiam_projections::facts::{Measure, duration};

use crate::figures::{By, Counts, Piece, Question, Sums};
use crate::log::Pool;
use crate::on_pool;

pub use cases::{AfterFact, CaseFact, CasesPage, CasesQuestion, REACH, cases};
use rolled::Part;
use sql::Sql;

/// How long after a case another one at the same place counts as coming back, microseconds.
pub const REPEAT: i64 = 30 * 86_400_000_000;

/// Sums of whole days, by group; a group may be named several times.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn daily(
    pool: &Pool,
    question: &Question,
    sums: &Sums,
) -> Result<Vec<(String, Counts)>, sqlx::Error> {
    let mut all = Vec::new();
    for part in rolled::parts(question, sums, is_rolled_up(pool).await?) {
        let mut sql = Sql::new("SELECT ");
        match &part {
            Part::Rolled { span, source, days, recorded_before } => {
                sql.push(if question.by == By::Day { "CAST(d.day AS TEXT)" } else { "d.value" });
                measured(&mut sql, sums);
                sql.push(" FROM figure_sums d WHERE 1 = 1");
                let of = (*span, source);
                rolled::conditions(&mut sql, question, of, *days, *recorded_before);
            }
            Part::Combined { days, recorded } => {
                sql.push(day_dimension(question.by));
                measured(&mut sql, sums);
                sql.push(" FROM daily_facts d JOIN fact_groups g ON g.group_id = d.group_id");
                sql.push(" WHERE 1 = 1");
                sql.bounds("d.day", days.0, days.1);
                sql.bounds("d.recorded_day", recorded.0, recorded.1);
                of_groups(&mut sql, question);
            }
        }
        sql.push(" GROUP BY 1");
        let rows = sql.rows(pool, 1, Measure::COUNTS.len() + 2).await?;
        let counted = |(texts, sums): (Vec<String>, Vec<i64>)| {
            Some((texts.into_iter().next()?, Counts::of_sums(&sums)))
        };
        all.extend(rows.into_iter().filter_map(counted));
    }
    Ok(all)
}

/// Whether sums by one dimension were ever made: where an older version of the program wrote the
/// figures, they are being filled, and the sums by day answer.
async fn is_rolled_up(pool: &Pool) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = on_pool!(pool, db => {
        sqlx::query_scalar("SELECT sealed FROM figure_sums LIMIT 1").fetch_optional(db).await?
    });
    Ok(found.is_some())
}

/// The sums of all measures, in the order of their columns.
fn measured(sql: &mut Sql, sums: &Sums) {
    let late = sql.int(sums.late_to);
    for measure in Measure::COUNTS {
        match measure {
            Measure::Late | Measure::Running => sql.push_late(measure.as_str(), &late),
            other => sql.push(&format!(", CAST(sum(d.{}) AS BIGINT)", other.as_str())),
        }
    }
    sql.push_late("late_seconds", &late);
    sql.push_late("running_from", &late);
}

/// Buckets of durations of whole days: group, stage, bucket, how many.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn daily_durations(
    pool: &Pool,
    question: &Question,
    sums: &Sums,
) -> Result<Vec<(String, String, i64, i64)>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(day_dimension(question.by));
    sql.push(
        ", d.stage, d.bucket, CAST(sum(d.n) AS BIGINT) \
         FROM daily_durations d JOIN fact_groups g ON g.group_id = d.group_id WHERE 1 = 1",
    );
    of_days(&mut sql, question, sums);
    sql.push(" GROUP BY 1, 2, 3");
    let rows = sql.rows(pool, 2, 2).await?;
    Ok(rows.into_iter().filter_map(|(texts, ints)| stage_row(texts, &ints)).collect())
}

fn stage_row(texts: Vec<String>, ints: &[i64]) -> Option<(String, String, i64, i64)> {
    let mut texts = texts.into_iter();
    let (group, stage) = (texts.next()?, texts.next()?);
    Some((group, stage, *ints.first()?, *ints.get(1)?))
}

fn of_days(sql: &mut Sql, question: &Question, sums: &Sums) {
    sql.bounds("d.day", sums.from, sums.to);
    sql.bounds("d.recorded_day", i64::MIN, sums.recorded_to);
    of_groups(sql, question);
}

/// The measures that are lateness.
const LATE: &[Measure] = &[Measure::Late, Measure::LateTime, Measure::Running];

/// Single facts: group, measure, how many, seconds.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn facts(
    pool: &Pool,
    question: &Question,
    piece: &Piece,
) -> Result<Vec<(String, Measure, i64, i64)>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(dimension(question.by));
    sql.push(
        ", f.measure, CAST(sum(f.n) AS BIGINT), CAST(sum(f.seconds) AS BIGINT) \
         FROM case_facts f JOIN fact_groups g ON g.group_id = f.group_id WHERE 1 = 1",
    );
    let measures: Vec<Measure> = if piece.only_late {
        LATE.to_vec()
    } else {
        Measure::COUNTS.iter().copied().chain([Measure::LateTime]).collect()
    };
    of_piece(&mut sql, question, piece, &measures);
    sql.push(" GROUP BY 1, 2");
    let rows = sql.rows(pool, 2, 2).await?;
    let known = |(texts, ints): (Vec<String>, Vec<i64>)| {
        let mut texts = texts.into_iter();
        let (group, measure) = (texts.next()?, Measure::of(&texts.next()?)?);
        measures.contains(&measure).then_some((group, measure, *ints.first()?, *ints.get(1)?))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Single durations: group, stage, bucket, how many.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn durations(
    pool: &Pool,
    question: &Question,
    piece: &Piece,
) -> Result<Vec<(String, String, i64, i64)>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(dimension(question.by));
    sql.push(
        ", f.measure, f.seconds / f.n, CAST(sum(f.n) AS BIGINT) \
         FROM case_facts f JOIN fact_groups g ON g.group_id = f.group_id WHERE f.n <> 0",
    );
    let stages: Vec<Measure> = StageName::ALL.iter().map(|stage| Measure::Stage(*stage)).collect();
    of_piece(&mut sql, question, piece, &stages);
    sql.push(" GROUP BY 1, 2, 3");
    let rows = sql.rows(pool, 2, 2).await?;
    let known = |(texts, ints): (Vec<String>, Vec<i64>)| {
        let mut texts = texts.into_iter();
        let (group, word) = (texts.next()?, texts.next()?);
        let stage = word.strip_prefix("stage.")?.to_owned();
        Some((group, stage, duration::bucket(*ints.first()?), *ints.get(1)?))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The cases that are sealed and of which something was recorded after a moment: those sealed since
/// are among them, and what was sealed before adds up to nothing.
fn sealed_since(sql: &mut Sql, moment: i64) {
    let moment = sql.int(moment);
    sql.push(&format!(
        "SELECT c.case_id FROM cases c WHERE c.confidential = 1 AND EXISTS (SELECT 1 \
         FROM case_facts x WHERE x.case_id = c.case_id AND x.recorded_at > {moment})"
    ));
}

/// The facts of a piece. What was recorded on one day is found by that, what was sealed since by its
/// cases; everything else by its measure and time.
fn of_piece(sql: &mut Sql, question: &Question, piece: &Piece, measures: &[Measure]) {
    match (piece.recorded_from, piece.sealed_since) {
        (_, Some(moment)) => {
            sql.push(" AND f.case_id IN (");
            sealed_since(sql, moment);
            sql.push(")");
            sql.bounds("f.recorded_at", i64::MIN, piece.recorded_to);
        }
        (Some(from), None) => sql.bounds("f.recorded_at", from, piece.recorded_to),
        (None, None) => {
            sql.measures(measures);
            sql.bounds("f.recorded_at", i64::MIN, piece.recorded_to);
        }
    }
    sql.bounds("f.at", piece.from, piece.to);
    let until = sql.int(question.until());
    sql.push(&format!(
        " AND (f.at <= {until} OR f.measure NOT IN ('late', 'late_time', 'running'))"
    ));
    of_groups(sql, question);
}

/// What is asked about the groups of facts.
fn of_groups(sql: &mut Sql, question: &Question) {
    if let Some(agency) = &question.agency {
        sql.text_is("g.agency", agency);
    }
    for (by, value) in &question.only {
        sql.text_is(column(*by), value);
    }
    if question.by == By::Holder {
        sql.push(" AND g.holder <> ''");
    }
    if !question.sealed {
        sql.push(" AND g.sealed = 0");
    }
}

fn column(by: By) -> &'static str {
    match by {
        By::Agency => "g.agency",
        By::Sector => "g.sector",
        By::Category => "g.category",
        By::District => "g.district",
        By::Channel => "g.channel",
        By::Kind => "g.kind",
        By::Holder => "g.holder",
        By::Day => "''",
    }
}

/// What tells groups of sums by day apart, as text.
fn day_dimension(by: By) -> &'static str {
    match by {
        By::Day => "CAST(d.day AS TEXT)",
        by => column(by),
    }
}

/// What tells groups of single facts apart, as text.
fn dimension(by: By) -> &'static str {
    const { assert!(OFFSET_SECONDS == 25_200, "the day below is that of the facts") };
    match by {
        By::Day => "CAST((f.at + 25200000000) / 86400000000 AS TEXT)",
        by => column(by),
    }
}

/// Cases that came back, by group.
///
/// # Errors
/// When the database does not answer.
pub async fn repeats(
    pool: &Pool,
    question: &Question,
) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(dimension(question.by));
    sql.push(", CAST(count(*) AS BIGINT) FROM (");
    repeated(&mut sql, question);
    sql.push(") f JOIN fact_groups g ON g.group_id = f.group_id WHERE 1 = 1");
    of_groups(&mut sql, question);
    sql.push(" GROUP BY 1");
    let rows = sql.rows(pool, 1, 1).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(texts, ints)| Some((texts.into_iter().next()?, *ints.first()?)))
        .collect())
}

/// Receipts of the period with one before at the same place, not too long ago.
fn repeated(sql: &mut Sql, question: &Question) {
    let from = question.from.unwrap_or(i64::MIN);
    sql.push(
        "SELECT case_id, at, group_id FROM (SELECT case_id, at, group_id, \
         lag(at) OVER (PARTITION BY place ORDER BY at, case_id) AS last FROM (\
         SELECT place, at, case_id, group_id FROM place_facts WHERE 1 = 1",
    );
    sql.bounds("at", from.saturating_sub(REPEAT), question.to.unwrap_or(i64::MAX));
    sql.bounds("recorded_at", i64::MIN, question.as_of.map_or(i64::MAX, |at| at.saturating_add(1)));
    if let Some(as_of) = question.as_of.filter(|_| !question.sealed) {
        sql.push(" AND case_id NOT IN (");
        sealed_since(sql, as_of);
        sql.push(")");
    }
    sql.push(" GROUP BY place, at, case_id, group_id HAVING sum(n) > 0) r) s WHERE 1 = 1");
    sql.bounds("at", from, i64::MAX);
    let window = sql.int(REPEAT);
    sql.push(&format!(" AND last >= at - {window}"));
}
