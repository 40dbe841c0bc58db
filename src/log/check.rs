//! What an append must look like before it may wait for the committer: what is found here cannot
//! spoil a batch later.

use std::collections::HashSet;

use hoiam_projections::table::{Row, Type, Value};
use serde::de::IgnoredAny;

use super::append::{Append, Content, NewEvent, Prepared};
use super::error::AppendError;

/// What a numbered append is taken to weigh before it is built.
const UNBUILT: usize = 4_096;

/// Checks an append and says about how many bytes it will write.
pub(crate) fn append(append: &Append, max_bytes: usize) -> Result<usize, AppendError> {
    json("actor", &append.actor)?;
    if let Some(key) = &append.idempotency {
        no_nul("the scope of the idempotency key", &key.scope)?;
    }
    match &append.content {
        Content::Ready(ready) => prepared(ready, max_bytes),
        Content::Numbered { series, .. } => no_nul("the series", series).map(|()| UNBUILT),
    }
}

/// Checks what an append writes and says about how many bytes that is.
pub(crate) fn prepared(prepared: &Prepared, max_bytes: usize) -> Result<usize, AppendError> {
    let bytes = prepared.bytes();
    if bytes > max_bytes {
        return Err(AppendError::TooLarge);
    }
    if prepared.events() == 0 {
        return Err(invalid("it has no events"));
    }
    no_nul("the answer", &prepared.answer)?;
    let mut streams = HashSet::new();
    for stream in &prepared.streams {
        if !streams.insert(stream.stream) {
            return Err(invalid(format!("stream {} stands in it twice", stream.stream)));
        }
        stream.events.iter().try_for_each(event)?;
        stream.rows.iter().try_for_each(row)?;
    }
    Ok(bytes)
}

fn event(event: &NewEvent) -> Result<(), AppendError> {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte);
    if event.kind.is_empty() || !event.kind.bytes().all(allowed) {
        return Err(invalid(format!("{:?} is no kind of event", event.kind)));
    }
    json("the data of an event", &event.data)
}

/// One value a column, each of the column's type, and nothing missing in the key.
fn row(row: &Row) -> Result<(), AppendError> {
    let table = row.table;
    if row.values.len() != table.columns.len() || table.key == 0 || table.key > row.values.len() {
        return Err(invalid(format!("a row of {} has {} values", table.name, row.values.len())));
    }
    for (nr, (column, value)) in table.columns.iter().zip(&row.values).enumerate() {
        let fits = match (value, column.1) {
            (Value::Null, _) => nr >= table.key,
            (Value::Text(text), Type::Text) => !text.contains('\0'),
            (Value::Int(_), Type::Int) | (Value::Uuid(_), Type::Uuid) => true,
            _ => false,
        };
        if !fits {
            return Err(invalid(format!("{}.{} cannot take its value", table.name, column.0)));
        }
    }
    Ok(())
}

fn json(what: &str, text: &str) -> Result<(), AppendError> {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid(format!("{what} is not JSON: {error}"))),
    }
}

/// PostgreSQL has no zero characters in text, so the log has none.
fn no_nul(what: &str, text: &str) -> Result<(), AppendError> {
    if text.contains('\0') {
        Err(invalid(format!("{what} contains a zero character")))
    } else {
        Ok(())
    }
}

fn invalid(what: impl Into<String>) -> AppendError {
    AppendError::Invalid(what.into())
}
