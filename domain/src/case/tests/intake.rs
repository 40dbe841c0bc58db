//! Receipt: what the rules' verdict makes of a new feedback.

use super::fixture::*;
use crate::case::command::{Receive, Routed};
use crate::case::decide::receive as decide_receive;
use crate::case::party::Location;
use crate::case::stage::StageName;
use crate::case::{Intent, Rejection};
use crate::kinds::{Clock, Handoff, Kind};

fn refusal(change: impl FnOnce(&mut Receive, &mut Intent)) -> &'static str {
    let now = local("03-02 08:00");
    let mut intent = Intent { actor: actor("operator"), now, occurred_at: now };
    let mut command = receive(1, at_desk(pothole()));
    change(&mut command, &mut intent);
    decide_receive(city(), &intent, &command).map_err(|e| Rejection::code(&e)).unwrap_err()
}

#[test]
fn the_verdict_sends_it_on_its_way() {
    let found = pothole();
    let confidential = crate::case::command::Found { confidential: true, ..pothole() };
    let unclear = Routed { unclear: true, ..at_desk(found.clone()) };
    let emergency = crate::case::command::Found { kind: Kind::Emergency, ..pothole() };
    let cases: [(Routed, StageName, &[&str]); 8] = [
        (sent_to("GT", found.clone()), StageName::Dispatched, &["dispatched"]),
        (at_desk(found.clone()), StageName::Classified, &[]),
        (unclear.clone(), StageName::Arbitration, &["sent_to_arbitration"]),
        (fire(), StageName::HandedOff, &["handed_off"]),
        // An agency that has ended gets nothing; the coordinators say who has its cases now.
        (sent_to("NOBODY", found), StageName::Arbitration, &["sent_to_arbitration"]),
        (
            Routed { handoff: Some(Handoff::Fire), ..sent_to("GT", pothole()) },
            StageName::Dispatched,
            &["handed_off", "dispatched"],
        ),
        // What a service has in hand waits in nobody's inbox.
        (
            Routed { handoff: Some(Handoff::Fire), ..sent_to("GT", emergency) },
            StageName::HandedOff,
            &["handed_off"],
        ),
        // A sealed matter is not laid before everybody who coordinates.
        (Routed { found: confidential, ..unclear }, StageName::Classified, &[]),
    ];
    for (routed, stage, then) in cases {
        let story = Story::begin(routed);
        let kinds: Vec<_> = story.log.iter().map(|(event, _)| short(event.kind())).collect();
        assert_eq!(kinds[..2], ["received", "classified"]);
        assert_eq!((story.stage(), &kinds[2..]), (stage, then));
        assert_eq!(story.case.version, story.log.len() as u64);
    }
}

#[test]
fn promises_are_made_on_receipt() {
    let story = Story::begin(at_desk(pothole()));
    assert_eq!(story.running(), [Clock::Dispatch, Clock::Answer]);
    assert_eq!(story.due(Clock::Dispatch), "03-02 08:05");
    assert_eq!(story.due(Clock::Answer), "03-12 23:59");

    let story = Story::dispatched();
    assert_eq!(story.running(), [Clock::Acknowledge, Clock::Resolve, Clock::Answer]);
    assert_eq!(story.due(Clock::Acknowledge), "03-02 10:00");
    assert_eq!(story.due(Clock::Resolve), "03-05 23:59");

    // The regime of the day of receipt: 5 days until 3 September 2025.
    let before = time("2025-09-03T16:00:00+07:00");
    let story = Story::begin_at(before, 1, at_desk(pothole()));
    assert_eq!(story.due(Clock::Answer), "09-08 23:59");

    // An emergency is handed over, not answered within days.
    let story = Story::begin(fire());
    assert_eq!((story.running(), story.due(Clock::Answer)), (vec![], "-".to_owned()));
}

#[test]
fn what_cannot_be_received() {
    let place = |lat, lon| Some(Location { lat, lon, address: None, address_mark: None });
    assert_eq!(refusal(|c, _| c.text = private("  \n ")), "text_missing");
    assert_eq!(refusal(|c, _| c.text = private(&"ă".repeat(20_001))), "text_too_long");
    assert_eq!(refusal(|c, _| c.text = private("a\u{0}b")), "text_control_characters");
    let name = Some(private("\u{1b}[31m"));
    assert_eq!(refusal(|c, _| c.reporter.contact.name = name), "text_control_characters");
    let phone = Some(private(&"0".repeat(301)));
    assert_eq!(refusal(|c, _| c.reporter.contact.phone = phone), "text_too_long");
    for (lat, lon) in [(Some(10.7), None), (Some(91.0), Some(0.0)), (Some(f64::NAN), Some(106.0))] {
        assert_eq!(refusal(|c, _| c.location = place(lat, lon)), "bad_coordinates");
    }
    assert_eq!(refusal(|_, i| i.occurred_at += hours(1)), "in_future");
    assert_eq!(refusal(|_, i| i.actor = actor("handler@GT")), "role_not_allowed");
    // No calendar for 2019: no guess at a deadline.
    let old = time("2019-03-02T08:00:00+07:00");
    assert_eq!(refusal(|_, i| i.occurred_at = old), "calendar_too_short");
}

#[test]
fn the_longest_text_is_received() {
    let now = local("03-02 08:00");
    let intent = Intent { actor: actor("citizen"), now, occurred_at: now };
    let mut command = receive(1, at_desk(pothole()));
    command.text = private(&"ă\n".repeat(10_000));
    assert_eq!(decide_receive(city(), &intent, &command).unwrap().len(), 2);
}
