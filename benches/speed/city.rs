//! A city's log of any size in minutes: real lives made by the desk, stamped again and again with
//! new streams, numbers, codes, places and weeks, and loaded as a whole.
//!
//! The lives are the demo city's stories, each told by the command path with its timers. Those
//! that came to an end fill two years; the last weeks stand once, with their open cases, so that a
//! log of three million events has no more open work than a small one, as in a city. Everything is
//! recorded in the order of time, a case's events far apart from each other. Hashes and positions
//! are those the log would have given.

mod lives;
mod piece;

use std::collections::HashMap;
use std::time::Instant;

use hoiam::log::{Database, Log, LogOptions, leaf_hash};
use hoiam::random::SeededRandom;
use hoiam::tracking::TrackingCode;
use hoiam::vault::CaseKeys;
use hoiam_projections::table::{Row, Value};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::bulk::{Bulk, EventRow, Way};
use crate::stores::Stores;
use lives::Lives;
use piece::Stamp;

/// Weeks over which ended lives are spread.
const WEEKS: usize = 104;
/// Rows a commit takes.
const COMMIT: usize = 20_000;
/// Known cases kept to ask for later.
const KNOWN: usize = 2_000;

/// Lives to make logs of.
pub struct City {
    ended: Lives,
    open: Lives,
}

/// A case that somebody may ask for.
#[derive(Clone, Debug)]
pub struct Known {
    pub number: String,
    pub tracking_code: String,
    /// A word that stands in its text and in no other.
    pub house: u64,
}

/// What a log was made of.
pub struct Made {
    pub events: u64,
    pub known: Vec<Known>,
    pub seconds: f64,
}

/// One event of one copy of a set of lives.
#[derive(Clone, Copy)]
struct Happening {
    recorded_at: i64,
    copy: u32,
    event: u32,
}

impl City {
    /// Lets the desk live `sets` demo cities to their ends, and one up to now.
    pub async fn live(stores: &Stores, sets: u64, now: Timestamp) -> Self {
        let mut ended = Lives::default();
        for set in 0..sets {
            // Other hours and days, so that the same story gets other deadlines.
            let back = SignedDuration::from_hours(100 * 24 + i64::try_from(set).unwrap() * 29);
            lives::live(stores, now - back, Some(&mut ended), set).await;
        }
        let mut open = Lives::default();
        let (vault, events) = lives::live(stores, now, None, sets).await;
        open.add(&vault, events);
        Self { ended, open }
    }

    /// Fills a new database's log with about so many events and opens it to be rebuilt.
    pub async fn fill(&self, database: &Database, events: usize) -> Made {
        let start = Instant::now();
        let (happenings, copies) = self.happenings(events);
        let mut known = Vec::new();
        let every = (happenings.len() / KNOWN / 12).max(1) as i64;
        let log = Log::open(database, LogOptions::default()).await.unwrap();
        let (vault, random) = (log.vault().clone(), SeededRandom::new(1));
        log.close().await;
        let mut keys: HashMap<Uuid, CaseKeys> = HashMap::new();
        let mut rows = Vec::new();
        let mut bulk = Bulk::into(database, "events", COMMIT, false, Way::Copy).await;
        for (position, happening) in (1..).zip(&happenings) {
            let copy = happening.copy as usize;
            let (lives, weeks_back) = match copy.checked_sub(copies) {
                Some(_) => (&self.open, None),
                None => (&self.ended, Some(copy)),
            };
            let event = &lives.events[happening.event as usize];
            let stamp = Stamp {
                copy: copy as u64,
                shift: weeks_back.map_or(0, shift),
                first_case: (copy * self.ended.cases) as u64,
            };
            let stream = stamp.id(event.stream);
            let keys = keys.entry(stream).or_insert_with(|| {
                let drawn = vault.draw(stream, &random).unwrap();
                rows.extend(drawn.row());
                drawn
            });
            let seal = keys.of_events();
            let sealed = |key, clear| seal.seal(key, clear).unwrap();
            let mut payload = String::with_capacity(1_500);
            stamp.write(&event.payload, &sealed, &mut payload);
            bulk.add(EventRow {
                position,
                stream,
                version: event.version,
                kind: event.kind.clone(),
                schema: event.schema,
                occurred_at: event.occurred_at + stamp.shift,
                recorded_at: happening.recorded_at,
                actor: event.actor.clone(),
                causation: event.causation.map(|id| stamp.id(id)),
                correlation: event.correlation.map(|id| stamp.id(id)),
                leaf_hash: leaf_hash(payload.as_bytes()),
                payload,
            })
            .await;
            if event.kind.as_ref() == "case.received" && position % every == 0 {
                known.extend(stamp.known(&event.payload));
            }
        }
        bulk.flush().await;
        for rows in rows.chunks(500) {
            let sqlite = matches!(database, Database::Sqlite(_));
            let values: Vec<String> = rows.iter().map(|row| keys_sql(row, sqlite)).collect();
            let columns: Vec<&str> = rows[0].table.columns.iter().map(|column| column.0).collect();
            bulk.execute(&format!(
                "INSERT INTO stream_keys ({}) VALUES {}",
                columns.join(", "),
                values.join(", ")
            ))
            .await;
        }
        let last_case = copies * self.ended.cases + self.open.cases;
        let (events, series) = (happenings.len(), &self.ended.series);
        bulk.execute(&format!(
            "UPDATE log_head SET position = {events};
             INSERT INTO serials (series, last) VALUES ('{series}', {last_case})"
        ))
        .await;
        if matches!(database, Database::Postgres(_)) {
            // What its own housekeeping would have done long ago.
            bulk.execute("VACUUM ANALYZE").await;
        }
        Made { events: events as u64, known, seconds: start.elapsed().as_secs_f64() }
    }

