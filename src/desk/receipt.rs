//! A receipt as it is appended, made ready before its number is known.
//!
//! The number is given out under the lock of the log's head, where every microsecond is waited for
//! by all. So everything is decided, folded and written out beforehand under a placeholder, and
//! there only the number is put in: into the event, the one row and the answer that hold it.

use std::sync::Arc;

use hoiam_domain::case::codec::{CodecError, encode};
use hoiam_domain::case::{Case, CaseNumber, Event, Intent};
use hoiam_domain::kinds::Clock;
use hoiam_domain::private::Seal;
use hoiam_projections::case_list::renumber;
use uuid::Uuid;

use super::DeskError;
use super::intake::Received;
use super::write::stream_append;
use crate::log::{Prepared, StreamAppend};
use crate::vault::CaseKeys;

/// A receipt without its number.
pub(super) struct Receipt {
    /// The first event, which holds the number.
    first: Event,
    append: StreamAppend,
    /// The answer without its number.
    pub(super) answer: Received,
    /// The whole answer is kept, because the request may come again.
    keep_answer: bool,
    seal: Arc<dyn Seal>,
}

impl Receipt {
    /// The decided events of a new case as they will be appended, and the case.
    ///
    /// # Errors
    /// When an event cannot be written, or the events make no case.
    pub(super) fn new(
        events: Vec<Event>,
        stream: Uuid,
        intent: &Intent,
        keep_answer: bool,
        keys: &CaseKeys,
    ) -> Result<(Self, Case), DeskError> {
        let nothing = || DeskError::Unavailable("a receipt makes a case".to_owned());
        let first = events.first().cloned().ok_or_else(nothing)?;
        let events = events.into_iter().map(|event| (intent.occurred_at, event)).collect();
        let (append, case) = stream_append(None, stream, events, intent, keys)?;
        let case = case.ok_or_else(nothing)?;
        let seal = keys.of_events();
        Ok((Self { first, append, answer: answer(&case), keep_answer, seal }, case))
    }

    /// What is appended under a number.
    ///
    /// # Errors
    /// [`CodecError`] when the event or the answer cannot be written.
    pub(super) fn numbered(&mut self, number: CaseNumber) -> Result<Prepared, CodecError> {
        self.answer.number = number.to_string();
        renumber(&mut self.append.rows, &number);
        if let Event::Received(received) = &mut self.first {
            received.number = number;
        }
        if let Some(event) = self.append.events.first_mut() {
            event.data = encode(&self.first, &self.seal)?.data;
        }
        let broken = |error| CodecError::Json { kind: "answer".to_owned(), error };
        let answer = match self.keep_answer {
            true => serde_json::to_string(&self.answer).map_err(broken)?,
            false => self.answer.number.clone(),
        };
        Ok(Prepared { streams: vec![self.append.clone()], answer })
    }
}

/// The answer as the log gave it back: the whole of it, or the number alone.
pub(super) fn answered(mut answer: Received, given: &str) -> Result<Received, DeskError> {
    if given.starts_with('{') {
        return kept(given);
    }
    given.clone_into(&mut answer.number);
    Ok(answer)
}

/// The answer to a request with a key, which is kept whole.
pub(super) fn kept(answer: &str) -> Result<Received, DeskError> {
    serde_json::from_str(answer).map_err(|error| DeskError::Unavailable(error.to_string()))
}

fn answer(case: &Case) -> Received {
    let found = case.work.found.as_ref();
    Received {
        number: case.number.to_string(),
        tracking_code: String::new(),
        status: case.work.stage.name().as_str().to_owned(),
        kind: case.kind().to_string(),
        sector: found.and_then(|f| f.sector.as_ref()).map(ToString::to_string),
        category: found.and_then(|f| f.category.as_ref()).map(ToString::to_string),
        priority: found.and_then(|f| f.priority).map(|p| p.to_string()),
        agency: case.agency().map(ToString::to_string),
        handed_off: case.handed_off.iter().map(ToString::to_string).collect(),
        deadlines: Clock::ALL
            .iter()
            .filter_map(|clock| case.work.clocks.get(clock))
            .map(|running| (*running.deadline).clone())
            .collect(),
        receipt: None,
        version: case.version,
    }
}

#[cfg(test)]
mod tests {
    use hoiam_domain::actor::{Actor, Role};
    use hoiam_domain::case::command::{Found, Receive, Routed};
    use hoiam_domain::case::decide;
    use hoiam_domain::case::party::{Contact, Party};
    use hoiam_domain::kinds::{Channel, Kind};
    use hoiam_domain::private::Private;
    use jiff::Timestamp;

    use super::*;
    use crate::random::SeededRandom;
    use crate::rules::{Rules, Source};

    fn receive(number: &CaseNumber) -> Receive {
        let reporter = Party {
            id: "party_1".to_owned(),
            contact: Contact::default(),
            anonymous: true,
            channel: Channel::App,
            tracking_hash: "0".repeat(64),
        };
        let found = Found {
            kind: Kind::Incident,
            sector: None,
            category: Some("GT01".into()),
            priority: None,
            urgent: false,
            confidential: false,
            district: None,
            ward: None,
            place_source: None,
            confidence: Some(900),
            because: Private::default(),
            rule: None,
            rule_set: String::new(),
        };
        Receive {
            number: number.clone(),
            channel: Channel::App,
            text: Private::new("Ổ gà trước số nhà 12".to_owned()),
            location: None,
            reporter,
            public: true,
            source: None,
            routed: Routed {
                found,
                handoff: None,
                agency: Some("UBND-Q7".into()),
                focal_point: None,
                unclear: false,
            },
        }
    }

    /// A number put in later leaves the same as one known from the start.
    #[test]
    fn a_number_put_in_later_is_everywhere() {
        let rules = Rules::open(Source::choose(None)).unwrap().at(Timestamp::UNIX_EPOCH);
        let at: Timestamp = "2026-03-02T08:00:00+07:00".parse().unwrap();
        let intent =
            Intent { actor: Actor::new(Role::Citizen, "anonymous"), now: at, occurred_at: at };
        let keys = crate::vault::Vault::of_test().draw(Uuid::from_u128(7), &SeededRandom::new(1));
        let keys = keys.unwrap();
        let number = |serial| CaseNumber::new("HCM", 2026, serial).unwrap();
        let receipt = |number: &CaseNumber| {
            let events = decide::receive(&*rules, &intent, &receive(number)).unwrap();
            Receipt::new(events, Uuid::from_u128(7), &intent, true, &keys).unwrap().0
        };
        let mut later = receipt(&number(1));
        let first = later.numbered(number(4711)).unwrap();
        assert_eq!(first, receipt(&number(4711)).numbered(number(4711)).unwrap());
        assert!(!format!("{first:?}").contains(&number(1).to_string()));
        // Tried again with another number.
        let again = later.numbered(number(4712)).unwrap();
        assert_eq!(again, receipt(&number(4712)).numbered(number(4712)).unwrap());
    }
}
