//! Cases another system already finished or still works on, as events with their own times.
//!
//! No command is decided here: the other system decided. The events are ordinary ones, so every
//! read model, ledger and report treats them alike.

use jiff::Timestamp;

use super::command::{Ended, Found, Outcome};
use super::event::{self, Event};
use super::number::CaseNumber;
use super::party::{Location, Party, SourceRef};
use crate::codes::AgencyCode;
use crate::kinds::{Channel, Clock};
use crate::private::Private;
use crate::time::{Deadline, Explanation, Span};

/// One record of the other system.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The number it gets here.
    pub number: CaseNumber,
    /// Where it came from.
    pub source: SourceRef,
    /// How it came in.
    pub channel: Channel,
    /// What it says.
    pub text: Private<String>,
    /// Where it is.
    pub location: Option<Location>,
    /// Who reported it.
    pub reporter: Party,
    /// Whether it may be published.
    pub public: bool,
    /// What it is.
    pub found: Found,
    /// Who was responsible.
    pub agency: Option<AgencyCode>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The other system's own target for finishing it.
    pub target: Option<Timestamp>,
    /// How it ended, if it did.
    pub ended: Option<Ended>,
    /// Its note on the end.
    pub closing_note: Option<Private<String>>,
}

/// The events of a record, each with the time it happened, in order.
pub fn events(record: &Record) -> Vec<(Timestamp, Event)> {
    let start = record.received_at;
    let deadlines = record.target.map(|due| target(start, due)).into_iter().collect();
    let mut events: Vec<(Timestamp, Event)> = vec![
        (
            start,
            event::Received {
                number: record.number.clone(),
                channel: record.channel,
                text: record.text.clone(),
                location: record.location.clone(),
                reporter: record.reporter.clone(),
                public: record.public,
                source: Some(record.source.clone()),
                deadlines,
            }
            .into(),
        ),
        (
            start,
            event::Classified { found: record.found.clone(), reason: None, deadlines: Vec::new() }
                .into(),
        ),
    ];
    if let Some(agency) = &record.agency {
        let dispatched = event::Dispatched {
            agency: agency.clone(),
            focal_point: None,
            reason: None,
            rule: None,
            rule_set: record.found.rule_set.clone(),
            deadlines: Vec::new(),
        };
        events.push((start, dispatched.into()));
        events.push((start, event::Accepted { agency: agency.clone() }.into()));
    }
    if let Some(ended) = &record.ended {
        let resolved = event::Resolved {
            outcome: ended.outcome,
            note: record.closing_note.clone().unwrap_or_default(),
            photos: Vec::new(),
            committed_date: None,
            legal_ground: None,
            receiver: None,
            duplicate_of: None,
            deadlines: Vec::new(),
        };
        if record.agency.is_some() && ended.outcome != Outcome::Withdrawn {
            events.push((ended.at, resolved.into()));
        }
        events.push((ended.at, event::Closed { by: ended.by }.into()));
    }
    events
}

fn target(start: Timestamp, due: Timestamp) -> Deadline {
    Deadline {
        clock: Clock::Answer,
        span: Span::Days(0),
        start,
        due,
        warn_at: None,
        explanation: Explanation {
            vi: "Hạn do hệ thống nguồn ấn định.".to_owned(),
            en: "Target set by the system it was imported from.".to_owned(),
            policy: "import".to_owned(),
            basis: "source".to_owned(),
            ..Explanation::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::codec::{decode, encode};
    use crate::private::clear;

    /// What an import wrote must be readable by everything that comes after it.
    #[test]
    fn a_target_of_another_system_reads_back() {
        let at = Timestamp::UNIX_EPOCH;
        let classified = event::Classified {
            found: crate::case::command::Found {
                kind: crate::kinds::Kind::Incident,
                sector: None,
                category: None,
                priority: None,
                urgent: false,
                confidential: false,
                district: None,
                ward: None,
                place_source: None,
                confidence: None,
                because: crate::private::Private::new(Vec::new()),
                rule: None,
                rule_set: String::new(),
            },
            reason: None,
            deadlines: vec![target(at, at)],
        };
        let event = Event::from(classified);
        let stored = encode(&event, &clear()).unwrap();
        assert_eq!(decode(stored.kind, stored.schema, &stored.data, &clear()).unwrap(), event);
    }
}
