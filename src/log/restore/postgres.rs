//! Events into PostgreSQL by `COPY`, its fastest way in.

use sqlx::PgConnection;
use uuid::Uuid;

use super::super::event::RecordedEvent;
use super::super::plan::EVENTS;

/// How much is sent at once.
const BLOCK: usize = 1 << 20;

pub(super) async fn write(
    db: &mut PgConnection,
    events: &[RecordedEvent],
) -> Result<(), sqlx::Error> {
    let names: Vec<_> = EVENTS.iter().map(|(name, _)| *name).collect();
    let statement = format!("COPY events ({}) FROM STDIN", names.join(", "));
    let mut copy = db.copy_in_raw(&statement).await?;
    let mut block = String::with_capacity(BLOCK + BLOCK / 4);
    for event in events {
        line(&mut block, event);
        if block.len() >= BLOCK {
            copy.send(block.as_bytes()).await?;
            block.clear();
        }
    }
    copy.send(block.as_bytes()).await?;
    copy.finish().await.map(drop)
}

/// A line in the text format, in the order of [`EVENTS`].
fn line(out: &mut String, event: &RecordedEvent) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = write!(out, "{}\t{}\t{}\t", event.position, event.stream, event.version);
    escaped(out, &event.kind);
    let (occurred, recorded) =
        (event.occurred_at.as_microsecond(), event.recorded_at.as_microsecond());
    let _ = write!(out, "\t{}\t{occurred}\t{recorded}\t", event.schema);
    escaped(out, &event.actor);
    for id in [event.causation, event.correlation] {
        out.push('\t');
        id_or_null(out, id);
    }
    out.push('\t');
    escaped(out, &event.payload);
    out.push_str("\t\\\\x");
    for byte in event.leaf_hash {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('\n');
}

fn id_or_null(out: &mut String, id: Option<Uuid>) {
    use std::fmt::Write;
    match id {
        // Writing to a string cannot fail.
        Some(id) => drop(write!(out, "{id}")),
        None => out.push_str("\\N"),
    }
}

/// As <https://www.postgresql.org/docs/current/sql-copy.html> has it, section "Text Format".
fn escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\n', '\r', '\t']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            _ => "\\\\",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copy_takes_apart_is_escaped() {
        let mut out = String::new();
        escaped(&mut out, "ổ gà\\n \"\t\"\r\n\\");
        assert_eq!(out, "ổ gà\\\\n \"\\t\"\\r\\n\\\\");
    }
}
