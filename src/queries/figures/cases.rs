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

/// The facts a figure counts, as far as `reader` may see their cases.
///
/// # Errors
/// When the database does not answer.
pub async fn cases(
    pool: &Pool,
    reader: &Actor,
    asked: &CasesQuestion,
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
         f.at, CAST(sum(f.n) AS BIGINT), ",
    );
    if asked.measures.is_empty() {
        sql.push("CAST(0 AS BIGINT) FROM (SELECT case_id, at, group_id, 1 AS n FROM (");
        repeated(&mut sql, &asked.question);
        sql.push(") p) f");
    } else {
        let until = sql.int(asked.question.until().div_euclid(1_000_000));
        sql.push(&format!(
            "CAST(sum(CASE WHEN f.measure = 'running' THEN f.seconds + f.n * {until} \
             ELSE f.seconds END) AS BIGINT) FROM case_facts f"
        ));
    }
    sql.push(
        " JOIN fact_groups g ON g.group_id = f.group_id \
         JOIN cases c ON c.case_id = f.case_id WHERE 1 = 1",
    );
    if !asked.measures.is_empty() {
        of_measures(&mut sql, asked);
    }
    of_groups(&mut sql, &asked.question);
    visible_to(&mut sql, reader);
    if let Some(after) = &asked.after {
        let (at, case, group) = (sql.int(after.at), sql.id(after.case), sql.id(after.group));
        sql.push(&format!(" AND (f.at, f.case_id, f.group_id) > ({at}, {case}, {group})"));
    }
    let limit = sql.int(i64::from(asked.limit));
    sql.push(&format!(
        " GROUP BY f.case_id, f.group_id, c.number, g.agency, g.holder, g.sector, g.category, \
         g.district, g.channel, g.kind, f.at HAVING sum(f.n) > 0 \
         ORDER BY f.at, f.case_id, f.group_id LIMIT {limit}"
    ));
    let rows = sql.rows(pool, 10, 3).await?;
    Ok(rows.into_iter().filter_map(|(texts, ints)| fact(texts, &ints)).collect())
}

fn of_measures(sql: &mut Sql, asked: &CasesQuestion) {
    let question = &asked.question;
    let places: Vec<String> = asked.measures.iter().map(|word| sql.text(word)).collect();
    sql.push(&format!(" AND f.measure IN ({})", places.join(", ")));
    let to = question.to.unwrap_or(i64::MAX);
    let to = if asked.late { to.min(question.until().saturating_add(1)) } else { to };
    sql.bounds("f.at", question.from.unwrap_or(i64::MIN), to);
    let recorded_to = question.as_of.map_or(i64::MAX, |as_of| as_of.saturating_add(1));
    sql.bounds("f.recorded_at", i64::MIN, recorded_to);
}

/// What [`scope`](crate::figures::scope) says of figures, for single cases.
fn visible_to(sql: &mut Sql, reader: &Actor) {
    match reader.role {
        Role::System | Role::Coordinator => {}
        Role::Operator
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
            let involved = format!(
                "EXISTS (SELECT 1 FROM case_agencies a WHERE a.case_id = c.case_id \
                 AND a.agency = {own} AND a.part IN ('lead', 'co'))"
            );
            sql.push(&match reader.role {
                Role::Handler => " AND c.confidential = 0".to_owned(),
                _ => format!(" AND (c.confidential = 0 OR {involved})"),
            });
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
