//! The cases everybody may know of, the newest first.

use hoiam_domain::case::publicity::{NEVER, STAGES};
use hoiam_domain::case::stage::StageName;
use hoiam_domain::kinds::Kind;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::conditions::{Bind, Conditions, bound};
use super::order::Section;
use super::{After, ListQuery, stretch};
use crate::log::Pool;
use crate::on_pool;

/// What nobody is hurt by.
const ALLOWED: &str = "c.public = 1 AND c.confidential = 0 AND c.accused IS NULL";

/// When each was received (microseconds since 1970) and which case it is.
type Found = (i64, Uuid);

/// The newest first, and where it stopped before it had enough, if it did. What `is_public` says, as
/// conditions; the case itself is asked again before anything is told.
///
/// # Errors
/// When the database does not answer.
pub async fn public_cases(
    pool: &Pool,
    query: &ListQuery,
) -> Result<(Vec<Found>, Option<After>), sqlx::Error> {
    let limit = query.limit as usize;
    let (mut all, mut from) = (Vec::new(), query.clone());
    for cases in stretch::stretches(query.reach.walk) {
        let way = way(&from);
        let end = stretch::end(pool, way, query.order, Section::Keyed, cases).await?;
        let mut within = conditions(&from);
        if let Some(end) = &end {
            within.until(query.order, end);
        }
        all.extend(found(pool, within, query, limit.saturating_sub(all.len())).await?);
        let Some(end) = end.filter(|_| all.len() < limit) else { return Ok((all, None)) };
        from.after = Some(end);
    }
    Ok((all, from.after))
}

/// What the list is walked by, in the order of receipt: cases that were allowed to be public. Several
/// stages have no index in that order.
fn way(query: &ListQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.push(ALLOWED);
    conditions.filters(&ListQuery {
        status: Vec::new(),
        kind: Vec::new(),
        channel: Vec::new(),
        lead: None,
        ..query.by_index()
    });
    if let Some(after) = &query.after {
        conditions.after(query.order, Section::Keyed, after);
    }
    conditions
}

fn conditions(query: &ListQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.push(ALLOWED);
    let stages: Vec<&str> = STAGES.iter().copied().map(StageName::as_str).collect();
    let kinds: Vec<&str> = NEVER.iter().copied().map(Kind::as_str).collect();
    for (column, words) in [("c.status IN", stages), ("c.kind NOT IN", kinds)] {
        let places: Vec<String> = words.iter().map(|word| conditions.text(word)).collect();
        conditions.push(format!("{column} ({})", places.join(", ")));
    }
    // Of what was erased nothing is left to show.
    conditions.push("coalesce(c.erased, '') <> 'everything'");
    conditions.filters(query);
    if let Some(after) = &query.after {
        conditions.after(query.order, Section::Keyed, after);
    }
    conditions
}

async fn found(
    pool: &Pool,
    conditions: Conditions,
    query: &ListQuery,
    limit: usize,
) -> Result<Vec<Found>, sqlx::Error> {
    let (filter, mut binds) = conditions.finish();
    binds.push(Bind::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT c.received_at, c.case_id FROM cases c WHERE {filter} ORDER BY {order} LIMIT ${limit}",
        order = query.order.sql(Section::Keyed),
        limit = binds.len(),
    );
    // Every value is bound; the text is put together from constants only.
    on_pool!(pool, db => {
        let mut question = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        let rows = question.fetch_all(db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    })
}
