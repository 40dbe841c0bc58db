//! A small city for the tests, and a [`Story`]: one case that people do things to.

mod city;

pub(super) use self::city::{REFORM, city};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::actor::{Actor, Role};
use crate::case::attachment::{Attach, TakenWhere};
use crate::case::command::{Found, Receive, Routed, Tick};
use crate::case::party::{Contact, Party};
use crate::case::stage::StageName;
use crate::case::{
    Case, CaseNumber, Command, Event, Intent, Meta, Rejection, clocks, decide_attach,
    decide_erase_party, evolve,
};
use crate::kinds::{Channel, Clock, Handoff, Kind, PlaceSource, Priority};
use crate::private::Private;

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A local time of the test city in 2026, e.g. `local("03-02 08:00")`.
pub(super) fn local(text: &str) -> Timestamp {
    time(&format!("2026-{}:00+07:00", text.replace(' ', "T")))
}

pub(super) fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

pub(super) fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

/// An actor from a short description: `operator`, `citizen:party_1`, `handler@GT:an`,
/// `agency_coordinator@GT/GT-1`. `coordinator` is of the group of the sealed stream,
/// `coordinator:outside` is not.
pub(super) fn actor(text: &str) -> Actor {
    let (head, id) = text.split_once(':').unwrap_or((text, ""));
    let (role, agency) = head.split_once('@').map_or((head, None), |(r, a)| (r, Some(a)));
    let role: Role = role.parse().unwrap();
    let id = match (id, role) {
        ("", Role::Citizen) => "party_1".to_owned(),
        ("", _) => format!("{role}_1"),
        (id, _) => id.to_owned(),
    };
    let (agency, focal_point) = agency.map_or((None, None), |a| match a.split_once('/') {
        Some((agency, point)) => (Some(agency.into()), Some(point.into())),
        None => (Some(a.into()), None),
    });
    let in_group = role == Role::Coordinator && id != "outside";
    Actor { agency, focal_point, ..Actor::new(role, id) }.in_group(in_group)
}

pub(super) fn number(serial: u64) -> CaseNumber {
    CaseNumber::new("HCM", 2026, serial).unwrap()
}

pub(super) fn private<S>(text: &str) -> Private<String, S> {
    Private::new(text.to_owned())
}

/// What the rules say of a pothole.
pub(super) fn pothole() -> Found {
    Found {
        kind: Kind::Incident,
        sector: Some("GT".into()),
        category: Some("GT01".into()),
        priority: Some(Priority::P3),
        urgent: false,
        confidential: false,
        district: Some("Q1".into()),
        ward: None,
        place_source: Some(PlaceSource::Alias),
        confidence: Some(910),
        because: Private::new(vec!["ổ gà".to_owned()]),
        rule: Some("road".to_owned()),
        rule_set: "rules-1".to_owned(),
    }
}

/// What the rules make of a feedback that stays at the desk.
pub(super) fn at_desk(found: Found) -> Routed {
    Routed { found, handoff: None, agency: None, focal_point: None, unclear: false }
}

/// What the rules make of a feedback for an agency.
pub(super) fn sent_to(agency: &str, found: Found) -> Routed {
    Routed { agency: Some(agency.into()), ..at_desk(found) }
}

pub(super) fn receive(serial: u64, routed: Routed) -> Receive {
    Receive {
        number: number(serial),
        channel: Channel::Phone,
        text: private("Ổ gà trước số 12 Lê Lợi"),
        location: None,
        reporter: Party {
            id: "party_1".to_owned(),
            contact: Contact { name: Some(private("Chị Lan")), ..Contact::default() },
            anonymous: false,
            channel: Channel::Phone,
            tracking_hash: "00".to_owned(),
        },
        public: true,
        source: None,
        routed,
    }
}

/// One case, everything that happened to it, and a clock of its own.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) now: Timestamp,
    pub(super) case: Case,
    pub(super) log: Vec<(Event, Meta)>,
}

impl Story {
    /// Received by telephone on Monday 2 March 2026 at 08:00 and routed so.
    pub(super) fn begin(routed: Routed) -> Self {
        Self::begin_at(local("03-02 08:00"), 1, routed)
    }

