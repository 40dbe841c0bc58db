//! The two tables a reviewer reads: which command is possible in which stage, and who may give it.
//! Every cell is the answer of the decider to a real command on a real case.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::fixture::*;
use crate::actor::{Actor, Role};
use crate::case::command::{Command, Found, Merge, Routed, Unmerge};
use crate::case::stage::StageName;
use crate::case::{Event, Intent, Rejection, clocks, decide_attach, decide_merge, decide_unmerge};
use crate::kinds::{Kind, Priority};

/// Everything a column shows: a stage, or arbitration by its cause.
fn samples() -> Vec<(&'static str, Story)> {
    let desk = || begin(at_desk(danger()));
    let unclear = || begin(Routed { unclear: true, ..at_desk(danger()) });
    let step = |mut story: Story, who: &str, word: &str, body: &str| {
        story.wait(minutes(1));
        story.does(who, word, body);
        story
    };
    let reason = r#"{"reason": "x"}"#;
    let refused = || step(desk(), "operator", "refuse", reason);
    let dispatched = || {
        let part = r#"{"agency": "CTN", "task": "x", "mandatory": false}"#;
        step(begin(sent_to("Q1", danger())), "coordinator", "add-co-agency", part)
    };
    let working = || step(dispatched(), "agency_coordinator@Q1", "accept", "{}");
    let waiting = || step(working(), "handler@Q1", "ask", r#"{"question": "?"}"#);
    let resolved = || step(working(), "handler@Q1", "resolve", DONE);
    let checked = || step(resolved(), "coordinator", "check-answer", r#"{"approved": true}"#);
    let answered = || step(checked(), "operator", "answer", r#"{"text": "x"}"#);
    let returned = || {
        let once = step(dispatched(), "agency_coordinator@Q1", "return", reason);
        let again = step(once, "coordinator", "dispatch", r#"{"agency": "GT"}"#);
        step(again, "agency_coordinator@GT", "return", reason)
    };
    let mut merged = working();
    let events = merge(&merged, &other()).unwrap();
    merged.apply(&actor("operator"), events);
    vec![
        ("received", step(refused(), "citizen", "reopen", reason)),
        ("classified", desk()),
        ("arbitration, unclear", unclear()),
        ("arbitration, returned twice", returned()),
        ("arbitration, appeal", step(answered(), "citizen", "appeal", reason)),
        ("dispatched", dispatched()),
        ("in_progress", working()),
        ("waiting_citizen", waiting()),
        ("resolved", resolved()),
        ("checked", checked()),
        ("answered", answered()),
        ("closed", step(answered(), "citizen", "rate", r#"{"score": 3}"#)),
        ("refused", refused()),
        ("handed_off", step(desk(), "operator", "hand-off", r#"{"service": "114"}"#)),
        ("merged", merged),
        ("withdrawn", step(working(), "citizen", "withdraw", "{}")),
    ]
}

/// On 30 June 2026, with an agency that ends that night.
fn begin(routed: Routed) -> Story {
    Story::begin_at(local("06-30 14:00"), 1, routed)
}

fn other() -> Story {
    Story::begin_at(local("06-30 14:00"), 2, sent_to("GT", danger()))
}

fn danger() -> Found {
    Found {
        kind: Kind::Incident,
        category: Some("GT09".into()),
        priority: Some(Priority::P1),
        urgent: true,
        ..pothole()
    }
}

/// Who is most entitled to a command, and a body that is right.
pub(super) fn example(word: &str) -> (&'static str, &'static str) {
    let reason = r#"{"reason": "x"}"#;
    match word {
        "refuse" | "escalate" | "correct" | "dismiss-appeal" => ("coordinator", reason),
        "hand-off" => ("coordinator", r#"{"service": "113"}"#),
        "seal" => ("coordinator", r#"{"reason": "x", "accused": "GT"}"#),
        "classify" => ("coordinator", r#"{"category": "GT01"}"#),
        "dispatch" => ("coordinator", r#"{"agency": "BT"}"#),
        "rule" => ("coordinator", r#"{"agency": "BT", "reason": "x"}"#),
        "accept" => ("unit_leader@Q1", "{}"),
        "return" => ("unit_leader@Q1", reason),
        "add-co-agency" => ("coordinator", r#"{"agency": "BT", "task": "x"}"#),
        "finish-part" => ("agency_coordinator@CTN", r#"{"note": "x"}"#),
        "drop-part" => ("coordinator", r#"{"agency": "CTN", "reason": "x"}"#),
        "assign" => ("unit_leader@Q1", r#"{"handler": "an"}"#),
        "arrive" => ("unit_leader@Q1", "{}"),
        "make-safe" | "progress" => ("unit_leader@Q1", r#"{"note": "x"}"#),
        "ask" => ("coordinator", r#"{"question": "?"}"#),
        "reply" => ("citizen", r#"{"text": "x"}"#),
        "extend" => (
            "unit_leader@Q1",
            r#"{"reason": "x", "new_due": "2026-07-20T09:00:00Z", "photos": ["p"]}"#,
        ),
        "resolve" => ("unit_leader@Q1", DONE),
        "check-answer" => ("coordinator", r#"{"approved": true}"#),
        "answer" | "note" => ("coordinator", r#"{"text": "x"}"#),
        "rate" => ("citizen", r#"{"score": 4}"#),
        "reopen" | "appeal" | "withdraw" => ("citizen", reason),
        "choose" => ("citizen", r#"{"public": false}"#),
        "close" => ("coordinator", "{}"),
        "move-to-successor" => ("system", "{}"),
        "erase" => ("system", r#"{"what": "everything", "legal_ground": "x"}"#),
        "tick" => ("system", r#"{"timer": ""}"#),
        other => panic!("no example of `{other}`"),
    }
}

fn attach(story: &Story, who: &Actor) -> Result<Vec<Event>, Rejection> {
    let intent = Intent { actor: who.clone(), now: story.now, occurred_at: story.now };
    decide_attach(&story.case, &intent, &photograph(1))
}

fn merge(story: &Story, into: &Story) -> Result<Vec<Event>, Rejection> {
    let intent = Intent { actor: actor("coordinator"), now: story.now, occurred_at: story.now };
    let command = Merge { into: into.case.number.clone(), reason: None };
    decide_merge(&story.case, &into.case, city(), &intent, &command).map(|(own, _)| own)
}

fn unmerge(story: &Story, from: &Story) -> Result<Vec<Event>, Rejection> {
    let intent = Intent { actor: actor("coordinator"), now: story.now, occurred_at: story.now };
    let command = Unmerge { reason: private("x") };
    decide_unmerge(&story.case, &from.case, &intent, &command).map(|(own, _)| own)
}

/// The answer of the decider two days later, when the agency has ended.
fn answer(story: &Story, word: &str) -> Result<Vec<Event>, Rejection> {
    let mut story = story.clone();
    story.now = local("07-01 09:00");
    match word {
        "merge" => return merge(&story, &other()),
        "unmerge" => return unmerge(&story, &other()),
        "attach" => return attach(&story, &actor("coordinator")),
        _ => {}
    }
    let (who, body) = example(word);
    let mut command = read(word, body);
    if let (Command::Tick(tick), Some(timer)) = (&mut command, first_timer(&story)) {
        story.now = story.now.max(timer.at);
        tick.timer = timer.name;
    }
    story.decide(&actor(who), &command)
}

fn first_timer(story: &Story) -> Option<clocks::Timer> {
    clocks::timers(&story.case).into_iter().min_by_key(|timer| timer.at)
}

fn words() -> impl Iterator<Item = &'static str> {
    Command::NAMES.iter().copied().chain(["attach", "merge", "unmerge"])
}

/// A table of short cells with a legend of what they mean.
struct Table {
    legend: BTreeMap<String, String>,
    text: String,
}

impl Table {
    fn begin(columns: &[&str]) -> Self {
        let mut text = String::new();
        for (n, column) in columns.iter().enumerate() {
            let _ = writeln!(text, "{:>3}  {column}", n + 1);
        }
        let _ = write!(text, "\n{:18}", "");
        for n in 1..=columns.len() {
            let _ = write!(text, "{n:>5}");
        }
        text.push('\n');
        Self { legend: BTreeMap::new(), text }
    }

    fn row(&mut self, name: &str, cells: Vec<Result<Vec<Event>, Rejection>>) {
        let _ = write!(self.text, "{name:18}");
        for cell in cells {
            let shown = match cell {
                Ok(events) if events.is_empty() => "same".to_owned(),
                Ok(_) => "ok".to_owned(),
                Err(refusal) => self.key(refusal.code()),
            };
            let _ = write!(self.text, "{shown:>5}");
        }
        self.text.push('\n');
    }

    /// A dot for the commonest refusals, the initials of the code for the others.
    fn key(&mut self, code: &str) -> String {
        let key = match code {
            "wrong_stage" => "·".to_owned(),
            "role_not_allowed" => "–".to_owned(),
            _ => code.split('_').filter_map(|word| word.chars().next()).collect(),
        };
        let known = self.legend.insert(key.clone(), code.to_owned());
        assert!(known.is_none_or(|known| known == code), "`{key}` stands for two refusals");
        key
    }

    fn end(mut self) -> String {
        self.text.push_str("\nok: done; same: there already, nothing is added\n");
        for (key, code) in self.legend {
            let _ = writeln!(self.text, "{key}: {code}");
        }
        self.text
    }
}

#[test]
fn stage_by_command() {
    let samples = samples();
    let columns: Vec<_> = samples.iter().map(|(name, _)| *name).collect();
    for stage in StageName::ALL {
        assert!(samples.iter().any(|(_, s)| s.stage() == *stage), "no sample of {stage:?}");
    }
    for (name, story) in &samples {
        assert!(name.starts_with(story.stage().as_str()), "{name} is {:?}", story.stage());
    }
    let mut table = Table::begin(&columns);
    for word in words() {
        let cells: Vec<_> = samples.iter().map(|(_, story)| answer(story, word)).collect();
        let works = cells.iter().any(|cell| cell.as_ref().is_ok_and(|e| !e.is_empty()));
        assert!(works, "{word}: {cells:?}");
        table.row(word, cells);
    }
    insta::assert_snapshot!("stage_by_command", table.end());
}

#[test]
fn role_by_command() {
    let samples = samples();
    let columns: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut table = Table::begin(&columns);
    for word in Command::NAMES.iter().chain(&["attach"]) {
        let possible = |story: &&Story| answer(story, word).is_ok_and(|e| !e.is_empty());
        // An agency's working case where that fits, so that its people have their say.
        let mut stories: Vec<_> = samples.iter().map(|(_, story)| story).collect();
        stories.sort_by_key(|story| story.stage() != StageName::InProgress);
        let story = stories.into_iter().find(possible).unwrap();
        let mut cells = Vec::new();
        for role in Role::ALL {
            let mut story = story.clone();
            story.now = local("07-01 09:00");
            let agency = role.belongs_to_agency().then(|| match *word {
                "finish-part" => "CTN".into(),
                _ => "Q1".into(),
            });
            let id = if *role == Role::Citizen { "party_1" } else { "somebody" };
            let who = Actor { agency, ..Actor::new(*role, id) };
            if *word == "attach" {
                cells.push(attach(&story, &who));
                continue;
            }
            let mut command = read(word, example(word).1);
            if let (Command::Tick(tick), Some(timer)) = (&mut command, first_timer(&story)) {
                story.now = story.now.max(timer.at);
                tick.timer = timer.name;
            }
            cells.push(story.decide(&who, &command));
        }
        table.row(word, cells);
    }
    insta::assert_snapshot!("role_by_command", table.end());
}
