//! Pages of a search, each at a bounded cost however long the log is.
//!
//! Words that few cases have are asked of the full-text index, which names all of these cases. Of
//! words that many have, the index could only name all, to be sorted for one page; so the list is
//! walked in its order instead, a stretch a page, and each case on the way is asked whether it has
//! them. Where other filters leave few of those, a page is short and the next goes on behind it.

use hoiam_domain::actor::Actor;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPool;
use uuid::Uuid;

use super::conditions::{Bind, Conditions, bound};
use super::order::Section;
use super::{After, ListQuery, Page, rows, words};
use crate::log::{Log, Pool};

/// What a page of a search may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Cases that words have, up to which all of them are looked at.
    pub few: usize,
    /// Cases of the list that one page walks past at most.
    pub walk: usize,
    /// Cases that every word has, by the estimate of PostgreSQL, from which on the full-text index
    /// is not asked: it would read all of them before it named the first.
    pub common: u64,
}

impl Default for Reach {
    /// Some ten milliseconds at most.
    fn default() -> Self {
        Self { few: 2_048, walk: 4_096, common: 65_536 }
    }
}

/// Cases asked at once whether they have the words.
const AT_ONCE: usize = 256;
/// How many times farther each next look ahead goes: usually a page is full soon.
const FARTHER: usize = 4;

/// At most `limit` cases of one section of the order that have all words.
pub(super) async fn page(
    log: &Log,
    reader: &Actor,
    query: &ListQuery,
    section: Section,
    limit: usize,
    words: &[String],
) -> Result<Page, sqlx::Error> {
    if let Some(ids) = few(log.pool(), words, query.reach).await? {
        let mut conditions = Conditions::of(reader, query, section);
        conditions.among(&ids, is_sqlite(log.pool()));
        return Ok(Page {
            rows: rows(log, conditions, query, section, limit).await?,
            walked: None,
        });
    }
    walk(log, reader, query, section, limit, words).await
}

/// The ids of all cases that have the words, if they are not too many. No word fits no case.
async fn few(
    pool: &Pool,
    words: &[String],
    Reach { few: most, common, .. }: Reach,
) -> Result<Option<Vec<Uuid>>, sqlx::Error> {
    if words.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let ids: Vec<Uuid> = match pool {
        Pool::Sqlite(db) => {
            let sql = "SELECT t.case_id FROM case_words JOIN case_texts t ON t.id = case_words.rowid \
                 WHERE case_words MATCH $1 LIMIT $2";
            sqlx::query_scalar(sql).bind(words::fts5(words)).bind(limit).fetch_all(db).await?
        }
        Pool::Postgres(db) => {
            if all_common(db, words, common).await? {
                return Ok(None);
            }
            // Apart, it is planned as if all were wanted, so by the index: for the first few the
            // whole table would seem quicker, and is not when words never stand together.
            let sql = "WITH found AS MATERIALIZED (SELECT case_id FROM case_texts \
                 WHERE words @@ to_tsquery('simple', $1)) SELECT case_id FROM found LIMIT $2";
            sqlx::query_scalar(sql).bind(words::tsquery(words)).bind(limit).fetch_all(db).await?
        }
    };
    Ok((ids.len() <= most).then_some(ids))
}

