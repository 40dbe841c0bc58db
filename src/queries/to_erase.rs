//! Cases that are kept long enough: those that ended by themselves, and those that were merged and
//! end with the case they finally went into.

use hoiam_domain::case::command::ErasedPart;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// What is asked.
#[derive(Clone, Debug)]
pub struct ToErase<'a> {
    /// The kind of case.
    pub kind: &'a str,
    /// Ended before, microseconds since 1970.
    pub before: i64,
    /// What is to be erased; cases of which it was are left out.
    pub what: ErasedPart,
}

impl ToErase<'_> {
    /// What may have been erased of the cases, each a stretch of the index.
    fn so_far(&self) -> &'static [&'static str] {
        match self.what {
            ErasedPart::Contact => &[""],
            ErasedPart::Everything => &["contact", ""],
        }
    }
}

/// Ended by themselves. What was answered, appealed and then merged is not among them: it goes on.
const OWN: &str = "SELECT case_id, finished_at AS ended FROM cases \
     WHERE kind = $1 AND coalesce(erased, '') = $2 AND finished_at < $3 \
     AND finished_at IS NOT NULL AND coalesce(erased, '') <> 'everything' \
     AND merged_into IS NULL";
const OWN_FIRST: &str = "ended, case_id";

/// Merged. Those received too late are not looked at; of the others most are due, for what they went
/// into ended soon after. From each the way is walked by the primary key, whatever was erased of the
/// cases on it; a case never went through more merges than that (as in `person::elsewhere`).
const MERGED: &str = "SELECT m.case_id, m.received_at, \
     (WITH RECURSIVE way (merged_into, finished_at, steps) AS ( \
        SELECT n.merged_into, n.finished_at, 1 FROM cases n WHERE n.case_id = m.merged_into \
        UNION ALL \
        SELECT n.merged_into, n.finished_at, way.steps + 1 FROM way \
        JOIN cases n ON n.case_id = way.merged_into WHERE way.steps < 1000 \
      ) SELECT finished_at FROM way WHERE merged_into IS NULL) AS ended \
     FROM cases m \
     WHERE m.kind = $1 AND coalesce(m.erased, '') = $2 AND m.received_at < $3 \
     AND m.merged_into IS NOT NULL AND coalesce(m.erased, '') <> 'everything'";
const MERGED_FIRST: &str = "received_at, case_id";

fn counting(ended: &str) -> String {
    format!(
        "SELECT CAST(count(*) AS BIGINT), CAST(min(ended) AS BIGINT) FROM ({ended}) AS all_of_them \
         WHERE ended < $3"
    )
}

fn listing(ended: &str, order: &str) -> String {
    format!(
        "SELECT case_id FROM ({ended}) AS all_of_them WHERE ended < $3 ORDER BY {order} LIMIT $4"
    )
}

/// How many there are, and when the first of them ended, microseconds since 1970.
///
/// # Errors
/// When the database does not answer.
pub async fn count_to_erase(
    pool: &Pool,
    asked: &ToErase<'_>,
) -> Result<(i64, Option<i64>), sqlx::Error> {
    let (mut cases, mut first) = (0, None);
    for ended in [OWN, MERGED] {
        let sql = counting(ended);
        for so_far in asked.so_far() {
            let (more, at): (i64, Option<i64>) = on_pool!(pool, db => {
                let query = sqlx::query(AssertSqlSafe(sql.as_str())).bind(asked.kind);
                let row = query.bind(*so_far).bind(asked.before).fetch_one(db).await?;
                (row.try_get(0)?, row.try_get(1)?)
            });
            cases += more;
            first = [first, at].into_iter().flatten().min();
        }
    }
    Ok((cases, first))
}

/// Some of them, at most `limit`; of each sort the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn cases_to_erase(
    pool: &Pool,
    asked: &ToErase<'_>,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let mut cases: Vec<Uuid> = Vec::new();
    for (ended, order) in [(OWN, OWN_FIRST), (MERGED, MERGED_FIRST)] {
        let sql = listing(ended, order);
        for so_far in asked.so_far() {
            let room = limit - i64::try_from(cases.len()).unwrap_or(limit);
            if room <= 0 {
                return Ok(cases);
            }
            let more: Vec<Uuid> = on_pool!(pool, db => {
                let query = sqlx::query_scalar(AssertSqlSafe(sql.as_str())).bind(asked.kind);
                query.bind(*so_far).bind(asked.before).bind(room).fetch_all(db).await?
            });
            cases.extend(more);
        }
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    /// A server asks every hour: it must cost what is due, not what there is.
    #[tokio::test]
    async fn nothing_is_asked_that_reads_all_cases() {
        let db =
            SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
        let pool = Pool::Sqlite(db.clone());
        crate::log::migrations::run(&pool).await.unwrap();
        for (ended, order, index) in [
            (
                OWN,
                OWN_FIRST,
                "cases_to_erase (kind=? AND <expr>=? AND finished_at>? AND finished_at<?)",
            ),
            (MERGED, MERGED_FIRST, "cases_merged_to_erase (kind=? AND <expr>=? AND received_at<?)"),
        ] {
            for sql in [counting(ended), listing(ended, order)] {
                let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let steps = sqlx::query(sql).fetch_all(&db).await.unwrap();
                let steps: Vec<String> = steps.iter().map(|step| step.get("detail")).collect();
                assert!(steps.iter().any(|step| step.ends_with(index)), "{steps:#?}");
                for step in &steps {
                    assert!(!step.starts_with("SCAN") || step == "SCAN way", "{steps:#?}");
                    assert!(!step.contains("TEMP B-TREE"), "{steps:#?}");
                }
            }
        }
    }
}
