//! Random lives of two cases: people who mostly do what they may, with bodies mostly good.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::*;
use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::case::authority::roles;
use crate::case::command::{Command, Found, Routed};
use crate::case::transitions::allowed;
use crate::kinds::{Handoff, Kind};

/// One thing somebody tries: all choices are numbers, taken modulo what there is to choose from.
#[derive(Clone, Debug)]
pub(super) struct Try {
    /// Minutes since the last.
    pub(super) wait: u32,
    /// Which of the two cases.
    pub(super) second: bool,
    /// Which command.
    pub(super) command: u16,
    /// Whether to keep to what is possible in the stage.
    pub(super) sensible: bool,
    /// Who, and with what body.
    pub(super) who: u8,
    pub(super) what: u8,
    /// Whether due timers are delivered first.
    pub(super) ticks: bool,
}

pub(super) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let wait = prop_oneof![4 => 0u32..30, 3 => 30u32..1_000, 1 => 1_000u32..15_000];
    let one = (wait, 0u8..4, any::<u16>(), 0u8..10, any::<u8>(), any::<u8>(), 0u8..3);
    let one = one.prop_map(|(wait, second, command, sensible, who, what, ticks)| Try {
        wait,
        second: second == 0,
        command,
        sensible: sensible > 0,
        who,
        what,
        ticks: ticks > 0,
    });
    prop::collection::vec(one, 1..45)
}

pub(super) fn routed() -> impl Strategy<Value = Routed> {
    let sealed = Found { kind: Kind::Denunciation, confidential: true, ..pothole() };
    let handed = Routed { handoff: Some(Handoff::Ambulance), ..sent_to("GT", pothole()) };
    prop_oneof![
        5 => Just(sent_to("GT", pothole())),
        1 => Just(sent_to("Q1", pothole())),
        1 => Just(at_desk(pothole())),
        1 => Just(Routed { unclear: true, ..at_desk(pothole()) }),
        1 => Just(fire()),
        1 => Just(handed),
        1 => Just(at_desk(sealed)),
    ]
}

/// Both cases begin on the evening before two agencies end, or long before.
pub(super) fn begin(of_a: Routed, of_b: Routed, reform: bool) -> (Story, Story) {
    let now = if reform { local("06-30 20:00") } else { local("03-02 08:00") };
    (Story::begin_at(now, 1, of_a), Story::begin_at(now, 2, of_b))
}

/// A body for a command, sometimes a bad one.
fn body_for(word: &str, what: u8, now: Timestamp, other: &Case) -> Value {
    let pick = |n: u8| what % n;
    let agency = ["GT", "CTN", "BT", "Q1", "CU", "XX"][usize::from(what) % 6];
    let later = |days: i64| json!((now + hours(24 * days)).to_string());
    let text = ["", "y", "x"][usize::from(what / 3 % 8).min(2)];
    let timer = ["answer.missed", "window.over", "pause.cap"][usize::from(pick(3))];
    match word {
        "hand-off" => json!({"service": Handoff::ALL[usize::from(pick(4))]}),
        "seal" if pick(3) == 0 => json!({"reason": text}),
        "seal" => json!({"reason": text, "accused": agency}),
        "classify" => match pick(6) {
            0 => json!({"category": "GT01"}),
            1 => json!({"category": "GT09"}),
            2 => json!({"category": "HC01", "kind": "procedure"}),
            3 => json!({"priority": "P1"}),
            4 => json!({"kind": "proposal", "urgent": false}),
            _ => json!({"category": "TC01"}),
        },
        "dispatch" => json!({"agency": agency}),
        "rule" => json!({"agency": agency, "reason": text}),
        "return" => json!({"reason": text, "proposed_agency": agency}),
        "add-co-agency" => json!({
            "agency": agency, "task": text, "mandatory": pick(2) == 0,
            "due": if pick(3) == 0 { later(2) } else { Value::Null },
        }),
        "finish-part" if pick(2) == 0 => json!({"note": text}),
        "finish-part" => json!({"note": text, "agency": agency}),
        "drop-part" => json!({"agency": agency, "reason": text}),
        "assign" => match pick(3) {
            0 => json!({"focal_point": "GT-1"}),
            1 => json!({"handler": "an"}),
            _ => json!({"focal_point": "CTN-1", "handler": "binh"}),
        },
        "make-safe" => json!({"note": text}),
        "progress" => json!({"note": text, "committed_date": later(3), "photos": ["p"]}),
        "ask" => json!({"question": text}),
        "reply" | "answer" | "note" => json!({"text": text}),
        "extend" => json!({
            "reason": text, "new_due": later([2, 10, 14, 40][usize::from(pick(4))]), "photos": ["p"],
        }),
        "resolve" => match pick(5) {
            0 => json!({"outcome": "done", "note": text}),
            1 => json!({"outcome": "planned", "note": text, "committed_date": later(30)}),
            2 => json!({"outcome": "duplicate", "note": text, "duplicate_of": other.number}),
            _ => json!({"outcome": "done", "note": text, "photos": ["p"]}),
        },
        "check-answer" => json!({"approved": pick(3) > 0, "note": "x"}),
        "rate" => json!({"score": pick(7)}),
        "move-to-successor" if pick(3) == 0 => json!({"part": agency}),
        "move-to-successor" if pick(2) == 0 => json!({"successor": agency}),
        "move-to-successor" | "accept" | "arrive" | "close" => json!({}),
        "choose" => json!({"public": pick(2) == 0, "anonymous": pick(3) == 0}),
        "erase" => json!({
            // Seldom, so that there is something left to happen.
            "what": if pick(2) == 0 { "contact" } else { "everything" }, "legal_ground": if pick(4) == 0 { "x" } else { "" },
        }),
        "tick" => {
            json!({"timer": timer})
        }
        _ => json!({"reason": text}),
    }
}

/// Mostly somebody entitled.
pub(super) fn somebody(story: &Story, word: &str, choice: u8) -> Actor {
    let entitled = roles(word);
    let role = match choice % 8 {
        0 => Role::ALL[usize::from(choice / 8) % Role::ALL.len()],
        _ if entitled.is_empty() => Role::Operator,
        _ => entitled[usize::from(choice / 8) % entitled.len()],
    };
    let lead = story.case.agency().cloned();
    let part = story.case.work.parts.first().map(|part| part.agency.clone());
    let agency = match choice % 5 {
        0 => Some("CTN".into()),
        1 if word == "finish-part" => part.or(lead),
        _ => lead,
    };
    let id = match (role, choice % 3) {
        (Role::Citizen, 0) => story.case.parties.last().map_or("?", |party| &party.id),
        (Role::Citizen, _) => "party_1",
        (Role::Handler, 0) => "binh",
        (Role::Handler, _) => "an",
        _ => "somebody",
    };
    let agency = agency.filter(|_| role.belongs_to_agency());
    Actor { agency, ..Actor::new(role, id).in_group(choice % 4 != 3) }
}

pub(super) fn command(story: &Story, other: &Case, tried: &Try) -> (&'static str, Command) {
    let stage = story.stage();
    let possible: Vec<&'static str> = Command::NAMES
        .iter()
        .copied()
        .filter(|word| !tried.sensible || allowed(stage, word))
        // Ends come by themselves; more of the life in between is seen when they are rare.
        .filter(|word| {
            !matches!(*word, "withdraw" | "refuse" | "seal" | "correct" | "erase")
                || tried.what < 40
        })
        .collect();
    let word = possible[usize::from(tried.command) % possible.len()];
    (word, read(word, &body_for(word, tried.what, story.now, other).to_string()))
}
