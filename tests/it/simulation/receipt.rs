//! What a feedback must become: decided again from the request and the rules it met.

use hoiam::desk::Received;
use hoiam::tracking::TrackingCode;
use hoiam_domain::case::command::{Found, Receive, Routed};
use hoiam_domain::case::party::{Location, Party};
use hoiam_domain::case::{Case, CaseNumber, Event, Rejection, decide};
use hoiam_domain::private::Private;
use hoiam_domain::routing::{RouteInput, Verdict};

use super::model::Delivery;
use super::request::Ask;

/// The series and serial of `HCM-26-000123-4`.
pub fn serial(number: &str) -> (String, u64) {
    let parts: Vec<&str> = number.split('-').collect();
    (format!("{}-{}", parts[0], parts[1]), parts[2].parse().unwrap())
}

/// The events of a receipt, or why it is refused.
pub fn events(
    delivery: &Delivery,
    number: CaseNumber,
    reporter: Party,
    address_mark: Option<String>,
) -> Result<Vec<Event>, Rejection> {
    let Ask::Receive(feedback) = &delivery.request.ask else { panic!("no receipt") };
    let intent = delivery.intent();
    let verdict = delivery.rules.explain(&RouteInput {
        text: feedback.text.clone(),
        kind: feedback.kind,
        category: feedback.category.clone(),
        point: feedback.point,
        address: feedback.address.clone(),
        attributes: feedback.attributes.clone(),
        at: intent.occurred_at,
        channel: Some(feedback.channel),
    });
    let location = Location {
        lat: feedback.point.map(|(lat, _)| lat),
        lon: feedback.point.map(|(_, lon)| lon),
        address: feedback.address.clone().map(Private::new),
        address_mark,
    };
    let receive = Receive {
        number,
        channel: feedback.channel,
        text: Private::new(feedback.text.clone()),
        location: Some(location).filter(|_| feedback.point.is_some() || feedback.address.is_some()),
        reporter,
        public: feedback.public && !verdict.confidential,
        source: None,
        routed: routed(verdict),
    };
    decide::receive(&*delivery.rules, &intent, &receive)
}

fn routed(verdict: Verdict) -> Routed {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    let confidence = (verdict.confidence * 1000.0).round() as u16;
    Routed {
        unclear: verdict.agency.is_none(),
        handoff: verdict.handoff,
        agency: verdict.agency,
        focal_point: verdict.focal_point,
        found: Found {
            kind: verdict.kind,
            sector: verdict.sector,
            category: verdict.category,
            priority: verdict.priority,
            urgent: verdict.urgent,
            confidential: verdict.confidential,
            district: verdict.district,
            ward: verdict.ward,
            place_source: verdict.place_source,
            confidence: Some(confidence),
            because: Private::new(verdict.because),
            rule: verdict.rule,
            rule_set: verdict.rule_set,
        },
    }
}

/// The answer tells what the case is.
pub fn check_answer(received: &Received, case: &Case) {
    assert_eq!(received.number, case.number.to_string());
    assert_eq!(received.status, case.work.stage.name().as_str());
    assert_eq!(received.agency.as_deref(), case.agency().map(|agency| agency.as_str()));
    let code = TrackingCode::read(&received.tracking_code).unwrap();
    assert_eq!(code.hash(), case.parties[0].tracking_hash, "the code opens the case");
}
