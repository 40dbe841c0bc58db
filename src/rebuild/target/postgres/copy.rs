//! `COPY … FROM STDIN (FORMAT binary)`: the fastest way rows get into PostgreSQL.

use hoiam_projections::table::Value;
use sqlx::postgres::PgConnection;

use super::super::beside;
use super::super::ddl::quoted;
use crate::rebuild::buffer::TableBatch;

/// What begins a binary copy: its signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What ends it: a row of -1 columns.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();
/// At how many bytes a message is sent.
const MESSAGE: usize = 256 << 10;

/// Copies the rows that are new.
pub(super) async fn rows(
    connection: &mut PgConnection,
    batch: &TableBatch,
) -> Result<(), sqlx::Error> {
    if batch.new.is_empty() {
        return Ok(());
    }
    let columns: Vec<String> = batch.table.columns.iter().map(|c| quoted(c.0)).collect();
    let sql = format!(
        "COPY {} ({}) FROM STDIN (FORMAT binary)",
        quoted(&beside(batch.table.name)),
        columns.join(", ")
    );
    let mut copy = connection.copy_in_raw(&sql).await?;
    let mut message = Vec::with_capacity(MESSAGE + (16 << 10));
    message.extend_from_slice(HEADER);
    for row in &batch.new {
        encode(row, &mut message);
        if message.len() >= MESSAGE {
            copy.send(message.as_slice()).await?;
            message.clear();
        }
    }
    message.extend_from_slice(&TRAILER);
    copy.send(message.as_slice()).await?;
    copy.finish().await?;
    Ok(())
}

fn encode(row: &[Value], to: &mut Vec<u8>) {
    to.extend_from_slice(&i16::try_from(row.len()).unwrap_or(i16::MAX).to_be_bytes());
    for value in row {
        match value {
            Value::Null => to.extend_from_slice(&(-1_i32).to_be_bytes()),
            Value::Text(text) => field(text.as_bytes(), to),
            Value::Int(number) => field(&number.to_be_bytes(), to),
            Value::Uuid(id) => field(id.as_bytes(), to),
        }
    }
}

fn field(bytes: &[u8], to: &mut Vec<u8>) {
    to.extend_from_slice(&i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_be_bytes());
    to.extend_from_slice(bytes);
}
