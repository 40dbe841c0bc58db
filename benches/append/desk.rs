//! The full command path: load, decide, project, append with the inline rows, outbox and timers.
//!
//! [`Lives`] models a desk at work: each caller receives a feedback (classified, routed, numbered)
//! and then gives nineteen commands on it. [`Intake`] receives feedback only.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use hoiam::clock::SystemClock;
use hoiam::desk::{Circumstances, Desk, Feedback, Reporter};
use hoiam::log::{Database, Log, LogOptions};
use hoiam::random::SystemRandom;
use hoiam::rules::{Rules, Source};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::{CaseNumber, Command};
use hoiam_domain::kinds::Channel;
use sqlx::Connection;

use crate::measure::Load;

/// Commands in one life, the receipt among them.
const LIFE: u64 = 20;

pub struct Lives {
    desk: Desk,
    numbers: Mutex<HashMap<(u64, usize), CaseNumber>>,
}

pub struct Intake(Desk);

pub async fn sqlite(path: &Path) -> Desk {
    desk(Database::Sqlite(path.to_owned())).await
}

/// In a new database of the cluster.
pub async fn postgres(base: &str) -> Desk {
    let mut admin = sqlx::PgConnection::connect(base).await.unwrap();
    sqlx::raw_sql("CREATE DATABASE hoiam_desk").execute(&mut admin).await.unwrap();
    desk(Database::Postgres(base.replacen("/postgres?", "/hoiam_desk?", 1))).await
}

async fn desk(database: Database) -> Desk {
    let log = Log::open(&database, LogOptions::default()).await.unwrap();
    let rules = Rules::open(Source::choose(None)).unwrap();
    Desk::new(log, rules, "HCM", Arc::new(SystemClock), Arc::new(SystemRandom))
}

pub fn lives(desk: Desk) -> Arc<Lives> {
    Arc::new(Lives { desk, numbers: Mutex::default() })
}

pub fn intake(desk: Desk) -> Arc<Intake> {
    Arc::new(Intake(desk))
}

async fn receive(desk: &Desk, caller: usize, nr: u64) -> CaseNumber {
    let feedback = Feedback {
        channel: Channel::App,
        kind: None,
        category: None,
        attributes: BTreeMap::new(),
        text: format!(
            "Trước số nhà {nr} hẻm {caller} Bùi Đình Túy, phường 12, quận Bình Thạnh có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị sửa chữa sớm."
        ),
        point: Some((10.81, 106.70)),
        address: Some(format!("{nr} hẻm {caller} Bùi Đình Túy, P.12, Q.Bình Thạnh")),
        reporter: Reporter {
            name: Some("Trần Thị Thử".to_owned()),
            phone: Some("0900 000 001".to_owned()),
            ..Reporter::default()
        },
        public: true,
        occurred_at: None,
    };
    let citizen = Actor::new(Role::Citizen, "anonymous");
    desk.receive(&citizen, feedback, None).await.unwrap().0.number.parse().unwrap()
}

impl Load for Intake {
    async fn once(&self, _round: u64, caller: usize, nr: u64) {
        receive(&self.0, caller, nr).await;
    }
}

impl Load for Lives {
    async fn once(&self, round: u64, caller: usize, nr: u64) {
        let key = (round, caller);
        let known = self.numbers.lock().unwrap().get(&key).cloned();
        match known.filter(|_| !nr.is_multiple_of(LIFE)) {
            None => {
                let number = receive(&self.desk, caller, nr).await;
                self.numbers.lock().unwrap().insert(key, number);
            }
            Some(number) => {
                let body =
                    format!(r#"{{"text":"Đã gọi lại cho người dân lần {nr}, hẹn kiểm tra."}}"#);
                let command = Command::read("note", &body).unwrap();
                let actor = Actor::new(Role::Coordinator, "bench");
                let plain = Circumstances::default();
                self.desk.command(&actor, &number, &command, &plain).await.unwrap();
            }
        }
    }
}
