//! What must be true, in plain Rust: every event of the log is taken in as it appears and must be
//! what the rules of the desk decide on the state before it.
//!
//! The log's order is the order things happened in. So each append is decided again, by the pure
//! functions alone, on the state its predecessors left, with the rules and the clock of the
//! delivery that made it; and it must give the very same events.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hoiam::log::{RecordedEvent, leaf_hash};
use hoiam::vault::{CaseKeys, Vault};
use hoiam_domain::actor::Actor;
use hoiam_domain::case::clocks::timers;
use hoiam_domain::case::codec::decode;
use hoiam_domain::case::command::{Erase, Tick};
use hoiam_domain::case::{
    Case, Command, Event, Intent, Meta, decide, decide_erase_party, decide_merge, decide_unmerge,
    evolve,
};
use hoiam_domain::private::clear;
use hoiam_domain::routing::RuleSet;
use hoiam_projections::people::CASE_PEOPLE;
use hoiam_projections::table::Value;
use hoiam_projections::{Change, inline_rows};
use jiff::Timestamp;
use uuid::Uuid;

use super::receipt;
use super::request::{Ask, GROUND, Request};

/// One attempt to have a request done.
#[derive(Clone)]
pub struct Delivery {
    pub request: Request,
    pub rules: Arc<RuleSet>,
    /// What the clock of the node said.
    pub now: Timestamp,
}

impl Delivery {
    pub fn intent(&self) -> Intent {
        let occurred_at = self.request.occurred_at.unwrap_or(self.now);
        Intent { actor: self.request.actor.clone(), now: self.now, occurred_at }
    }
}

/// An append as the log holds it: by stream, the versions before and after.
#[derive(Clone, Debug)]
pub struct Seen {
    pub streams: Vec<(Uuid, u64, u64)>,
}

/// Whose key, and the key.
pub type KeyName = (String, String);

/// What became of a key: the delivery that was written under it.
#[derive(Clone, Debug)]
pub struct Used {
    pub delivery: u32,
    pub request_hash: [u8; 32],
}

