//! A history of finished cases imported by `hoiam import` in a process of its own, beside a raw
//! batch insert of the same events into a table with the log's two keys: `COPY` of 10,000 rows a
//! commit on PostgreSQL, 1,000 rows a commit on SQLite, both durable.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use hoiam::log::{Database, Log, LogOptions, RecordedEvent};
use hoiam::rules::Source;
use hoiam_domain::routing::RouteInput;
use jiff::{SignedDuration, Timestamp};

use crate::bulk::{Bulk, EventRow, Way};
use crate::measure::Sample;
use crate::program;
use crate::results::Results;
use crate::stores::{Store, Stores};

const MAP: &str = r#"
system = "bench"
time_zone = "+07:00"

[columns]
id = "id"
received_at = "opened"
target = "target"
closed_at = "closed"
text = ["text"]
closing_note = "note"
address = "address"
reporter_name = "name"

[agency]
column = "agency"

[category]
column = "category"

[channel]
column = "channel"
"#;

/// How many times as many rows the second file has: memory must not follow.
const TIMES: usize = 4;

pub struct History {
    small: PathBuf,
    large: PathBuf,
    map: PathBuf,
    rows: usize,
    imports: usize,
}

impl History {
    pub fn prepare(stores: &Stores, rows: usize, now: Timestamp) -> Self {
        let path = |name: &str| stores.place.join(name);
        std::fs::write(path("map.toml"), MAP).unwrap();
        std::fs::write(path("small.csv"), csv(rows / TIMES, now)).unwrap();
        std::fs::write(path("large.csv"), csv(rows, now)).unwrap();
        let (small, large, map) = (path("small.csv"), path("large.csv"), path("map.toml"));
        Self { small, large, map, rows, imports: 0 }
    }

    pub async fn round(&mut self, stores: &Stores, results: &mut Results) {
        self.imports += 1;
        for store in Store::ALL {
            let round = self.imports;
            let less = stores.fresh(store, &format!("less{round}")).await;
            let (_, less_mb) = self.import(stores, &less, &self.small).await;
            let more = stores.fresh(store, &format!("more{round}")).await;
            let (seconds, more_mb) = self.import(stores, &more, &self.large).await;
            let events = events_of(&more).await;
            let line = format!("history import, {}", store.name());
            results.add(&line, 1, Sample::rate(events.len() as u64, seconds));
            results.remark(
                line,
                format!(
                    "{} rows become {} events; {less_mb:.0} MB resident at most for a quarter of them, {more_mb:.0} MB for all",
                    self.rows,
                    events.len()
                ),
            );
            let rows: Vec<EventRow> = events.into_iter().map(row).collect();
            if store == Store::Postgres {
                let copied = raw(stores, store, round, &rows, Way::Copy).await;
                results.add("raw COPY of events, PostgreSQL", 1, copied);
            }
            let inserted = raw(stores, store, round, &rows, Way::Insert).await;
            results.add(format!("raw batch insert of events, {}", store.name()), 1, inserted);
        }
    }

    async fn import(
        &self,
        stores: &Stores,
        database: &Database,
        file: &std::path::Path,
    ) -> (f64, f64) {
        let (file, map) = (file.display().to_string(), self.map.display().to_string());
        let ran = program::run(database, &stores.place, &["import", &file, "--map", &map]).await;
        (ran.seconds, ran.peak_mb)
    }
}

/// Finished cases of two years, in the words of the demo city.
fn csv(rows: usize, now: Timestamp) -> String {
    let rules = Source::choose(None).load().unwrap();
    let kinds: Vec<(String, String, String)> = crate::feedback::texts()
        .into_iter()
        .filter_map(|text| {
            let verdict = rules.explain(&RouteInput::text(text.clone(), now));
            let quoted = text.replace('"', "'").replace('\n', " ");
            Some((quoted, verdict.category?.to_string(), verdict.agency?.to_string()))
        })
        .collect();
    let mut csv =
        String::from("id,opened,target,closed,text,note,address,name,agency,category,channel\n");
    for nr in 0..rows {
        let (text, category, agency) = &kinds[nr % kinds.len()];
        let back = SignedDuration::from_mins((rows - nr) as i64 * 730 * 1_440 / rows as i64);
        let opened = now - back - SignedDuration::from_hours(24 * 30);
        let (target, closed) =
            (opened + SignedDuration::from_hours(120), opened + SignedDuration::from_hours(70));
        // Writing to a string cannot fail.
        let _ = writeln!(
            csv,
            "{nr},{opened},{target},{closed},\"Nhà số {nr}: {text}\",Đã xử lý xong.,{nr} Bùi Đình Túy,Trần Thị Thử,{agency},{category},phone"
        );
    }
    csv
}

async fn events_of(database: &Database) -> Vec<RecordedEvent> {
    let log = Log::open(database, LogOptions::default()).await.unwrap();
    let events = log.read_all(0, u32::MAX).await.unwrap();
    log.close().await;
    events
}

/// The events as they are into a table of their own.
async fn raw(stores: &Stores, store: Store, round: usize, rows: &[EventRow], way: Way) -> Sample {
    let (name, commit) = match way {
        Way::Copy => ("copied", 10_000),
        Way::Insert => ("inserted", 1_000),
    };
    let database = stores.fresh(store, &format!("{name}{round}")).await;
    let table = match &database {
        Database::Sqlite(path) => {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            TABLE.replace("UUID", "BLOB").replace("BYTEA", "BLOB")
        }
        Database::Postgres(_) => TABLE.to_owned(),
    };
    let mut bulk = Bulk::into(&database, "raw_events", commit, true, way).await;
    bulk.execute(&table).await;
    // Copied before the clock runs: what is written is given away.
    let (rows, count) = (rows.to_vec(), rows.len() as u64);
    let start = Instant::now();
    for row in rows {
        bulk.add(row).await;
    }
    bulk.flush().await;
    Sample::rate(count, start.elapsed().as_secs_f64())
}

const TABLE: &str = "CREATE TABLE raw_events (position BIGINT PRIMARY KEY, stream UUID NOT NULL, version BIGINT NOT NULL, \
     kind TEXT NOT NULL, schema BIGINT NOT NULL, occurred_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, \
     actor TEXT NOT NULL, causation UUID, correlation UUID, payload TEXT NOT NULL, leaf_hash BYTEA NOT NULL, \
     UNIQUE (stream, version))";

fn row(event: RecordedEvent) -> EventRow {
    EventRow {
        position: event.position.cast_signed(),
        stream: event.stream,
        version: event.version.cast_signed(),
        kind: event.kind.into(),
        schema: event.schema.into(),
        occurred_at: event.occurred_at.as_microsecond(),
        recorded_at: event.recorded_at.as_microsecond(),
        actor: event.actor.into(),
        causation: event.causation,
        correlation: event.correlation,
        payload: event.payload,
        leaf_hash: event.leaf_hash,
    }
}
