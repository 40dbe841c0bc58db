//! Text and references from outside, and the sentences of refusals.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fixture::*;
use crate::actor::Role;
use crate::case::Rejection as R;
use crate::case::stage::StageName;
use crate::kinds::Clock;

/// Every command with a text that must be there, its field, and a case it is possible on.
fn texts() -> Vec<(Story, &'static str, &'static str, &'static str, Value)> {
    let desk = || Story::begin(at_desk(pothole()));
    let mut asked = Story::in_progress();
    asked.does("handler@GT", "ask", r#"{"question": "?"}"#);
    let mut checked = Story::resolved();
    checked.does("coordinator", "check-answer", r#"{"approved": true}"#);
    let mut appealed = Story::answered();
    appealed.does("citizen", "appeal", r#"{"reason": "x"}"#);
    let photo = json!({"new_due": "2026-03-18T00:00:00Z", "photos": ["p"]});
    vec![
        (desk(), "operator", "refuse", "reason", json!({})),
        (desk(), "operator", "seal", "reason", json!({})),
        (desk(), "operator", "escalate", "reason", json!({})),
        (desk(), "coordinator", "rule", "reason", json!({"agency": "GT"})),
        (Story::dispatched(), "agency_coordinator@GT", "return", "reason", json!({})),
        (Story::in_progress(), "coordinator", "add-co-agency", "task", json!({"agency": "CTN"})),
        (Story::in_progress(), "handler@GT", "make-safe", "note", json!({})),
        (Story::in_progress(), "handler@GT", "progress", "note", json!({})),
        (Story::in_progress(), "handler@GT", "ask", "question", json!({})),
        (asked, "citizen", "reply", "text", json!({})),
        (Story::in_progress(), "unit_leader@GT", "extend", "reason", photo),
        (
            Story::in_progress(),
            "handler@GT",
            "resolve",
            "note",
            json!({"outcome": "done", "photos": ["p"]}),
        ),
        (checked, "operator", "answer", "text", json!({})),
        (Story::answered(), "citizen", "reopen", "reason", json!({})),
        (Story::answered(), "citizen", "appeal", "reason", json!({})),
        (appealed, "coordinator", "dismiss-appeal", "reason", json!({})),
        (Story::dispatched(), "operator", "correct", "reason", json!({})),
        (Story::dispatched(), "operator", "note", "text", json!({})),
    ]
}

#[test]
fn required_texts_are_there_and_sane() {
    for (story, who, word, field, rest) in texts() {
        let with = |text: &str| {
            let mut value = rest.clone();
            value[field] = json!(text);
            value.to_string()
        };
        let decide = |text: &str| story.decide(&actor(who), &read(word, &with(text)));
        for blank in ["", " ", "\n\t", "\u{a0}", "\u{feff}", "\u{200b} \u{2060}"] {
            assert_eq!(decide(blank), Err(R::TextMissing { field }), "{word}");
        }
        assert_eq!(decide("a\u{0}"), Err(R::TextControl { field }), "{word}");
        assert_eq!(decide("a\u{85}"), Err(R::TextControl { field }), "{word}");
        let limit = 10_000;
        assert_eq!(decide(&"ă".repeat(limit + 1)), Err(R::TextTooLong { field, limit }), "{word}");
        assert!(decide(&"ă".repeat(limit)).is_ok(), "{word}");
        assert!(decide("dòng 1\r\n\tdòng 2 👍").is_ok(), "{word}");
    }
}

#[test]
fn optional_texts_and_references_are_sane() {
    let long = "x".repeat(10_001);
    let many: Vec<_> = (0..21).map(|n| n.to_string()).collect();
    let progress = |photos: Value| json!({"note": "x", "photos": photos});
    let found: Vec<(Story, &str, &str, Value, &str)> = vec![
        (
            Story::answered(),
            "citizen",
            "rate",
            json!({"score": 1, "comment": long}),
            "text_too_long",
        ),
        (
            Story::dispatched(),
            "citizen",
            "withdraw",
            json!({"reason": "\u{7}"}),
            "text_control_characters",
        ),
        (Story::in_progress(), "handler@GT", "progress", progress(json!(many)), "too_many"),
        (Story::in_progress(), "handler@GT", "progress", progress(json!([" "])), "text_missing"),
        (
            Story::in_progress(),
            "handler@GT",
            "progress",
            progress(json!(["x".repeat(301)])),
            "text_too_long",
        ),
        (
            Story::in_progress(),
            "handler@GT",
            "resolve",
            json!({"outcome": "referred", "note": "x", "receiver": "x".repeat(301)}),
            "text_too_long",
        ),
        (
            Story::in_progress(),
            "agency_coordinator@GT",
            "assign",
            json!({"handler": "\u{1}"}),
            "text_control_characters",
        ),
    ];
    for (story, who, word, value, code) in found {
        assert_eq!(story.refused(who, word, &value.to_string()), code, "{word} {code}");
    }
}

/// One of every refusal. A new one that is missing here fails `all_are_here`.
fn refusals() -> Vec<R> {
    let code = || "GT".to_owned();
    let stage = StageName::Closed;
    vec![
        R::WrongStage { command: "accept", stage },
        R::RoleNotAllowed { command: "accept", role: Role::Citizen },
        R::NotAParty,
        R::NotYourAgency,
        R::NotYourFocalPoint,
        R::NotYourCase,
        R::SealedCase,
        R::TextMissing { field: "note" },
        R::TextTooLong { field: "note", limit: 10 },
        R::TextControl { field: "note" },
        R::TooMany { field: "photos", limit: 20 },
        R::InFuture,
        R::OutOfOrder,
        R::BadCoordinates,
        R::UnknownAgency { code: code() },
        R::AgencyEnded { code: code(), successor: None },
        R::AgencyStillOpen { code: code() },
        R::NoSuccessor { code: code() },
        R::AccusedAgency,
        R::UnknownFocalPoint { code: code() },
        R::UnknownCategory { code: code() },
        R::UnknownPlace,
        R::NothingToClassify,
        R::ReturnsExhausted { limit: 2 },
        R::RulingBinds,
        R::RulingNeeded,
        R::NoAppeal,
        R::NoQuestion,
        R::QuestionOpen,
        R::OthersReported,
        R::NotFirstReporter,
        R::AlreadyInvolved { code: code() },
        R::NotInvolved { code: code() },
        R::PartsOpen { agencies: code() },
        R::DueNotFuture { field: "due" },
        R::EvidenceMissing { field: "photos" },
        R::ExtensionUsed,
        R::ExtensionLate,
        R::ExtensionNotLater,
        R::ExtensionTooFar,
        R::NoClock { clock: Clock::Answer },
        R::ScoreOutOfRange,
        R::WindowOver,
        R::MergeIntoItself,
        R::MergeSealed,
        R::MergeTarget { stage },
        R::NotMergedHere,
        R::MergedOn { number: number(1).to_string() },
        R::NothingToCorrect,
        R::NotTheLastStep { version: 3 },
        R::CorrectByOther,
        R::CalendarTooShort { detail: "2029".to_owned() },
    ]
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_two_sentences() {
    let mut codes = BTreeSet::new();
    for refusal in refusals() {
        let code = refusal.code();
        assert!(codes.insert(code), "{code} is used twice");
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
        for sentence in [refusal.vi(), refusal.en()] {
            assert!(sentence.ends_with('.') && sentence.len() > 15, "{code}: {sentence}");
        }
        assert_ne!(refusal.vi(), refusal.en());
        let accents = refusal.vi().chars().filter(|c| !c.is_ascii()).count();
        assert!(accents > 3, "{code} is not in Vietnamese: {}", refusal.vi());
        assert!(refusal.en().is_ascii(), "{code}: {}", refusal.en());
    }
    let successor = R::AgencyEnded { code: "Q1".to_owned(), successor: Some("BT".to_owned()) };
    assert!(successor.vi().contains("BT") && successor.en().contains("BT"));
}

#[test]
fn all_are_here() {
    // The source is the list: each variant has one line in `code`.
    let source = include_str!("../rejection.rs");
    let codes = source
        .lines()
        .filter(|line| line.trim_end().ends_with("\","))
        .filter(|line| line.trim_start().starts_with("Self::") && line.contains("=> \""));
    assert_eq!(codes.count(), refusals().len(), "a refusal is missing in this test");
}
