//! What people do: mostly what they may, on cases of the town, with bodies mostly good.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hoiam::desk::{Feedback, Reporter};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::authority::roles;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::transitions::allowed;
use hoiam_domain::case::{Case, CaseNumber, Command};
use hoiam_domain::kinds::{Channel, Handoff, Kind};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::dice::Dice;
use super::request::{Ask, Request};

const AGENCIES: &[&str] = &["GT", "CTN", "QB", "QN", "CA", "MOI", "XX"];
const CATEGORIES: &[&str] = &["GT01", "GT09", "GT14", "HC01", "HC08"];

fn request(ask: Ask, actor: Actor) -> Request {
    Request { ask, actor, expected: None, occurred_at: None, key: None }
}

/// Who reported a case is erased; without a number, what was broken off is done.
pub fn erasing(number: Option<CaseNumber>, what: ErasedPart, journal: PathBuf) -> Request {
    request(Ask::Erase { number, what, journal }, Actor::system("erase"))
}

/// One case is merged into another.
pub fn merging(number: CaseNumber, into: CaseNumber, by: Actor) -> Request {
    request(Ask::Merge { number, into }, by)
}

/// Somebody gives a command.
pub fn saying(number: &CaseNumber, word: &'static str, body: &Value, by: Actor) -> Request {
    let (number, body) = (number.clone(), body.to_string());
    request(Ask::Command { number, word, body }, by)
}

/// The worker that fires timers.
pub fn tick() -> Request {
    request(Ask::Tick, Actor::system("timer"))
}

/// A feedback, sometimes one that must be refused. `name` makes its text one of its own.
pub fn feedback(dice: &mut Dice, name: &str, now: Timestamp) -> Request {
    let channel = *dice.pick(Channel::ALL);
    let district = ["N", "S", ""][dice.below(3)];
    let mut attributes = BTreeMap::new();
    if !district.is_empty() {
        attributes.insert("district".to_owned(), district.to_owned());
    }
    let point = match dice.below(20) {
        0..5 => Some((10.62 + 0.02 * f64::from(u8::try_from(dice.below(9)).unwrap()), 106.65)),
        5 => Some((21.03, 105.85)),
        _ => None,
    };
    let text = match dice.below(40) {
        0 => String::new(),
        1 => format!("{name} {}", "dài ".repeat(6_000)),
        _ => format!("Ổ gà trước số {} đường Lê Lợi ({name})", dice.below(400)),
    };
    let feedback = Feedback {
        channel,
        kind: dice.percent(10).then(|| *dice.pick(Kind::ALL)),
        category: dice.percent(85).then(|| (*dice.pick(CATEGORIES)).into()),
        attributes,
        text,
        point,
        address: dice.percent(20).then(|| "12 Lê Lợi".to_owned()),
        reporter: Reporter {
            name: Some("Trần Thị Thử".to_owned()),
            phone: Some(format!("0900 000 {:03}", dice.below(40))),
            email: None,
            anonymous: dice.percent(10),
        },
        public: dice.percent(80),
        occurred_at: None,
    };
    let role = [Role::Citizen, Role::Operator, Role::Integration, Role::Coordinator, Role::Handler]
        [dice.weighed(&[8, 4, 2, 1, 1])];
    let mut request = request(Ask::Receive(Box::new(feedback)), Actor::new(role, "tok_1"));
    if dice.percent(15) {
        request.occurred_at = Some(now + SignedDuration::from_mins(dice.between(-600, 10)));
    }
    request
}

/// A command on a case; `others` are the cases it may be confused with.
pub fn command(dice: &mut Dice, case: &Case, others: &[&Case], now: Timestamp) -> Request {
    let stage = case.work.stage.name();
    let sensible = dice.percent(90);
    let ends = dice.percent(12);
    let words: Vec<&'static str> = Command::NAMES
        .iter()
        .copied()
        .chain(["merge", "unmerge"])
        .filter(|word| *word != "erase" && (!sensible || allowed(stage, word)))
        // Ends come by themselves; more of the life in between is seen when they are rare.
        .filter(|word| ends || !matches!(*word, "withdraw" | "refuse" | "seal" | "correct"))
        .collect();
    let word = *dice.pick(&words);
    let actor = somebody(dice, case, word);
    let number = case.number.clone();
    let ask = match word {
        "merge" => Ask::Merge { number, into: dice.pick(others).number.clone() },
        "unmerge" => Ask::Unmerge { number },
        _ => Ask::Command { number, word, body: body(dice, case, word, now).to_string() },
    };
    let mut request = request(ask, actor);
    request.expected = match dice.below(10) {
        0..3 => Some(case.version),
        3 => Some(case.version.saturating_sub(1)),
        _ => None,
    };
    if dice.percent(15) {
        request.occurred_at = Some(now + SignedDuration::from_mins(dice.between(-90, 5)));
    }
    request
}

