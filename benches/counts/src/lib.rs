//! A pothole's life under the city's own rules, made without a desk or database: what
//! `benches/counts.rs` counts instructions on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a program for developers: a failure is a bug and stops it"
)]

use std::fs;
use std::path::{Path, PathBuf};

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::command::{Found, Receive, Routed};
use hoiam_domain::case::party::{Contact, Location, Party};
use hoiam_domain::case::{Case, CaseNumber, Command, Event, Intent, Meta, decide, evolve};
use hoiam_domain::kinds::{Channel, Kind, Priority};
use hoiam_domain::private::Private;
use hoiam_domain::routing::RuleSet;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// What the citizen writes.
pub const TEXT: &str = "Trước số nhà 12 hẻm 47 Bùi Đình Túy, phường 12, quận Bình Thạnh có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị sửa chữa sớm.";
/// Whose streets they are.
const AGENCY: &str = "UBND-BTH";

/// What is done with the case after its receipt.
const SCRIPT: &[(Role, &str, &str)] = &[
    (Role::AgencyCoordinator, "accept", "{}"),
    (Role::AgencyCoordinator, "assign", r#"{"handler":"bench_handler"}"#),
    (Role::Handler, "make-safe", r#"{"note":"Đã đặt rào chắn.","photos":["bench/1.jpg"]}"#),
    (Role::Handler, "note", r#"{"text":"Ổ gà sâu khoảng 15 cm."}"#),
    (Role::Handler, "progress", r#"{"note":"Đã khảo sát, chờ bê tông nhựa nóng."}"#),
    (Role::AgencyCoordinator, "ask", r#"{"question":"Hư hỏng nằm trên làn xe máy hay ô tô?"}"#),
    (Role::Citizen, "reply", r#"{"text":"Làn xe máy, sát lề phải."}"#),
    (Role::Handler, "progress", r#"{"note":"Đã cào bóc, đang trải nhựa."}"#),
    (
        Role::Handler,
        "resolve",
        r#"{"outcome":"done","note":"Đã trải nhựa.","photos":["bench/2.jpg"]}"#,
    ),
    (Role::UnitLeader, "check-answer", r#"{"approved":true}"#),
    (Role::Coordinator, "answer", r#"{"text":"Ổ gà đã được vá xong. Trân trọng cảm ơn."}"#),
    (Role::Citizen, "rate", r#"{"score":5,"comment":"Sửa nhanh, cảm ơn."}"#),
];

/// The city's rules and one whole life.
pub struct City {
    /// The rule set the project ships.
    pub rules: RuleSet,
    /// The receipt as it is decided on.
    pub receive: Receive,
    /// Who sends it, and when.
    pub sender: Intent,
    /// Everything that happened, in order.
    pub life: Vec<(Event, Meta)>,
    /// Each step: the case before it, the command, by whom and when.
    pub steps: Vec<(Case, Command, Intent)>,
}

/// A Monday morning.
pub fn monday() -> Timestamp {
    "2026-03-02T08:00:00+07:00".parse().unwrap()
}

impl City {
    /// Reads the rules and lives the life; kept until the program ends, so that nothing of it is
    /// counted when it goes.
    pub fn live() -> &'static Self {
        let rules = RuleSet::load(&rules()).expect("the project's rules are right");
        let receive = receive();
        let at = monday();
        let intent = |actor: Actor, at| Intent { actor, now: at, occurred_at: at };
        let by = intent(Actor::new(Role::Citizen, "anonymous"), at);
        let events = decide::receive(&rules, &by, &receive).expect("it is received");
        let (mut life, mut case) = (Vec::new(), None);
        happen(&mut life, &mut case, events, &by);
        let mut steps = Vec::new();
        for (nr, (role, word, body)) in (1..).zip(SCRIPT) {
            let before = case.clone().expect("a receipt makes a case");
            let by = intent(actor(*role), at + SignedDuration::from_mins(nr * 20));
            let command = Command::read(word, body).expect("it reads");
            let events = hoiam_domain::case::decide(&before, &rules, &by, &command);
            let events = events.unwrap_or_else(|no| panic!("{word}: {no}"));
            happen(&mut life, &mut case, events, &by);
            steps.push((before, command, by));
        }
        Box::leak(Box::new(Self { rules, receive, sender: by, life, steps }))
    }

    /// The step of a command.
    pub fn step(&self, word: &str) -> &(Case, Command, Intent) {
        self.steps.iter().find(|(_, command, _)| command.name() == word).expect("a step of it")
    }
}

fn happen(life: &mut Vec<(Event, Meta)>, case: &mut Option<Case>, events: Vec<Event>, by: &Intent) {
    for event in events {
        let meta = Meta {
            stream: Uuid::from_u128(7),
            version: life.len() as u64 + 1,
            occurred_at: by.occurred_at,
            actor: by.actor.clone(),
        };
        *case = evolve(case.take(), &event, &meta);
        life.push((event, meta));
    }
}

fn actor(role: Role) -> Actor {
    match role {
        Role::Citizen => Actor::new(role, "party_1"),
        role if role.belongs_to_agency() => {
            Actor::of_agency(role, format!("bench_{role}"), AGENCY.into())
        }
        role => Actor::new(role, "bench_desk"),
    }
}

fn receive() -> Receive {
    Receive {
        number: CaseNumber::new("HCM", 2026, 123).unwrap(),
        channel: Channel::App,
        text: Private::new(TEXT.to_owned()),
        location: Some(Location {
            lat: Some(10.81),
            lon: Some(106.70),
            address: Some(Private::new("12 hẻm 47 Bùi Đình Túy, P.12, Q.Bình Thạnh".to_owned())),
            address_mark: Some("0".repeat(32)),
        }),
        reporter: Party {
            id: "party_1".to_owned(),
            contact: Contact {
                name: Some(Private::new("Trần Thị Thử".to_owned())),
                phone: Some(Private::new("0900 000 001".to_owned())),
                email: None,
            },
            anonymous: false,
            channel: Channel::App,
            tracking_hash: "00".to_owned(),
        },
        public: true,
        source: None,
        routed: Routed {
            found: Found {
                kind: Kind::Incident,
                sector: Some("GT".into()),
                category: Some("GT01".into()),
                priority: Some(Priority::P3),
                urgent: false,
                confidential: false,
                district: None,
                ward: None,
                place_source: None,
                confidence: Some(910),
                because: Private::new(vec!["ổ gà".to_owned()]),
                rule: Some("road".to_owned()),
                rule_set: "rules".to_owned(),
            },
            handoff: None,
            agency: Some(AGENCY.into()),
            focal_point: None,
            unclear: false,
        },
    }
}

/// The project's rule files: (path below the directory, text).
fn rules() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../routing-rules");
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
