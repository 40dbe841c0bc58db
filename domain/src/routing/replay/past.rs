//! What the events of a case say about its routing: the input, the verdict of the rules that
//! received it, and what people corrected afterwards.

use jiff::Timestamp;

use crate::actor::Role;
use crate::case::command::Found;
use crate::case::{CaseNumber, Event, Meta};
use crate::codes::{AgencyCode, CategoryCode};
use crate::kinds::{Channel, Handoff, Kind};
use crate::routing::ruleset::CHOSEN;
use crate::routing::verdict::{RouteInput, Verdict};

/// The kinds of events [`Past::read`] looks at; the others of a case need not be read.
pub const WANTED: &[&str] = &[
    "case.received",
    "case.classified",
    "case.handed_off",
    "case.dispatched",
    "case.sent_to_arbitration",
    "case.accepted",
    "case.returned",
    "case.ruled",
    "case.step_corrected",
];

/// A receipt makes at most this many events: received, classified, handed off, dispatched.
const OF_RECEIPT: u64 = 4;

/// Where a case goes when it is received.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Destination {
    /// This agency.
    Agency(AgencyCode),
    /// An emergency service has it in hand.
    Emergency,
    /// The sealed stream, and no agency.
    Sealed,
    /// The coordinators: no agency was found.
    Coordinators,
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Agency(code) => write!(f, "{code}"),
            Self::Emergency => f.write_str("desk:emergency"),
            Self::Sealed => f.write_str("desk:sealed"),
            Self::Coordinators => f.write_str("desk:coordinators"),
        }
    }
}

impl Destination {
    /// Where a receipt with this verdict goes, as `case::decide::receive` has it.
    pub fn of(verdict: &Verdict) -> Self {
        let agency = verdict.agency.clone();
        Self::from_parts(agency, verdict.kind, verdict.handoff, verdict.confidential)
    }

    fn from_parts(
        agency: Option<AgencyCode>,
        kind: Kind,
        handoff: Option<Handoff>,
        sealed: bool,
    ) -> Self {
        match agency {
            _ if handoff.is_some() && kind == Kind::Emergency => Self::Emergency,
            Some(agency) => Self::Agency(agency),
            None if sealed => Self::Sealed,
            None => Self::Coordinators,
        }
    }
}

/// The verdict the rules gave on receipt, as recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Where it went.
    pub destination: Destination,
    /// What it was found to be, by which rule of which set.
    pub found: Found,
}

/// What people said afterwards and did not take back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The last category a person chose.
    pub category: Option<CategoryCode>,
    /// The last agency a person dispatched to or ruled competent.
    pub agency: Option<AgencyCode>,
    /// Agencies that returned it.
    pub returned: Vec<AgencyCode>,
    /// The agencies that accepted it.
    pub accepted: Vec<AgencyCode>,
}

/// A past case.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// Its number.
    pub number: CaseNumber,
    /// What routing was asked, as far as the events hold it: without attributes that were given,
    /// and the kind and category only where the verdict says that they were chosen.
    pub input: RouteInput,
    /// What the rules answered.
    pub recorded: Recorded,
    /// What people said afterwards.
    pub people: People,
}

impl Past {
    /// Reads a case from its events, at least those of [`WANTED`] kinds, in order. None when the
    /// rules did not route it: it was imported.
    pub fn read(events: &[(Event, Meta)]) -> Option<Self> {
        let [(Event::Received(received), meta), (Event::Classified(classified), second), rest @ ..] =
            events
        else {
            return None;
        };
        if second.version != 2 || received.source.is_some() {
            return None;
        }
        let found = classified.found.clone();
        let location = received.location.as_ref();
        let point = location.and_then(|l| l.lat.zip(l.lon));
        let address = location.and_then(|l| l.address.as_ref()).map(|a| a.reveal().clone());
        let chosen = found.because.reveal().iter().any(|line| line.starts_with(CHOSEN));
        let input = RouteInput {
            kind: None,
            category: found.category.clone().filter(|_| chosen),
            point,
            address,
            channel: Some(received.channel),
            ..RouteInput::text(received.text.reveal().clone(), meta.occurred_at)
        };
        let of_receipt = rest.iter().take_while(|(_, next)| {
            let together = next.occurred_at == meta.occurred_at && next.actor == meta.actor;
            next.version <= OF_RECEIPT && together
        });
        let (mut agency, mut handoff) = (None, None);
        for (event, _) in of_receipt {
            match event {
                // A person who dispatches names no rule.
                Event::Dispatched(e) if e.rule.is_some() => agency = Some(e.agency.clone()),
                Event::HandedOff(e) if e.note.is_none() => handoff = Some(e.service),
                _ => {}
            }
        }
        let destination = Destination::from_parts(agency, found.kind, handoff, found.confidential);
        Some(Self {
            number: received.number.clone(),
            input,
            recorded: Recorded { destination, found },
            people: people(rest),
        })
    }

    /// Hash of the rule set that decided, without that of boundaries that were consulted.
    pub fn rule_set(&self) -> &str {
        let recorded = self.recorded.found.rule_set.as_str();
        recorded.split_once('+').map_or(recorded, |(rules, _)| rules)
    }

    /// When it was received.
    pub const fn received_at(&self) -> Timestamp {
        self.input.at
    }

    /// How it came in.
    pub const fn channel(&self) -> Option<Channel> {
        self.input.channel
    }
}

/// What people said and did not take back. Events of one step share actor and moment.
fn people(events: &[(Event, Meta)]) -> People {
    let mut said: Vec<(&Event, &Meta)> = Vec::new();
    for (event, meta) in events {
        match event {
            Event::Classified(e) if e.found.rule.is_none() && meta.actor.role != Role::System => {
                said.push((event, meta));
            }
            Event::Dispatched(e) if e.rule.is_none() => said.push((event, meta)),
            // A return is two events; the second says nothing here but ends the step.
            Event::Ruled(_)
            | Event::Returned(_)
            | Event::Accepted(_)
            | Event::SentToArbitration(_) => said.push((event, meta)),
            Event::StepCorrected(e) => {
                // The version named is that of the step's last event.
                let step = said.iter().find(|(_, m)| m.version == e.version).map(|(_, m)| *m);
                if let Some(step) = step {
                    let same =
                        |m: &Meta| m.occurred_at == step.occurred_at && m.actor == step.actor;
                    said.retain(|(_, m)| m.version > step.version || !same(m));
                }
            }
            _ => {}
        }
    }
    let mut people = People::default();
    for (event, _) in said {
        match event {
            Event::Classified(e) => people.category = e.found.category.clone(),
            Event::Dispatched(e) => people.agency = Some(e.agency.clone()),
            Event::Ruled(e) => people.agency = Some(e.agency.clone()),
            Event::Returned(e) => people.returned.push(e.agency.clone()),
            Event::Accepted(e) => people.accepted.push(e.agency.clone()),
            _ => {}
        }
    }
    people
}