/// Mostly somebody entitled.
fn somebody(dice: &mut Dice, case: &Case, word: &str) -> Actor {
    let undo = case.undo.as_ref().filter(|_| word == "correct" && dice.percent(80));
    if let Some(undo) = undo {
        return undo.actor.clone();
    }
    let entitled: Vec<Role> =
        roles(word).iter().copied().filter(|role| *role != Role::System).collect();
    let role = if entitled.is_empty() || dice.percent(8) {
        *dice.pick(&Role::ALL.iter().copied().filter(|r| *r != Role::System).collect::<Vec<_>>())
    } else {
        *dice.pick(&entitled)
    };
    let id = match role {
        Role::Citizen if dice.percent(50) => {
            case.parties.last().map_or("party_1".to_owned(), |party| party.id.clone())
        }
        Role::Citizen => "party_1".to_owned(),
        Role::Handler => {
            let lead = case.work.lead.as_ref();
            let assigned = lead.and_then(|lead| lead.handler.clone());
            assigned.filter(|_| dice.percent(80)).unwrap_or_else(|| "tok_an".to_owned())
        }
        _ => format!("tok_{role}_{}", dice.below(3)),
    };
    if !role.belongs_to_agency() {
        return Actor::new(role, id);
    }
    let part = case.work.parts.first().map(|part| part.agency.clone());
    let agency = match dice.below(10) {
        0 => Some((*dice.pick(AGENCIES)).into()),
        1..4 if word == "finish-part" => part.or_else(|| case.agency().cloned()),
        _ => case.agency().cloned(),
    };
    Actor { agency, ..Actor::new(role, id).in_group(role == Role::Coordinator) }
}

fn body(dice: &mut Dice, case: &Case, word: &str, now: Timestamp) -> Value {
    let agency = *dice.pick(AGENCIES);
    let text =
        if dice.percent(4) { String::new() } else { format!("lý do {}", dice.below(1_000)) };
    let later = |days: i64| json!((now + SignedDuration::from_hours(24 * days)).to_string());
    let photos = if dice.percent(85) { json!(["ảnh-1"]) } else { json!([]) };
    match word {
        "hand-off" => json!({"service": dice.pick(Handoff::ALL)}),
        "seal" if dice.percent(40) => json!({"reason": text}),
        "seal" => json!({"reason": text, "accused": agency}),
        "classify" => match dice.below(6) {
            0 => json!({"priority": "P1"}),
            1 => json!({"kind": "proposal", "urgent": false}),
            2 => json!({"district": "N"}),
            _ => json!({"category": dice.pick(CATEGORIES)}),
        },
        "dispatch" => json!({"agency": agency}),
        "rule" => json!({"agency": agency, "reason": text}),
        "return" => json!({"reason": text, "proposed_agency": agency}),
        "add-co-agency" => json!({
            "agency": agency, "task": text, "mandatory": dice.percent(50),
            "due": if dice.percent(50) { later(dice.between(0, 9)) } else { Value::Null },
        }),
        "finish-part" if dice.percent(50) => json!({"note": text}),
        "finish-part" | "drop-part" => {
            let part = case.work.parts.first().map_or(agency, |part| part.agency.as_str());
            let words = if word == "drop-part" { "reason" } else { "note" };
            json!({words: text, "agency": part})
        }
        "assign" => match dice.below(3) {
            0 => json!({"focal_point": "GT-1"}),
            1 => json!({"handler": "tok_an"}),
            _ => json!({"handler": "tok_binh"}),
        },
        "make-safe" => json!({"note": text}),
        "progress" => json!({"note": text, "committed_date": later(3), "photos": photos}),
        "ask" => json!({"question": text}),
        "reply" | "answer" | "note" => json!({"text": text}),
        "extend" => {
            json!({"reason": text, "new_due": later(dice.between(1, 20)), "photos": photos})
        }
        "resolve" => match dice.below(5) {
            0 => json!({"outcome": "planned", "note": text, "committed_date": later(30)}),
            1 => json!({"outcome": "refused", "note": text, "legal_ground": "Luật Đường bộ"}),
            _ => json!({"outcome": "done", "note": text, "photos": photos}),
        },
        "check-answer" => json!({"approved": dice.percent(75), "note": "viết rõ hơn"}),
        "rate" => json!({"score": dice.between(0, 6)}),
        "choose" => json!({"public": dice.percent(50), "anonymous": dice.percent(50)}),
        "move-to-successor" if dice.percent(20) => json!({"part": agency}),
        "move-to-successor" if dice.percent(30) => json!({"successor": agency}),
        "move-to-successor" | "accept" | "arrive" | "close" => json!({}),
        "tick" => json!({"timer": dice.pick(&["answer.missed", "window.over", "pause.cap"])}),
        "correct" if dice.percent(30) => json!({"reason": text, "version": case.version}),
        _ => json!({"reason": text}),
    }
}