/// Whether very many cases have each of the words, by what the database knows of the commonest. It
/// decides only how cases are looked for, not which are found.
async fn all_common(db: &PgPool, words: &[String], common: u64) -> Result<bool, sqlx::Error> {
    for word in words {
        // Letters only, as the vault writes words; what is explained takes no values.
        if !word.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            return Ok(false);
        }
        let sql = format!(
            "EXPLAIN SELECT 1 FROM case_texts WHERE words @@ to_tsquery('simple', '{word}')"
        );
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(db).await?;
        if estimated(plan.first().map_or("", String::as_str)).is_none_or(|cases| cases < common) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The rows that the first line of a plan estimates.
fn estimated(line: &str) -> Option<u64> {
    let (_, rows) = line.split_once("rows=")?;
    rows.split(' ').next()?.parse().ok()
}

/// Walks the list from where the page begins until it is full or has walked far enough.
async fn walk(
    log: &Log,
    reader: &Actor,
    query: &ListQuery,
    section: Section,
    limit: usize,
    words: &[String],
) -> Result<Page, sqlx::Error> {
    let (mut found, mut way, mut ahead) = (Vec::new(), Vec::new(), AT_ONCE);
    while found.len() < limit && way.len() < query.reach.walk {
        ahead = ahead.min(query.reach.walk);
        let behind = way.len();
        way = self::way(log.pool(), Conditions::of(reader, query, section), query, section, ahead)
            .await?;
        for ids in way.get(behind..).unwrap_or_default().chunks(AT_ONCE) {
            let having = having(log.pool(), ids, words).await?;
            for id in ids {
                // What comes in meanwhile moves the others on in the order.
                if having.contains(id) && !found.contains(id) {
                    found.push(*id);
                }
            }
            if found.len() >= limit {
                break;
            }
        }
        if way.len() < ahead {
            break;
        }
        ahead *= FARTHER;
    }
    found.truncate(limit);
    let mut conditions = Conditions::of(reader, query, section);
    conditions.among(&found, is_sqlite(log.pool()));
    let rows = rows(log, conditions, query, section, limit).await?;
    // A full page may also have lost a case that was changed meanwhile and no longer fits.
    let end = if found.len() == limit { found.last() } else { way.last() };
    let more = found.len() == limit || way.len() >= query.reach.walk;
    let walked = match end {
        Some(end) if more && rows.len() < limit => position(log, query, section, *end).await?,
        _ => None,
    };
    Ok(Page { rows, walked })
}

/// Where a case stands in the order, whether it still fits or not.
async fn position(
    log: &Log,
    query: &ListQuery,
    section: Section,
    id: Uuid,
) -> Result<Option<After>, sqlx::Error> {
    let mut conditions = Conditions::default();
    conditions.among(&[id], is_sqlite(log.pool()));
    let rows = rows(log, conditions, query, section, 1).await?;
    Ok(rows.first().map(|row| row.position(query.order)))
}

/// The next cases of the list, in its order.
async fn way(
    pool: &Pool,
    conditions: Conditions,
    query: &ListQuery,
    section: Section,
    ahead: usize,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let (filter, mut binds) = conditions.finish();
    binds.push(Bind::Int(i64::try_from(ahead).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT c.case_id FROM cases c WHERE {filter} ORDER BY {order} LIMIT ${limit}",
        order = query.order.sql(section),
        limit = binds.len(),
    );
    crate::on_pool!(pool, db => {
        let mut question = sqlx::query_scalar(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        question.fetch_all(db).await
    })
}

/// Which of these cases have all words.
async fn having(pool: &Pool, ids: &[Uuid], words: &[String]) -> Result<Vec<Uuid>, sqlx::Error> {
    let mut conditions = Conditions::default();
    conditions.among(ids, is_sqlite(pool));
    if is_sqlite(pool) {
        // The full-text index cannot be asked about a single case at a bearable cost; the words
        // it is made of stand in the text, with a space between them.
        for word in words {
            let word = conditions.text(&format!(" {word} "));
            conditions.push(format!("instr(' ' || c.folded || ' ', {word}) > 0"));
        }
    } else {
        let words = conditions.text(&words::tsquery(words));
        conditions.push(format!("c.words @@ to_tsquery('simple', {words})"));
    }
    let (filter, binds) = conditions.finish();
    let sql = format!("SELECT c.case_id FROM case_texts c WHERE {filter}");
    crate::on_pool!(pool, db => {
        let mut question = sqlx::query_scalar(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        question.fetch_all(db).await
    })
}

fn is_sqlite(pool: &Pool) -> bool {
    matches!(pool, Pool::Sqlite(_))
}

#[cfg(test)]
mod tests {
    use super::estimated;

    #[test]
    fn estimates_are_read_from_plans() {
        let plan = "Bitmap Heap Scan on case_texts  (cost=43.05..9211.90 rows=2936 width=4)";
        assert_eq!(estimated(plan), Some(2_936));
        assert_eq!(estimated("Result"), None);
    }
}
