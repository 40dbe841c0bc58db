//! Pages of a list whose filters no index knows of, each at a bounded cost however long the list is.
//!
//! Where almost nothing fits, the database would walk the whole list until a page is full. So it is
//! given stretches of the list: a short one first, which mostly is enough, then the rest of what one
//! page may walk past. After that the page is short, and the next goes on behind the stretch. The
//! cases of an agency that has few are known by an index, and are looked at instead.

use hoiam_domain::actor::{Actor, Role};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::conditions::{Bind, Conditions, bound};
use super::order::Section;
use super::{After, Key, ListQuery, Order, Page, SortKey, rows};
use crate::log::{Log, Pool};
use crate::on_pool;

/// The part of what a page may walk past that is tried first.
const FIRST: usize = 8;

/// The stretches of one page, by how many cases they walk past.
pub(super) fn stretches(walk: usize) -> [usize; 2] {
    let first = (walk / FIRST).max(1);
    [first, walk.saturating_sub(first).max(1)]
}

/// At most `limit` cases of one section of the order.
pub(super) async fn page(
    log: &Log,
    reader: &Actor,
    query: &ListQuery,
    section: Section,
    limit: usize,
) -> Result<Page, sqlx::Error> {
    let own = own_agency(reader);
    let all = |query: &ListQuery| Conditions::of(reader, query, section);
    if own.is_none() && !query.is_sparse() {
        let rows = rows(log, all(query), query, section, limit).await?;
        return Ok(Page { rows, walked: None });
    }
    let mut page = Page { rows: Vec::new(), walked: None };
    let mut from = query.clone();
    for (nr, cases) in stretches(query.reach.walk).into_iter().enumerate() {
        if let (1, Some(agency)) = (nr, query.agency.as_deref().or(own))
            && let Some(ids) = few(log.pool(), agency, query.reach.few).await?
        {
            let mut conditions = all(query);
            conditions.among(&ids, matches!(log.pool(), Pool::Sqlite(_)));
            let rows = rows(log, conditions, query, section, limit).await?;
            return Ok(Page { rows, walked: None });
        }
        let way = Conditions::of_way(reader, &from, section);
        let end = end(log.pool(), way, query.order, section, cases).await?;
        let mut conditions = all(&from);
        if let Some(end) = &end {
            conditions.until(query.order, end);
        }
        let missing = limit.saturating_sub(page.rows.len());
        page.rows.extend(rows(log, conditions, query, section, missing).await?);
        let Some(end) = end.filter(|_| page.rows.len() < limit) else { return Ok(page) };
        from.after = Some(end);
    }
    page.walked = from.after;
    Ok(page)
}

/// The agency whose cases are all that somebody sees.
fn own_agency(reader: &Actor) -> Option<&str> {
    match reader.role {
        Role::AgencyCoordinator | Role::UnitLeader | Role::Handler => {
            reader.agency.as_ref().map(hoiam_domain::codes::AgencyCode::as_str)
        }
        _ => None,
    }
}

/// The ids of all cases an agency has or takes part in, if they are not too many.
async fn few(pool: &Pool, agency: &str, most: usize) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    const SQL: &str = "SELECT case_id FROM case_agencies WHERE agency = $1 \
         AND part IN ('lead', 'co') LIMIT $2";
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let ids: Vec<Uuid> = on_pool!(pool, db => {
        sqlx::query_scalar(SQL).bind(agency).bind(limit).fetch_all(db).await?
    });
    Ok((ids.len() <= most).then_some(ids))
}

/// The place of the last case of a stretch of so many; none if there are no more than those.
pub(super) async fn end(
    pool: &Pool,
    way: Conditions,
    order: Order,
    section: Section,
    cases: usize,
) -> Result<Option<After>, sqlx::Error> {
    let (filter, mut binds) = way.finish();
    binds.push(Bind::Int(i64::try_from(cases).unwrap_or(i64::MAX).saturating_sub(1)));
    let sql = format!(
        "SELECT CAST({key} AS TEXT), c.case_id FROM cases c WHERE {filter} ORDER BY {order} \
         LIMIT 1 OFFSET ${offset}",
        key = order.column(),
        order = order.sql(section),
        offset = binds.len(),
    );
    on_pool!(pool, db => {
        let mut question = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        let Some(row) = question.fetch_optional(db).await? else { return Ok(None) };
        let key: Option<String> = row.try_get(0)?;
        let key = match (order.key, key) {
            (SortKey::Number, Some(number)) => Key::Text(number),
            (_, key) => key.and_then(|key| key.parse().ok()).map_or(Key::Absent, Key::Int),
        };
        Ok(Some(After { key, id: row.try_get(1)? }))
    })
}
