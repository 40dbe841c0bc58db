//! The cases behind a figure: exactly the facts it counts, in the order of their time.
//!
//! Who may see the figures of an agency sees which cases were charged to it, also those another
//! agency has by now, but nothing of sealed ones they have no part in.

use hoiam_domain::actor::{Actor, Role};
use uuid::Uuid;

use super::sql::Sql;
use super::{column, of_groups, repeated};
use crate::figures::Question;
use crate::log::Pool;

/// Which figure.
#[derive(Clone, Debug)]
pub struct CasesQuestion {
    /// As the figure was asked for; what it is counted by does not matter.
    pub question: Question,
    /// The words of the measures it counts; empty: cases that came back.
    pub measures: &'static [&'static str],
    /// Whether these measures are lateness.
    pub late: bool,
    /// The last fact of the page before.
    pub after: Option<AfterFact>,
    /// At most so many.
    pub limit: u32,
    /// Facts a page reads at most, but for those of one instant, which are never parted.
    pub reach: u32,
}

/// What [`CasesQuestion::reach`] usually is: some ten milliseconds.
pub const REACH: u32 = 4_096;

/// Facts of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasesPage {
    /// The facts, in order.
    pub facts: Vec<CaseFact>,
    /// Where it stopped before it had enough: there may be more behind this.
    pub walked: Option<AfterFact>,
}

/// Where a page of facts ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterFact {
    /// Its instant.
    pub at: i64,
    /// Its case.
    pub case: Uuid,
    /// What it is counted by.
    pub group: Uuid,
}

impl AfterFact {
    /// Behind everything before an instant.
    fn before(at: i64) -> Self {
        Self { at: at.saturating_sub(1), case: Uuid::max(), group: Uuid::max() }
    }
}

/// A fact of a case. Empty texts stand for none, instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the columns of the read model")]
pub struct CaseFact {
    pub after: AfterFact,
    pub number: String,
    /// How often it counts.
    pub count: i64,
    pub seconds: i64,
    pub agency: String,
    pub holder: String,
    pub sector: String,
    pub category: String,
    pub district: String,
    pub channel: String,
    pub kind: String,
}

/// The part of what a page may read that is tried first.
const FIRST: u32 = 8;

/// The facts a figure counts, as far as `reader` may see their cases. A page is read in two
/// stretches of time, so it costs no more in a long period than in a short one. Where most of it was
/// taken back, or filters leave little of it, a page is short, and the next goes on behind it.
///
/// # Errors
/// When the database does not answer.
pub async fn cases(
    pool: &Pool,
    reader: &Actor,
    asked: &CasesQuestion,
) -> Result<CasesPage, sqlx::Error> {
    let limit = asked.limit as usize;
    let (mut from, to) = period(asked);
    let mut facts = Vec::new();
    let first = (asked.reach / FIRST).max(1);
    for reach in [first, asked.reach.saturating_sub(first).max(1)] {
        let end = end_of_stretch(pool, asked, (from, to), i64::from(reach)).await?;
        let missing = i64::try_from(limit.saturating_sub(facts.len())).unwrap_or(i64::MAX);
        facts.extend(stretch(pool, reader, asked, (from, end.unwrap_or(to)), missing).await?);
        match end {
            Some(end) if facts.len() < limit => from = end,
            _ => return Ok(CasesPage { facts, walked: None }),
        }
    }
    Ok(CasesPage { facts, walked: Some(AfterFact::before(from)) })
}

/// The instants of the facts asked for that are not on earlier pages: at or after, before.
fn period(asked: &CasesQuestion) -> (i64, i64) {
    let question = &asked.question;
    let to = question.to.unwrap_or(i64::MAX);
    let to = if asked.late { to.min(question.until().saturating_add(1)) } else { to };
    let from = question.from.unwrap_or(i64::MIN);
    let from = match asked.after {
        Some(after) if after == AfterFact::before(after.at.saturating_add(1)) => {
            from.max(after.at.saturating_add(1))
        }
        Some(after) => from.max(after.at),
        None => from,
    };
    (from, to)
}

/// Where a stretch of about so many facts ends; none where no more than those are left. Facts of
/// one instant are never parted, so what is taken back is next to what it takes back.
async fn end_of_stretch(
    pool: &Pool,
    asked: &CasesQuestion,
    (from, to): (i64, i64),
    facts: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let mut end: Option<i64> = None;
    let tables: &[Option<&str>] = &match asked.measures {
        // Cases that came back are found among receipts by place.
        [] => vec![None],
        measures => measures.iter().copied().map(Some).collect(),
    };
    // One by one: each is in the order of an index.
    for measure in tables {
        let mut sql = match measure {
            Some(measure) => {
                let mut sql = Sql::new("SELECT f.at FROM case_facts f WHERE 1 = 1");
                sql.text_is("f.measure", measure);
                sql
            }
            None => Sql::new("SELECT f.at FROM place_facts f WHERE 1 = 1"),
        };
        sql.bounds("f.at", from, to);
        let facts = sql.int(facts);
        sql.push(&format!(" ORDER BY f.at LIMIT 1 OFFSET {facts}"));
        for (_, at) in sql.rows(pool, 0, 1).await? {
            let after = at.first().map(|at| at.saturating_add(1));
            end = end.into_iter().chain(after).min();
        }
    }
    Ok(end)
}

