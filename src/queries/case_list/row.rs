//! One line of the list.

use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use super::order::{After, Key, Order, SortKey};
use crate::vault::Vault;

/// A case as the list shows it. Instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the columns of the read model")]
pub struct CaseRow {
    pub id: Uuid,
    pub number: String,
    pub version: i64,
    pub status: String,
    pub holder: String,
    pub kind: String,
    pub channel: String,
    pub sector: Option<String>,
    pub category: Option<String>,
    pub priority: Option<String>,
    pub urgent: bool,
    pub confidential: bool,
    pub agency: Option<String>,
    pub focal_point: Option<String>,
    pub district: Option<String>,
    pub ward: Option<String>,
    pub received_at: i64,
    pub updated_at: i64,
    pub next_due: Option<i64>,
    pub next_clock: Option<String>,
    pub outcome: Option<String>,
    pub rating: Option<i64>,
    /// How the text begins.
    pub excerpt: String,
}

impl CaseRow {
    /// Where a page that ends with this case ends.
    pub fn position(&self, order: Order) -> After {
        let key = match order.key {
            SortKey::Received => Key::Int(self.received_at),
            SortKey::Updated => Key::Int(self.updated_at),
            SortKey::Due => self.next_due.map_or(Key::Absent, Key::Int),
            SortKey::Number => Key::Text(self.number.clone()),
        };
        After { key, id: self.id }
    }
}

/// The excerpt and its key are looked up case by case: joined, PostgreSQL likes to merge the tables in
/// the order of their ids, and a page far behind the first then reads everything before it.
pub(super) const COLUMNS: &str = "c.case_id, c.number, c.version, c.status, c.holder, c.kind, c.channel, \
     c.sector, c.category, c.priority, c.urgent, c.confidential, c.agency, c.focal_point, c.district, c.ward, \
     c.received_at, c.updated_at, c.next_due, c.next_clock, c.outcome, c.rating, \
     coalesce((SELECT t.excerpt FROM case_texts t WHERE t.case_id = c.case_id), ''), \
     (SELECT s.content FROM stream_keys s WHERE s.stream = c.case_id)";

pub(super) fn read<R>(row: &R, vault: &Vault) -> Result<CaseRow, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d str: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    let id = row.try_get(0)?;
    Ok(CaseRow {
        id,
        number: row.try_get(1)?,
        version: row.try_get(2)?,
        status: row.try_get(3)?,
        holder: row.try_get(4)?,
        kind: row.try_get(5)?,
        channel: row.try_get(6)?,
        sector: row.try_get(7)?,
        category: row.try_get(8)?,
        priority: row.try_get(9)?,
        urgent: row.try_get::<i64, _>(10)? != 0,
        confidential: row.try_get::<i64, _>(11)? != 0,
        agency: row.try_get(12)?,
        focal_point: row.try_get(13)?,
        district: row.try_get(14)?,
        ward: row.try_get(15)?,
        received_at: row.try_get(16)?,
        updated_at: row.try_get(17)?,
        next_due: row.try_get(18)?,
        next_clock: row.try_get(19)?,
        outcome: row.try_get(20)?,
        rating: row.try_get(21)?,
        excerpt: vault.read_row(id, row.try_get(23)?, row.try_get(22)?),
    })
}
