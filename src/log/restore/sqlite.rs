//! Events into SQLite: multi-row statements of one size, each prepared once.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::super::event::RecordedEvent;
use super::super::plan::EVENTS;
use super::super::rows::sqlite::{CHUNK, size};
use super::super::rows::{Cell, Rows};
use super::number;

pub(super) async fn write(
    db: &mut SqliteConnection,
    events: &[RecordedEvent],
) -> Result<(), sqlx::Error> {
    for chunk in events.chunks(CHUNK) {
        let rows = Rows {
            table: Cow::Borrowed("events"),
            columns: EVENTS.to_vec(),
            replace: None,
            add: 0,
            rows: chunk.iter().map(row).collect(),
        };
        let (mut sql, size) = (String::new(), size(chunk.len()));
        rows.sqlite_sql(&mut sql, size);
        rows.sqlite_bind(sqlx::query(AssertSqlSafe(sql)), 0, size).execute(&mut *db).await?;
    }
    Ok(())
}

/// In the order of [`EVENTS`].
fn row(event: &RecordedEvent) -> Vec<Cell<'_>> {
    let text = |text| Cell::Text(Cow::Borrowed(text));
    vec![
        Cell::Int(number(event.position)),
        Cell::Uuid(event.stream),
        Cell::Int(number(event.version)),
        text(&event.kind),
        Cell::Int(i64::from(event.schema)),
        Cell::Int(event.occurred_at.as_microsecond()),
        Cell::Int(event.recorded_at.as_microsecond()),
        text(&event.actor),
        event.causation.into(),
        event.correlation.into(),
        text(&event.payload),
        Cell::Bytes(Cow::Borrowed(&event.leaf_hash)),
    ]
}