    /// What happens when, and how many copies of the ended lives that takes; the open ones are the
    /// copy after those.
    fn happenings(&self, events: usize) -> (Vec<Happening>, usize) {
        let wanted = events.saturating_sub(self.open.events.len());
        let copies = wanted.div_ceil(self.ended.events.len());
        let mut all = Vec::with_capacity(events + self.ended.events.len());
        let mut add = |lives: &Lives, copy: usize, shift: i64, room: usize| {
            let cases = lives.cases_of_at_most(room);
            for (nr, event) in (0..).zip(&lives.events) {
                if event.case < cases {
                    let recorded_at = event.recorded_at + shift;
                    all.push(Happening { recorded_at, copy: copy as u32, event: nr });
                }
            }
        };
        for copy in 0..copies {
            let room = wanted - copy * self.ended.events.len();
            add(&self.ended, copy, shift(copy), room);
        }
        add(&self.open, copies, 0, usize::MAX);
        all.sort_unstable_by_key(|h| (h.recorded_at, h.copy, h.event));
        (all, copies)
    }
}

/// A row of keys as SQL: ids and base64, nothing that would have to be quoted.
fn keys_sql(row: &Row, sqlite: bool) -> String {
    let values = row.values.iter().map(|value| match value {
        Value::Uuid(id) if sqlite => format!("x'{}'", id.simple()),
        Value::Uuid(id) => format!("'{id}'"),
        Value::Text(text) => format!("'{text}'"),
        Value::Null => "NULL".to_owned(),
        other => unreachable!("{other:?}"),
    });
    format!("({})", values.collect::<Vec<_>>().join(", "))
}

/// How far back a copy of the ended lives is moved, in microseconds: whole weeks, so that office
/// hours stay office hours, and some odd time, so that no two happen at once.
fn shift(copy: usize) -> i64 {
    const SECOND: i64 = 1_000_000;
    let weeks = i64::try_from(copy % WEEKS).unwrap_or(0);
    let round = i64::try_from(copy / WEEKS).unwrap_or(0);
    -(weeks * 7 * 24 * 3_600 + round * 977) * SECOND
}

impl Stamp {
    fn known(&self, payload: &[piece::Piece]) -> Option<Known> {
        let mut known = Known { number: String::new(), tracking_code: String::new(), house: 0 };
        for piece in payload {
            match piece {
                piece::Piece::Number(case) if known.number.is_empty() => {
                    known.number = self.number(*case);
                }
                piece::Piece::TrackingHash(party) => {
                    known.tracking_code = self.tracking_code(*party).show();
                }
                piece::Piece::Private(_, _, Some(case)) => known.house = self.house(*case),
                _ => {}
            }
        }
        (!known.number.is_empty() && !known.tracking_code.is_empty()).then_some(known)
    }

    fn tracking_code(&self, party: u64) -> TrackingCode {
        TrackingCode::derive(&Uuid::from_u64_pair(self.copy, party).into_bytes(), "")
    }
}