/// The same within a stretch of time: at or after, before.
async fn stretch(
    pool: &Pool,
    reader: &Actor,
    asked: &CasesQuestion,
    (from, to): (i64, i64),
    limit: i64,
) -> Result<Vec<CaseFact>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    let id = |column: &str| match pool {
        // An id as text, the same on both.
        Pool::Sqlite(_) => format!("lower(hex({column}))"),
        Pool::Postgres(_) => format!("replace(CAST({column} AS TEXT), '-', '')"),
    };
    sql.push(&id("f.case_id"));
    sql.push(", ");
    sql.push(&id("f.group_id"));
    sql.push(
        ", c.number, g.agency, g.holder, g.sector, g.category, g.district, g.channel, g.kind, \
         f.at, f.n, f.seconds FROM (",
    );
    if asked.measures.is_empty() {
        sql.push(
            "SELECT case_id, at, group_id, CAST(count(*) AS BIGINT) AS n, \
             CAST(0 AS BIGINT) AS seconds FROM (",
        );
        let some = |at: i64| Some(at).filter(|at| !matches!(*at, i64::MIN | i64::MAX));
        let within = Question { from: some(from), to: some(to), ..asked.question.clone() };
        repeated(&mut sql, &within);
        sql.push(") p GROUP BY case_id, at, group_id");
    } else {
        // Before anything is looked up: most of what is late for a while was taken back.
        let until = sql.int(asked.question.until().div_euclid(1_000_000));
        sql.push(&format!(
            "SELECT f.case_id, f.at, f.group_id, CAST(sum(f.n) AS BIGINT) AS n, \
             CAST(sum(CASE WHEN f.measure = 'running' THEN f.seconds + f.n * {until} \
             ELSE f.seconds END) AS BIGINT) AS seconds FROM case_facts f WHERE 1 = 1"
        ));
        of_measures(&mut sql, asked);
        sql.bounds("f.at", from, to);
        sql.push(" GROUP BY f.case_id, f.at, f.group_id HAVING sum(f.n) > 0");
    }
    sql.push(
        ") f JOIN fact_groups g ON g.group_id = f.group_id \
         JOIN cases c ON c.case_id = f.case_id WHERE 1 = 1",
    );
    of_groups(&mut sql, &asked.question);
    visible_to(&mut sql, reader);
    if let Some(after) = &asked.after {
        let (at, case, group) = (sql.int(after.at), sql.id(after.case), sql.id(after.group));
        sql.push(&format!(" AND (f.at, f.case_id, f.group_id) > ({at}, {case}, {group})"));
    }
    let limit = sql.int(limit);
    sql.push(&format!(" ORDER BY f.at, f.case_id, f.group_id LIMIT {limit}"));
    let rows = sql.rows(pool, 10, 3).await?;
    Ok(rows.into_iter().filter_map(|(texts, ints)| fact(texts, &ints)).collect())
}

fn of_measures(sql: &mut Sql, asked: &CasesQuestion) {
    let question = &asked.question;
    let places: Vec<String> = asked.measures.iter().map(|word| sql.text(word)).collect();
    sql.push(&format!(" AND f.measure IN ({})", places.join(", ")));
    let recorded_to = question.as_of.map_or(i64::MAX, |as_of| as_of.saturating_add(1));
    sql.bounds("f.recorded_at", i64::MIN, recorded_to);
}

/// What [`scope`](crate::figures::scope) says of figures, for single cases.
fn visible_to(sql: &mut Sql, reader: &Actor) {
    match reader.role {
        Role::System => {}
        Role::Coordinator if reader.in_group => {}
        Role::Coordinator
        | Role::Operator
        | Role::Administrator
        | Role::Integration
        | Role::CityLeader
        | Role::Auditor => {
            sql.push(" AND c.confidential = 0");
        }
        Role::Citizen => sql.push(" AND 1 = 0"),
        Role::AgencyCoordinator | Role::UnitLeader | Role::Handler => {
            let Some(agency) = &reader.agency else { return sql.push(" AND 1 = 0") };
            let own = sql.text(agency.as_str());
            sql.push(&format!(
                " AND {charged} = {own} AND (c.accused IS NULL OR c.accused <> {own})",
                charged = column(crate::figures::By::Agency),
            ));
            sql.push(" AND c.confidential = 0");
            if let Some(limit) = &reader.focal_point {
                let limit = sql.text(limit.as_str());
                sql.push(&format!(
                    " AND (c.agency IS NULL OR c.agency <> {own} OR c.focal_point IS NULL \
                     OR c.focal_point = {limit})"
                ));
            }
        }
    }
}

fn fact(texts: Vec<String>, ints: &[i64]) -> Option<CaseFact> {
    let [case, group, number, agency, holder, sector, category, district, channel, kind] =
        <[String; 10]>::try_from(texts).ok()?;
    let [at, count, seconds] = *<&[i64; 3]>::try_from(ints).ok()?;
    let after = AfterFact { at, case: case.parse().ok()?, group: group.parse().ok()? };
    Some(CaseFact {
        after,
        number,
        count,
        seconds,
        agency,
        holder,
        sector,
        category,
        district,
        channel,
        kind,
    })
}
