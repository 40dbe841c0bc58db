//! The full command path on cases received beforehand: load, decide, project, append with the
//! inline rows, outbox and timers.
//!
//! Each caller takes a case that waits at its agency through its life: accepted, assigned,
//! made safe, reported on, asked about and answered, resolved, checked, answered, rated; then the
//! next case. Everybody does what their role may do.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hoiam::desk::{Circumstances, Desk};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::{CaseNumber, Command};
use hoiam_domain::codes::AgencyCode;
use jiff::{SignedDuration, Timestamp};

use crate::measure::Load;
use crate::receipts;

/// Commands a second nobody reaches, so that prepared cases last.
const MOST_A_SECOND: usize = 20_000;
const MOST_A_CALLER: usize = 8_000;

pub struct Lives {
    desk: Desk,
    script: Vec<(Who, Command)>,
    waiting: Mutex<Vec<(CaseNumber, AgencyCode)>>,
    received: AtomicU64,
}

/// Who gives a command.
#[derive(Clone, Copy)]
enum Who {
    Coordinator,
    Lead(Role),
    Reporter,
}

/// A case in the middle of its life.
pub struct Life {
    number: CaseNumber,
    coordinator: Actor,
    reporter: Actor,
    agency: AgencyCode,
    next: usize,
    version: u64,
}

pub fn on(desk: Desk) -> Arc<Lives> {
    let script = script(desk.now());
    Arc::new(Lives { desk, script, waiting: Mutex::default(), received: AtomicU64::new(0) })
}

fn script(now: Timestamp) -> Vec<(Who, Command)> {
    use Role::{AgencyCoordinator, Handler, UnitLeader};
    let date = now + SignedDuration::from_hours(72);
    let promised = format!(
        r#"{{"note":"Đã khảo sát, đang chờ bê tông nhựa nóng; rào chắn vẫn giữ nguyên.","committed_date":"{date}","photos":["bench/2.jpg"]}}"#
    );
    let steps = [
        (Who::Lead(AgencyCoordinator), "accept", "{}"),
        (Who::Lead(AgencyCoordinator), "assign", r#"{"handler":"bench_handler"}"#),
        (
            Who::Lead(Handler),
            "make-safe",
            r#"{"note":"Đã đặt rào chắn và đèn cảnh báo.","photos":["bench/1.jpg"]}"#,
        ),
        (Who::Lead(Handler), "note", r#"{"text":"Ổ gà sâu khoảng 15 cm, rộng 1,2 m, cần xe lu."}"#),
        (Who::Lead(Handler), "progress", promised.as_str()),
        (
            Who::Lead(AgencyCoordinator),
            "ask",
            r#"{"question":"Nhờ anh/chị cho biết hư hỏng nằm trên làn xe máy hay làn ô tô?"}"#,
        ),
        (Who::Reporter, "reply", r#"{"text":"Nằm trên làn xe máy, sát lề phải."}"#),
        (Who::Lead(Handler), "progress", r#"{"note":"Đã cào bóc, đang trải nhựa."}"#),
        (
            Who::Lead(AgencyCoordinator),
            "note",
            r#"{"text":"Đã gọi lại cho người dân, hẹn nghiệm thu sáng mai."}"#,
        ),
        (
            Who::Lead(Handler),
            "resolve",
            r#"{"outcome":"done","note":"Đã trải nhựa, kẻ lại vạch và dọn hiện trường.","photos":["bench/3.jpg"]}"#,
        ),
        (Who::Lead(UnitLeader), "check-answer", r#"{"approved":true}"#),
        (
            Who::Coordinator,
            "answer",
            r#"{"text":"Ổ gà trước nhà anh/chị đã được vá xong. Trân trọng cảm ơn anh/chị đã phản ánh."}"#,
        ),
        (Who::Reporter, "rate", r#"{"score":5,"comment":"Sửa nhanh, cảm ơn."}"#),
    ];
    steps.map(|(who, word, body)| (who, Command::read(word, body).unwrap())).into()
}

impl Lives {
    /// Has so many cases waiting at least.
    async fn stock(&self, cases: usize) {
        let missing = cases.saturating_sub(self.waiting.lock().unwrap().len());
        let mut tasks = tokio::task::JoinSet::new();
        for part in 0..64 {
            let desk = self.desk.clone();
            let count = (missing + part) / 64;
            let first = self.received.fetch_add(count as u64, Ordering::Relaxed);
            tasks.spawn(async move {
                let mut received = Vec::with_capacity(count);
                for nr in first..first + count as u64 {
                    let taken = receipts::receive(&desk, receipts::pothole(nr)).await;
                    let agency = taken.agency.expect("the rules know whose potholes are");
                    received.push((taken.number.parse().unwrap(), AgencyCode::new(agency)));
                }
                received
            });
        }
        let received = tasks.join_all().await;
        self.waiting.lock().unwrap().extend(received.into_iter().flatten());
    }

    /// The cases that wait, and those that will be prepared, in the hands of another desk.
    pub fn handed_to(&self, desk: Desk) -> Arc<Self> {
        let script = script(desk.now());
        let waiting = Mutex::new(std::mem::take(&mut *self.waiting.lock().unwrap()));
        let received = AtomicU64::new(self.received.load(Ordering::Relaxed));
        Arc::new(Self { desk, script, waiting, received })
    }

    fn take(&self) -> Life {
        let taken = self.waiting.lock().unwrap().pop();
        let (number, agency) = taken.expect("faster than anybody thought: prepare more cases");
        Life {
            number,
            coordinator: Actor::new(Role::Coordinator, "bench_coordinator"),
            reporter: Actor::new(Role::Citizen, "party_1"),
            agency,
            next: 0,
            version: 0,
        }
    }
}

impl Load for Lives {
    type Caller = Life;

    async fn prepare(&self, callers: usize, time: Duration) {
        let commands = MOST_A_SECOND.min(callers * MOST_A_CALLER) as f64 * time.as_secs_f64();
        self.stock(commands as usize / self.script.len() + 2 * callers).await;
    }

    async fn caller(&self) -> Life {
        self.take()
    }

    async fn once(&self, life: &mut Life) {
        let (who, command) = &self.script[life.next];
        let actor = match who {
            Who::Coordinator => life.coordinator.clone(),
            Who::Reporter => life.reporter.clone(),
            Who::Lead(role) => {
                Actor::of_agency(*role, format!("bench_{role}"), life.agency.clone())
            }
        };
        let plain = Circumstances::default();
        let done = self.desk.command(&actor, &life.number, command, &plain).await;
        let done = done.unwrap_or_else(|error| panic!("{}: {error}", command.name()));
        assert!(done.case.version > life.version, "{} added nothing", command.name());
        life.version = done.case.version;
        life.next += 1;
        if life.next == self.script.len() {
            *life = self.take();
        }
    }
}
