//! Rulings filed under the same keys as a dispute.

use hoiam_domain::actor::Actor;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use super::case_list::conditions::{Bind, Conditions, bound};
use crate::log::Pool;
use crate::on_pool;

/// Most rulings read of one key, the newest.
const OF_ONE_KEY: i64 = 60;
/// Most keys looked up; a dispute has about twelve.
const KEYS: usize = 32;

/// A ruling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the columns of the read models")]
pub struct PrecedentRow {
    pub id: Uuid,
    pub version: i64,
    pub number: String,
    pub agency: String,
    /// Microseconds since 1970.
    pub ruled_at: i64,
    pub cause: String,
    pub returned_by: String,
    pub proposed: Option<String>,
    pub words: String,
    pub places: String,
    pub category: Option<String>,
    pub sector: Option<String>,
    pub district: Option<String>,
    pub ward: Option<String>,
}

/// The rulings that stand, in cases that `reader` may see and that were not merged away, filed
/// under one of the keys and given before a time (microseconds). Of each key the newest, so that
/// the cost does not depend on how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn precedents(
    pool: &Pool,
    reader: &Actor,
    keys: &[i64],
    before: i64,
    except: Option<Uuid>,
) -> Result<Vec<PrecedentRow>, sqlx::Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = Conditions::default();
    let before = conditions.bind(Bind::Int(before));
    let limit = conditions.bind(Bind::Int(OF_ONE_KEY));
    let mut parts = Vec::new();
    for (nr, key) in keys.iter().take(KEYS).enumerate() {
        let key = conditions.bind(Bind::Int(*key));
        parts.push(format!(
            "SELECT case_id, version FROM (SELECT case_id, version FROM precedent_keys WHERE key = {key} \
             AND ruled_at <= {before} ORDER BY ruled_at DESC, case_id DESC, version DESC LIMIT {limit}) AS p{nr}"
        ));
    }
    conditions.visible_to(reader);
    conditions.no_denunciation();
    if let Some(except) = except {
        let except = conditions.bind(Bind::Id(except));
        conditions.push(format!("c.case_id <> {except}"));
    }
    conditions.push("p.undone = 0 AND c.status <> 'merged'");
    let (filter, binds) = conditions.finish();
    let sql = format!(
        "SELECT p.case_id, p.version, c.number, p.agency, p.ruled_at, p.cause, p.returned_by, p.proposed, \
         p.words, p.places, c.category, c.sector, c.district, c.ward \
         FROM (SELECT DISTINCT f.case_id, f.version FROM ({parts}) AS f) AS k \
         JOIN precedents p ON p.case_id = k.case_id AND p.version = k.version \
         JOIN cases c ON c.case_id = k.case_id WHERE {filter}",
        parts = parts.join(" UNION ALL "),
    );
    // Every value is bound; the text is put together from constants only.
    on_pool!(pool, db => {
        let mut question = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        question.fetch_all(db).await?.iter().map(read).collect()
    })
}

fn read<R>(row: &R) -> Result<PrecedentRow, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    Ok(PrecedentRow {
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        number: row.try_get(2)?,
        agency: row.try_get(3)?,
        ruled_at: row.try_get(4)?,
        cause: row.try_get(5)?,
        returned_by: row.try_get(6)?,
        proposed: row.try_get(7)?,
        words: row.try_get(8)?,
        places: row.try_get(9)?,
        category: row.try_get(10)?,
        sector: row.try_get(11)?,
        district: row.try_get(12)?,
        ward: row.try_get(13)?,
    })
}
