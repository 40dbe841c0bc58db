//! Cases filed under the same keys as another feedback: what may be the same matter.

use hoiam_domain::actor::Actor;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};
use std::collections::HashSet;
use uuid::Uuid;

use super::case_list::conditions::{Bind, Conditions, bound};
use crate::log::Pool;
use crate::on_pool;

/// Most cases read of one key on either side of the time asked about.
const OF_ONE_KEY: i64 = 40;
/// Most keys looked up; a feedback has about twenty.
const KEYS: usize = 48;
/// Most cases looked at, however many are filed under the keys.
const CANDIDATES: i64 = 150;
/// How far apart a place counts at most, in millionths of a degree: about 300 m. Who names the same
/// house is there, wherever a map puts it.
const FARTHEST: i64 = 2_700;
/// What counts for the place where one of two has none: about 150 m.
const SOMEWHERE: i64 = 1_350;
/// So many microseconds apart count as a millionth of a degree: a day as much as 20 m.
const MICROSECONDS: i64 = 480_000_000;

/// What is looked up.
#[derive(Clone, Debug)]
pub struct LookUp {
    /// The keys, the most telling first.
    pub keys: Vec<i64>,
    /// Received at or after, microseconds.
    pub from: i64,
    /// Nearest to this time, microseconds.
    pub at: i64,
    /// Received at or before, microseconds.
    pub to: i64,
    /// Where it is: latitude and longitude in millionths of a degree.
    pub point: Option<(i64, i64)>,
    /// Not this case.
    pub except: Option<Uuid>,
}

/// A case that may be the same matter. Instants are microseconds, coordinates millionths of a
/// degree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the columns of the read models")]
pub struct LookAlike {
    pub id: Uuid,
    pub number: String,
    pub status: String,
    pub sector: Option<String>,
    pub category: Option<String>,
    pub agency: Option<String>,
    pub district: Option<String>,
    pub ward: Option<String>,
    pub lat: Option<i64>,
    pub lon: Option<i64>,
    pub received_at: i64,
    pub finished_at: Option<i64>,
    pub words: String,
    pub places: String,
    pub merged_into: Option<String>,
    /// Sealed with `content`, which is wrapped.
    pub excerpt: String,
    pub content: Option<String>,
}

/// The cases that `reader` may see and that are filed under one of the keys, at most
/// [`CANDIDATES`], those nearest in place and time. Of each key the nearest in time are asked for,
/// so that the cost does not depend on how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn look_alike(
    pool: &Pool,
    reader: &Actor,
    look_up: &LookUp,
) -> Result<Vec<LookAlike>, sqlx::Error> {
    if look_up.keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = Conditions::default();
    let filed = filed(look_up, &mut conditions);
    let nearness = nearness(look_up, &mut conditions);
    conditions.visible_to(reader);
    conditions.no_denunciation();
    if let Some(except) = look_up.except {
        let except = conditions.bind(Bind::Id(except));
        conditions.push(format!("c.case_id <> {except}"));
    }
    let (filter, binds) = conditions.finish();
    let sql = format!(
        "SELECT c.case_id, c.number, c.status, c.sector, c.category, c.agency, c.district, c.ward, c.lat, \
         c.lon, c.received_at, c.finished_at, d.words, d.places, d.merged_into, t.excerpt, s.content \
         FROM (SELECT c.case_id FROM (SELECT DISTINCT f.case_id FROM ({filed}) AS f) AS n \
         JOIN cases c ON c.case_id = n.case_id WHERE {filter} \
         ORDER BY {nearness}, c.case_id LIMIT {CANDIDATES}) AS k \
         JOIN cases c ON c.case_id = k.case_id \
         JOIN duplicate_prints d ON d.case_id = k.case_id \
         JOIN case_texts t ON t.case_id = k.case_id \
         LEFT JOIN stream_keys s ON s.stream = k.case_id"
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

/// How far away a case is, in place and time: the smaller, the nearer.
fn nearness(look_up: &LookUp, conditions: &mut Conditions) -> String {
    let at = conditions.bind(Bind::Int(look_up.at));
    let time = format!("ABS(c.received_at - {at}) / {MICROSECONDS}");
    let Some((lat, lon)) = look_up.point else { return time };
    let (lat, lon) = (conditions.bind(Bind::Int(lat)), conditions.bind(Bind::Int(lon)));
    let apart = format!("ABS(c.lat - {lat}) + ABS(c.lon - {lon})");
    format!(
        "CASE WHEN c.lat IS NULL OR c.lon IS NULL THEN {SOMEWHERE} WHEN {apart} > {FARTHEST} THEN {FARTHEST} \
         ELSE {apart} END + {time}"
    )
}

/// The nearest of each key, before and after the time asked about.
fn filed(look_up: &LookUp, conditions: &mut Conditions) -> String {
    let from = conditions.bind(Bind::Int(look_up.from));
    let at = conditions.bind(Bind::Int(look_up.at));
    let to = conditions.bind(Bind::Int(look_up.to));
    let limit = conditions.bind(Bind::Int(OF_ONE_KEY));
    let mut parts = Vec::new();
    for key in look_up.keys.iter().take(KEYS) {
        let key = conditions.bind(Bind::Int(*key));
        let mut part = |when: String, order: &str| {
            parts.push(format!(
                "SELECT case_id FROM (SELECT case_id FROM duplicate_keys WHERE key = {key} AND live = 1 \
                 AND {when} ORDER BY received_at {order}, case_id {order} LIMIT {limit}) AS p{}",
                parts.len()
            ));
        };
        part(format!("received_at >= {from} AND received_at <= {at}"), "DESC");
        if look_up.to > look_up.at {
            part(format!("received_at > {at} AND received_at <= {to}"), "ASC");
        }
    }
    parts.join(" UNION ALL ")
}

fn read<R>(row: &R) -> Result<LookAlike, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    Ok(LookAlike {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        status: row.try_get(2)?,
        sector: row.try_get(3)?,
        category: row.try_get(4)?,
        agency: row.try_get(5)?,
        district: row.try_get(6)?,
        ward: row.try_get(7)?,
        lat: row.try_get(8)?,
        lon: row.try_get(9)?,
        received_at: row.try_get(10)?,
        finished_at: row.try_get(11)?,
        words: row.try_get(12)?,
        places: row.try_get(13)?,
        merged_into: row.try_get(14)?,
        excerpt: row.try_get(15)?,
        content: row.try_get(16)?,
    })
}

/// Which of these case numbers `reader` may see.
///
/// # Errors
/// When the database does not answer.
pub async fn visible_numbers(
    pool: &Pool,
    reader: &Actor,
    numbers: &[String],
) -> Result<HashSet<String>, sqlx::Error> {
    if numbers.is_empty() {
        return Ok(HashSet::new());
    }
    let mut conditions = Conditions::default();
    conditions.visible_to(reader);
    let places: Vec<String> = numbers.iter().map(|number| conditions.text(number)).collect();
    conditions.push(format!("c.number IN ({})", places.join(", ")));
    let (filter, binds) = conditions.finish();
    let sql = format!("SELECT c.number FROM cases c WHERE {filter}");
    // Every value is bound; the text is put together from constants only.
    on_pool!(pool, db => {
        let mut question = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        question.fetch_all(db).await?.iter().map(|row| row.try_get(0)).collect()
    })
}