/// The rows read models must have: by table and key.
pub type Rows = HashMap<(&'static str, Vec<Value>), Vec<Value>>;

#[derive(Default)]
pub struct Model {
    pub head: u64,
    /// Every state a case had, by version.
    pub cases: BTreeMap<Uuid, BTreeMap<u64, Case>>,
    /// Cases in the order they were received.
    pub order: Vec<Uuid>,
    pub deliveries: HashMap<u32, Delivery>,
    pub appends: HashMap<u32, Vec<Seen>>,
    pub keys: HashMap<KeyName, Used>,
    pub rows: Rows,
    /// How many of each kind of event there were.
    pub kinds: BTreeMap<String, usize>,
    /// Deadlines recorded as near or missed since they were last stated.
    recorded: HashMap<Uuid, Vec<String>>,
    serials: BTreeMap<String, u64>,
    /// In how many cases of others a delivery erased what somebody wrote.
    pub parties_erased: HashMap<u32, usize>,
    /// How many erasures were finished.
    pub tombstones: usize,
}

/// The part of an append that belongs to one stream.
struct Part {
    stream: Uuid,
    before: Option<Case>,
    events: Vec<(Event, Meta)>,
    keys: CaseKeys,
}

impl Model {
    /// The case as it is now.
    pub fn case(&self, id: Uuid) -> &Case {
        self.cases[&id].last_key_value().unwrap().1
    }

    pub fn version(&self, id: Uuid) -> u64 {
        self.case(id).version
    }

    pub fn by_number(&self, number: &str) -> Option<Uuid> {
        self.order.iter().copied().find(|id| self.case(*id).number.to_string() == number)
    }

    /// Takes in the events after [`Model::head`], whole appends.
    pub fn take(&mut self, vault: &Vault, events: &[RecordedEvent]) {
        for group in events.chunk_by(|one, next| one.correlation == next.correlation) {
            self.take_append(vault, group);
        }
    }

    fn take_append(&mut self, vault: &Vault, group: &[RecordedEvent]) {
        let recorded_at = group[0].recorded_at;
        let nr = u32::try_from(recorded_at.as_microsecond().rem_euclid(1_000_000)).unwrap();
        let delivery = self.deliveries.get(&nr).unwrap_or_else(|| {
            panic!("position {}: nobody asked for this", group[0].position);
        });
        let delivery = delivery.clone();
        assert_eq!(recorded_at, delivery.now, "recorded by the node's clock");
        let mut parts: Vec<Part> = Vec::new();
        for recorded in group {
            self.head += 1;
            assert_eq!(recorded.position, self.head, "positions have no gaps");
            assert_eq!(recorded.leaf_hash, leaf_hash(recorded.payload.as_bytes()));
            assert_eq!(recorded.recorded_at, recorded_at, "an append has one time");
            self.take_event(vault, recorded, &mut parts);
        }
        if parts.is_empty() {
            self.tombstones += group.len();
            return;
        }
        self.check_decision(&parts, &delivery, group[0].position);
        if matches!(parts[0].events[0].0, Event::PartyErased(_)) {
            *self.parties_erased.entry(nr).or_default() += 1;
        }
        let streams = parts.iter().map(|part| {
            let before = part.before.as_ref().map_or(0, |case| case.version);
            (part.stream, before, before + part.events.len() as u64)
        });
        let seen = Seen { streams: streams.collect() };
        for part in parts {
            self.apply(part, recorded_at);
        }
        if let Some(key) = &delivery.request.key {
            let used = Used { delivery: nr, request_hash: key.request_hash };
            let before = self.keys.insert((key.scope.clone(), key.key.clone()), used);
            assert!(before.is_none(), "{key:?} was written twice: {before:?} and {nr}");
        }
        let of_delivery = self.appends.entry(nr).or_default();
        of_delivery.push(seen);
        let single = !matches!(delivery.request.ask, Ask::Tick | Ask::Erase { .. });
        assert!(!single || of_delivery.len() == 1, "delivery {nr} was written twice");
    }

    fn take_event(&mut self, vault: &Vault, recorded: &RecordedEvent, parts: &mut Vec<Part>) {
        *self.kinds.entry(recorded.kind.clone()).or_default() += 1;
        if recorded.kind.starts_with("person.") {
            // It names cases and nobody, and no row follows from it.
            return;
        }
        let keys = vault.keys(recorded.stream, recorded.keys.as_ref());
        let seal = keys.of_events();
        let event = decode(&recorded.kind, recorded.schema, recorded.data(), &seal).unwrap();
        let actor: Actor = serde_json::from_str(&recorded.actor).unwrap();
        if parts.last().is_none_or(|part| part.stream != recorded.stream) {
            let before = self.cases.contains_key(&recorded.stream);
            let before = before.then(|| self.case(recorded.stream).clone());
            parts.push(Part { stream: recorded.stream, before, events: Vec::new(), keys });
        }
        let Some(part) = parts.last_mut() else { return };
        let before = part.before.as_ref().map_or(0, |case| case.version);
        let version = before + part.events.len() as u64 + 1;
        assert_eq!(recorded.version, version, "versions have no gaps");
        let (stream, occurred_at) = (recorded.stream, recorded.occurred_at);
        part.events.push((event, Meta { stream, version, occurred_at, actor }));
    }

    /// What was written is what decide says on the state before.
    fn check_decision(&mut self, parts: &[Part], delivery: &Delivery, position: u64) {
        let intent = delivery.intent();
        let rules = &*delivery.rules;
        let first = &parts[0];
        let written: Vec<Vec<&Event>> =
            parts.iter().map(|part| part.events.iter().map(|(event, _)| event).collect()).collect();
        let decided: Vec<Vec<Event>> = match &delivery.request.ask {
            Ask::Receive(_) => {
                assert!(first.before.is_none(), "a receipt is a case of its own");
                vec![self.decide_receipt(first, delivery)]
            }
            Ask::Erase { .. } if matches!(first.events[0].0, Event::PartyErased(_)) => {
                vec![self.decide_party(first, delivery)]
            }
            Ask::Erase { what, .. } => {
                let case = first.before.as_ref().unwrap();
                let erase = Erase { what: *what, legal_ground: GROUND.to_owned() };
                let erase = match (&first.events[0].0, &delivery.request.ask) {
                    // Of what was broken off the journal says what.
                    (Event::Erased(event), Ask::Erase { number: None, .. }) => {
                        Erase { what: event.what, ..erase }
                    }
                    _ => erase,
                };
                // Also by a clock that is behind.
                let at = delivery.now.max(case.step_at);
                let intent = Intent { now: at, occurred_at: at, ..intent.clone() };
                vec![decide(case, rules, &intent, &Command::Erase(erase)).unwrap()]
            }
            Ask::Tick => vec![decide_tick(first, rules, delivery, position)],
            Ask::Command { .. } => {
                let command = delivery.request.command().unwrap();
                vec![decide(first.before.as_ref().unwrap(), rules, &intent, &command).unwrap()]
            }
            Ask::Merge { .. } => {
                let (one, two) =
                    (first.before.as_ref().unwrap(), parts[1].before.as_ref().unwrap());
                let merge = delivery.request.merge();
                let (of_one, of_two) = decide_merge(one, two, rules, &intent, &merge).unwrap();
                vec![of_one, of_two]
            }
            Ask::Unmerge { .. } => {
                let (one, two) =
                    (first.before.as_ref().unwrap(), parts[1].before.as_ref().unwrap());
                let (of_one, of_two) =
                    decide_unmerge(one, two, &intent, &Request::unmerge()).unwrap();
                vec![of_one, of_two]
            }
        };
        let decided: Vec<Vec<&Event>> = decided.iter().map(|part| part.iter().collect()).collect();
        for (at, (one, two)) in written.concat().iter().zip(&decided.concat()).enumerate() {
            assert_eq!(one, two, "event {at} of position {position}: not what was decided");
        }
        assert_eq!(written, decided, "position {position}: not what was decided");
        for part in parts {
            for (_, meta) in &part.events {
                assert_eq!(meta.actor, intent.actor, "position {position}");
                let step_at = part.before.as_ref().map(|case| case.step_at);
                let at = intent.occurred_at.max(step_at.unwrap_or(intent.occurred_at));
                let ticked = matches!(delivery.request.ask, Ask::Tick);
                assert!(ticked || meta.occurred_at == at, "position {position}");
            }
        }
    }

    /// What somebody wrote in a case theirs was merged into goes.
    fn decide_party(&self, part: &Part, delivery: &Delivery) -> Vec<Event> {
        let (case, (event, _)) = (part.before.as_ref().unwrap(), &part.events[0]);
        let Event::PartyErased(erased) = event else { panic!("another event") };
        let at = delivery.now.max(case.step_at);
        let intent = Intent { now: at, occurred_at: at, ..delivery.intent() };
        let from = (erased.from, &self.case(erased.from).number);
        decide_erase_party(case, &intent, from, GROUND).unwrap()
    }

    fn decide_receipt(&mut self, part: &Part, delivery: &Delivery) -> Vec<Event> {
        let (Event::Received(received), meta) = &part.events[0] else {
            panic!("a receipt begins with something else");
        };
        let number = received.number.to_string();
        let (series, serial) = receipt::serial(&number);
        let last = self.serials.entry(series).or_default();
        *last += 1;
        assert_eq!(serial, *last, "{number}: numbers have no gaps");
        self.order.push(meta.stream);
        let mark = received.location.as_ref().and_then(|place| place.address_mark.clone());
        let (number, reporter) = (received.number.clone(), received.reporter.clone());
        receipt::events(delivery, number, reporter, mark).unwrap()
    }

    fn apply(&mut self, part: Part, recorded_at: Timestamp) {
        let mut after = part.before.clone();
        for (event, meta) in &part.events {
            self.recorded_once(event, meta.stream);
            after = evolve(after, event, meta);
        }
        let after = after.unwrap();
        let change = Change {
            before: part.before.as_ref(),
            events: &part.events,
            after: &after,
            recorded_at,
            veil: &part.keys,
        };
        for row in inline_rows(&change) {
            // Who is erased is known by nothing any more: those rows are taken out.
            if row.table.name == CASE_PEOPLE.name && row.values[2] == Value::Int(-1) {
                self.rows.remove(&(row.table.name, row.key().to_vec()));
                continue;
            }
            self.rows.insert((row.table.name, row.key().to_vec()), row.values);
        }
        self.cases.entry(part.stream).or_default().insert(after.version, after);
    }

    /// No deadline is recorded as near or missed twice, unless it was stated anew.
    fn recorded_once(&mut self, event: &Event, stream: Uuid) {
        let recorded = self.recorded.entry(stream).or_default();
        let key = match event {
            Event::DeadlineWarned(e) => format!("{} warned", e.clock),
            Event::DeadlineMissed(e) => format!("{} missed", e.clock),
            Event::PartMissed(e) => format!("{} part", e.agency),
            Event::StepCorrected(_) => return recorded.clear(),
            Event::CoAgencyAdded(e) => {
                let name = format!("{} part", e.agency);
                return recorded.retain(|key| *key != name && !key.starts_with("answer "));
            }
            other => {
                let stored = hoiam_domain::case::codec::encode(other, &clear()).unwrap();
                let data: serde_json::Value = serde_json::from_str(&stored.data).unwrap();
                for deadline in data["deadlines"].as_array().into_iter().flatten() {
                    let clock = deadline["clock"].as_str().unwrap();
                    recorded.retain(|key| !key.starts_with(&format!("{clock} ")));
                }
                return;
            }
        };
        assert!(!recorded.contains(&key), "{key} twice");
        recorded.push(key);
    }
}

/// A timer fires when it is due and wanted, and counts as fired when it was due.
fn decide_tick(part: &Part, rules: &RuleSet, delivery: &Delivery, position: u64) -> Vec<Event> {
    let case = part.before.as_ref().unwrap();
    let now = delivery.now;
    assert!(case.last_at <= now, "position {position}: by a clock that is behind the case");
    for timer in timers(case).into_iter().filter(|timer| timer.at <= now) {
        let occurred_at = timer.at.max(case.last_at);
        let intent = Intent { actor: Actor::system("timer"), now, occurred_at };
        let command = Command::Tick(Tick { timer: timer.name });
        let decided = decide(case, rules, &intent, &command).unwrap();
        if decided.len() == part.events.len()
            && decided.iter().zip(&part.events).all(|(one, (two, _))| one == two)
        {
            let at = occurred_at.max(case.step_at);
            assert!(part.events.iter().all(|(_, meta)| meta.occurred_at == at));
            return decided;
        }
    }
    panic!("position {position}: no timer of {} was due for this at {now}", case.number);
}
