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

/// How many times a page's facts the first stretch has, and how much longer each next one is: of
/// what was taken back or filters leave little of, a page is found in few steps.
const LONGER: i64 = 8;

/// The facts a figure counts, as far as `reader` may see their cases. A page is read in stretches
/// of time with so many facts at most, so it costs no more in a long period than in a short one.
///
/// # Errors
/// When the database does not answer.
pub async fn cases(
    pool: &Pool,
    reader: &Actor,
    asked: &CasesQuestion,
) -> Result<Vec<CaseFact>, sqlx::Error> {
    let limit = i64::from(asked.limit);
    let (mut from, to) = period(asked);
    if asked.measures.is_empty() {
        return stretch(pool, reader, asked, (from, to), limit).await;
    }
    let (mut found, mut facts) = (Vec::new(), limit.saturating_mul(LONGER));
    loop {
        let end = end_of_stretch(pool, asked, (from, to), facts).await?;
        let missing = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(i64::MAX));
        found.extend(stretch(pool, reader, asked, (from, end.unwrap_or(to)), missing).await?);
        match end {
            Some(end) if found.len() < asked.limit as usize => from = end,
            _ => return Ok(found),
        }
        facts = facts.saturating_mul(LONGER);
    }
}

/// The instants of the facts asked for that are not on earlier pages: at or after, before.
fn period(asked: &CasesQuestion) -> (i64, i64) {
    let question = &asked.question;
    let to = question.to.unwrap_or(i64::MAX);
    let to = if asked.late { to.min(question.until().saturating_add(1)) } else { to };
    let from = question.from.unwrap_or(i64::MIN);
    (asked.after.map_or(from, |after| from.max(after.at)), to)
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
    // One by one: each is in the order of an index.
    for measure in asked.measures {
        let mut sql = Sql::new("SELECT f.at FROM case_facts f WHERE 1 = 1");
        sql.text_is("f.measure", measure);
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
        repeated(&mut sql, &asked.question);
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