    pub(super) fn begin_at(now: Timestamp, serial: u64, routed: Routed) -> Self {
        let intent = Intent { actor: actor("operator"), now, occurred_at: now };
        let command = receive(serial, routed);
        let events = crate::case::decide::receive(city(), &intent, &command).expect("is received");
        let id = Uuid::from_u128(serial.into());
        let (mut case, mut log) = (None, Vec::new());
        for (event, version) in events.into_iter().zip(1..) {
            let meta = Meta { stream: id, version, occurred_at: now, actor: intent.actor.clone() };
            case = evolve(case, &event, &meta);
            log.push((event, meta));
        }
        Self { now, case: case.expect("begins with a receipt"), log }
    }

    /// A pothole in the hands of the roads agency, not yet accepted.
    pub(super) fn dispatched() -> Self {
        Self::begin(sent_to("GT", pothole()))
    }

    /// The pothole, accepted after ten minutes.
    pub(super) fn in_progress() -> Self {
        let mut story = Self::dispatched();
        story.wait(minutes(10));
        story.does("agency_coordinator@GT", "accept", "{}");
        story
    }

    /// The pothole, filled and shown.
    pub(super) fn resolved() -> Self {
        let mut story = Self::in_progress();
        story.wait(hours(24));
        story.does("handler@GT", "resolve", DONE);
        story
    }

    /// The pothole, answered on 3 March at 10:10.
    pub(super) fn answered() -> Self {
        let mut story = Self::resolved();
        story.wait(hours(1));
        story.does("unit_leader@GT", "check-answer", r#"{"approved": true}"#);
        story.wait(hours(1));
        story.does("operator", "answer", r#"{"text": "Đã vá xong."}"#);
        story
    }

    pub(super) fn wait(&mut self, time: SignedDuration) {
        self.now += time;
    }

    /// What the decider says to a command given now.
    pub(super) fn decide(&self, who: &Actor, command: &Command) -> Result<Vec<Event>, Rejection> {
        self.decide_at(who, command, self.now)
    }

    pub(super) fn decide_at(
        &self,
        who: &Actor,
        command: &Command,
        occurred_at: Timestamp,
    ) -> Result<Vec<Event>, Rejection> {
        let intent = Intent { actor: who.clone(), now: self.now, occurred_at };
        crate::case::decide(&self.case, city(), &intent, command)
    }

    /// Adds decided events to the case as having happened now.
    pub(super) fn apply(&mut self, who: &Actor, events: Vec<Event>) {
        self.apply_at(who, events, self.now);
    }

    pub(super) fn apply_at(&mut self, who: &Actor, events: Vec<Event>, occurred_at: Timestamp) {
        for event in events {
            let meta = Meta {
                stream: self.case.id,
                version: self.case.version + 1,
                occurred_at,
                actor: who.clone(),
            };
            let before = self.case.clone();
            self.case = evolve(Some(before), &event, &meta).expect("a case stays one");
            self.log.push((event, meta));
        }
    }

    /// Gives a command that must succeed; the kinds of its events without `case.`.
    #[track_caller]
    pub(super) fn does(&mut self, who: &str, word: &str, body: &str) -> Vec<&'static str> {
        let who = actor(who);
        let events = match self.decide(&who, &read(word, body)) {
            Ok(events) => events,
            Err(refusal) => panic!("{word} refused: {refusal}"),
        };
        let kinds = events.iter().map(|event| short(event.kind())).collect();
        self.apply(&who, events);
        kinds
    }

    /// Attaches a file; how many events that gave.
    pub(super) fn attaches(&mut self, who: &str, file: &Attach) -> Result<usize, &'static str> {
        let who = actor(who);
        let intent = Intent { actor: who.clone(), now: self.now, occurred_at: self.now };
        let events = decide_attach(&self.case, &intent, file).map_err(|no| no.code())?;
        let count = events.len();
        self.apply(&who, events);
        Ok(count)
    }

    /// What the reporter of the merged case with this id and number wrote is erased.
    #[track_caller]
    pub(super) fn erases_party(&mut self, id: u128, number: CaseNumber) {
        let who = actor("system");
        let intent = Intent { actor: who.clone(), now: self.now, occurred_at: self.now };
        let from = (Uuid::from_u128(id), &number);
        let events = decide_erase_party(&self.case, &intent, from, "NĐ 13/2023, Đ.16").unwrap();
        self.apply(&who, events);
    }

