//! Open work by agency, focal point or handler: sums over what is open now.

use hoiam_domain::actor::Actor;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};

use super::case_list::conditions::{Bind, Conditions, bound};
use crate::log::Pool;
use crate::on_pool;

/// Most groups; a city has a thousand handlers.
const GROUPS: i64 = 5_000;

/// What is summed.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    /// The column that divides an agency's work further: none, `focal_point` or `handler`.
    pub within: Option<&'static str>,
    /// One agency only.
    pub agency: Option<String>,
    /// Now, microseconds.
    pub now: i64,
    /// The end of the time that counts as soon, microseconds.
    pub soon: i64,
}

/// The open work of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The agency; empty for what no agency has.
    pub agency: String,
    /// The focal point or handler; none for what nobody there has.
    pub within: Option<String>,
    /// Cases it leads.
    pub open: i64,
    /// Of those, waiting for the citizen.
    pub waiting: i64,
    /// Of those, urgent.
    pub urgent: i64,
    /// Of those, with a running deadline that has passed.
    pub overdue: i64,
    /// Of those, with the next deadline still to come, but soon.
    pub soon: i64,
    /// The next deadline still to come, microseconds.
    pub next_due: Option<i64>,
    /// Parts in cases that others lead.
    pub parts: i64,
    /// Of those, past their deadline.
    pub parts_overdue: i64,
}

/// The open work that `reader` may see, by group. People of an agency see that agency's only.
///
/// # Errors
/// When the database does not answer.
pub async fn workload(
    pool: &Pool,
    reader: &Actor,
    loads: &Loads,
) -> Result<Vec<Load>, sqlx::Error> {
    let mut conditions = Conditions::default();
    let now = conditions.bind(Bind::Int(loads.now));
    let soon = conditions.bind(Bind::Int(loads.soon));
    conditions.push("c.open = 1");
    conditions.visible_to(reader);
    for agency in reader.agency.iter().map(|agency| agency.as_str()).chain(loads.agency.as_deref())
    {
        let agency = conditions.text(agency);
        conditions.push(format!("c.agency = {agency}"));
    }
    let within = match loads.within {
        Some(column) => {
            conditions.push("c.part = 'lead'");
            format!("c.{column}")
        }
        None => "NULL".to_owned(),
    };
    let groups = loads.within.map(|_| format!(", {within}")).unwrap_or_default();
    let (filter, mut binds) = conditions.finish();
    binds.push(Bind::Int(GROUPS));
    let sum = |when: &str| format!("CAST(SUM(CASE WHEN {when} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT c.agency, CAST({within} AS TEXT), {open}, {waiting}, {urgent}, {overdue}, {near}, \
         MIN(CASE WHEN c.part = 'lead' AND c.next_due >= {now} THEN c.next_due END), {parts}, {late} \
         FROM workload c WHERE {filter} GROUP BY c.agency{groups} ORDER BY c.agency{groups} LIMIT ${limit}",
        open = sum("c.part = 'lead'"),
        waiting = sum("c.part = 'lead' AND c.waiting = 1"),
        urgent = sum("c.part = 'lead' AND c.urgent = 1"),
        overdue = sum(&format!("c.part = 'lead' AND c.next_due < {now}")),
        near = sum(&format!("c.part = 'lead' AND c.next_due >= {now} AND c.next_due < {soon}")),
        parts = sum("c.part = 'co'"),
        late = sum(&format!("c.part = 'co' AND c.next_due < {now}")),
        limit = binds.len(),
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

fn read<R>(row: &R) -> Result<Load, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
{
    Ok(Load {
        agency: row.try_get(0)?,
        within: row.try_get(1)?,
        open: row.try_get(2)?,
        waiting: row.try_get(3)?,
        urgent: row.try_get(4)?,
        overdue: row.try_get(5)?,
        soon: row.try_get(6)?,
        next_due: row.try_get(7)?,
        parts: row.try_get(8)?,
        parts_overdue: row.try_get(9)?,
    })
}
