//! Lives as the desk lives them, and their events in pieces.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hoiam::clock::{Clock, ManualClock};
use hoiam::demo;
use hoiam::desk::Desk;
use hoiam::log::{Log, LogOptions, RecordedEvent};
use hoiam::queries::due_cases;
use hoiam::random::SeededRandom;
use hoiam::rules::{Rules, Source};
use hoiam::timers::fire_due;
use hoiam::vault::Vault;
use hoiam_domain::case::clocks::timers;
use hoiam_domain::case::codec::decode;
use hoiam_domain::case::{Case, CaseNumber, Meta, evolve};
use hoiam_domain::private::Key;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::piece::{CENTURY, Indices, Piece, pieces};
use crate::stores::{Store, Stores};

/// After so long every answered case is closed and every promise was kept or missed.
const TO_THE_END: SignedDuration = SignedDuration::from_hours(90 * 24);

/// An event that can be stamped.
pub struct Event {
    pub case: usize,
    pub stream: Uuid,
    pub version: i64,
    pub kind: Box<str>,
    pub schema: i64,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub actor: Box<str>,
    pub causation: Option<Uuid>,
    pub correlation: Option<Uuid>,
    pub payload: Vec<Piece>,
}

/// Events of whole cases, in the order of their log.
#[derive(Default)]
pub struct Lives {
    pub events: Vec<Event>,
    pub cases: usize,
    parties: u64,
    /// Series of the numbers seen, as the desk counts them: `HCM-2026`.
    pub series: String,
}

/// Loads the demo city whose present is `now` and gives its events. With `ended`, goes on until
/// nothing more happens by itself and adds the cases that are over for good.
pub async fn live(
    stores: &Stores,
    now: Timestamp,
    ended: Option<&mut Lives>,
    seed: u64,
) -> (Vault, Vec<RecordedEvent>) {
    let database = stores.fresh(Store::Sqlite, &format!("city{seed}")).await;
    let log = Log::open(&database, LogOptions::default()).await.unwrap();
    let vault = log.vault().clone();
    let rules = Rules::open(Source::choose(None)).unwrap();
    let clock = Arc::new(ManualClock::at(now));
    let desk = Desk::new(log, rules, "HCM", clock.clone(), Arc::new(SeededRandom::new(seed)));
    demo::load(&desk, &clock, now).await.unwrap();
    if let Some(ended) = ended {
        advance(&desk, &clock, now + TO_THE_END).await;
        let events = desk.log().read_all(0, u32::MAX).await.unwrap();
        let over = over_for_good(&vault, &events);
        ended.add(&vault, events.into_iter().filter(|event| over.contains(&event.stream)));
        desk.log().close().await;
        return (vault, Vec::new());
    }
    let events = desk.log().read_all(0, u32::MAX).await.unwrap();
    desk.log().close().await;
    let events = events.into_iter().filter(|event| event.kind.starts_with("case."));
    (vault, events.collect())
}

/// Puts the clock to `to`, stopping wherever a timer is due.
async fn advance(desk: &Desk, clock: &ManualClock, to: Timestamp) {
    let pool = desk.log().pool();
    while let Some(next) = due_cases(pool, to.as_microsecond(), None, 1).await.unwrap().first() {
        clock.set(Timestamp::from_microsecond(next.due_at).unwrap().max(clock.now()));
        if fire_due(desk).await.unwrap() == 0 {
            break;
        }
    }
    clock.set(to);
}

/// The cases in which nothing will happen by itself any more.
fn over_for_good(vault: &Vault, events: &[RecordedEvent]) -> HashSet<Uuid> {
    let mut cases: HashMap<Uuid, Case> = HashMap::new();
    for recorded in events.iter().filter(|event| event.kind.starts_with("case.")) {
        let keys = vault.keys(recorded.stream, recorded.keys.as_ref());
        let seal = keys.of_events();
        let event = decode(&recorded.kind, recorded.schema, recorded.data(), &seal).unwrap();
        let meta = Meta {
            stream: recorded.stream,
            version: recorded.version,
            occurred_at: recorded.occurred_at,
            actor: serde_json::from_str(&recorded.actor).unwrap(),
        };
        let case = evolve(cases.remove(&recorded.stream), &event, &meta).unwrap();
        cases.insert(recorded.stream, case);
    }
    cases.retain(|_, case| case.work.stage.name().is_over() && timers(case).is_empty());
    cases.into_keys().collect()
}

impl Lives {
    /// Adds the events of whole cases.
    pub fn add(&mut self, vault: &Vault, events: impl IntoIterator<Item = RecordedEvent>) {
        let mut seen = Seen { lives: self, cases: HashMap::new() };
        let mut streams: HashMap<Uuid, usize> = HashMap::new();
        let mut added = Vec::new();
        for event in events {
            let seal = vault.keys(event.stream, event.keys.as_ref()).of_events();
            // A text opens with the key it was sealed with, and with no other.
            let open = |sealed: &str| {
                let with = |key| seal.open(key, sealed.to_owned()).ok().flatten().map(|t| (key, t));
                with(Key::Content).or_else(|| with(Key::Contact))
            };
            let payload = pieces(&event.kind, &event.payload, &mut seen, &open);
            let number = payload.iter().find_map(|piece| match piece {
                Piece::Number(case) => usize::try_from(*case).ok(),
                _ => None,
            });
            // The first event of every stream names the case; another may name others.
            let case = *streams
                .entry(event.stream)
                .or_insert_with(|| number.expect("a receipt holds the number"));
            added.push(Event {
                case,
                stream: event.stream,
                version: event.version.cast_signed(),
                kind: event.kind.into(),
                schema: event.schema.into(),
                occurred_at: event.occurred_at.as_microsecond(),
                recorded_at: event.recorded_at.as_microsecond(),
                actor: event.actor.into(),
                causation: event.causation,
                correlation: event.correlation,
                payload,
            });
        }
        self.events.extend(added);
    }

    /// The index behind the last of the first cases that have so many events at most together.
    pub fn cases_of_at_most(&self, events: usize) -> usize {
        if events >= self.events.len() {
            return self.cases;
        }
        let mut count = vec![0; self.cases];
        for event in &self.events {
            count[event.case] += 1;
        }
        let mut left = events;
        for (case, count) in count.into_iter().enumerate() {
            if count > left {
                return case;
            }
            left -= count;
        }
        self.cases
    }
}

struct Seen<'a> {
    lives: &'a mut Lives,
    cases: HashMap<CaseNumber, u64>,
}

impl Indices for Seen<'_> {
    fn case(&mut self, number: &CaseNumber) -> u64 {
        if self.lives.series.is_empty() {
            let year = CENTURY + i16::from(number.year());
            self.lives.series = format!("{}-{year}", number.prefix());
        }
        let cases = &mut self.lives.cases;
        *self.cases.entry(number.clone()).or_insert_with(|| {
            *cases += 1;
            (*cases - 1) as u64
        })
    }

    fn party(&mut self) -> u64 {
        self.lives.parties += 1;
        self.lives.parties - 1
    }
}