    /// Gives a command that must be refused; the code of the refusal.
    #[track_caller]
    pub(super) fn refused(&self, who: &str, word: &str, body: &str) -> &'static str {
        match self.decide(&actor(who), &read(word, body)) {
            Ok(events) => {
                let kinds: Vec<_> = events.iter().map(Event::kind).collect();
                panic!("{word} was not refused: {kinds:?}");
            }
            Err(refusal) => refusal.code(),
        }
    }

    pub(super) fn stage(&self) -> StageName {
        self.case.work.stage.name()
    }

    /// A deadline in the test city's time, `03-12 23:59`; `-` when the clock is not there.
    pub(super) fn due(&self, clock: Clock) -> String {
        self.case.due(clock).map_or("-".to_owned(), shown)
    }

    /// The clocks that run now.
    pub(super) fn running(&self) -> Vec<Clock> {
        let clocks = self.case.work.clocks.iter();
        clocks.filter(|(_, c)| c.stopped.is_none()).map(|(clock, _)| *clock).collect()
    }

    /// Delivers every timer that is due, oldest first, until none is; the kinds of their events.
    /// As the engine does it, each counts from when it was due, however late it is delivered.
    pub(super) fn tick(&mut self) -> Vec<&'static str> {
        let engine = actor("system");
        let mut kinds = Vec::new();
        for _ in 0..100 {
            let mut due = clocks::timers(&self.case);
            due.retain(|timer| timer.at <= self.now);
            let Some(timer) = due.into_iter().min_by_key(|timer| timer.at) else { return kinds };
            let at = timer.at.max(self.case.last_at);
            let tick = Command::Tick(Tick { timer: timer.name.clone() });
            let events = self.decide_at(&engine, &tick, at).expect("a timer is never refused");
            assert!(!events.is_empty(), "{} is due and does nothing", timer.name);
            kinds.extend(events.iter().map(|event| short(event.kind())));
            self.apply_at(&engine, events, at);
        }
        panic!("timers never come to an end");
    }

    /// Fires every timer up to a moment.
    pub(super) fn tick_until(&mut self, at: Timestamp) -> Vec<&'static str> {
        self.now = self.now.max(at);
        self.tick()
    }
}

/// The pothole is filled.
pub(super) const DONE: &str = r#"{"outcome": "done", "note": "Đã vá.", "photos": ["p1"]}"#;

#[track_caller]
pub(super) fn read(word: &str, body: &str) -> Command {
    Command::read(word, body).unwrap_or_else(|error| panic!("{word} {body}: {error}"))
}

/// A JSON body.
pub(super) fn body(value: Value) -> String {
    value.to_string()
}

pub(super) fn short(kind: &'static str) -> &'static str {
    kind.strip_prefix("case.").unwrap_or(kind)
}

pub(super) fn shown(at: Timestamp) -> String {
    let zone = city().time.calendars.zone().clone();
    at.to_zoned(zone).strftime("%m-%d %H:%M").to_string()
}

/// A photograph; another for each number.
pub(super) fn photograph(nr: u8) -> Attach {
    Attach {
        id: uuid::Uuid::from_u128(u128::from(nr)),
        media_type: "image/jpeg".to_owned(),
        size: 1_000,
        stored: format!("{nr:064x}"),
        shown: true,
        name: Some(private("ổ gà.jpg")),
        sent: private(&format!("{nr:064x}")),
        key: private(&"7".repeat(64)),
        taken_at: Some(Private::new(time("2026-03-01T10:00:00Z"))),
        taken_where: Some(Private::new(TakenWhere { lat: 10.8, lon: 106.7 })),
        at_most: 3,
    }
}

/// A fire: handed to 114 on receipt.
pub(super) fn fire() -> Routed {
    let found =
        Found { kind: Kind::Emergency, priority: Some(Priority::P1), urgent: true, ..pothole() };
    Routed { handoff: Some(Handoff::Fire), ..at_desk(found) }
}
