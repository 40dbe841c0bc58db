//! What belongs together is there together: a password and the event that tells of it, an
//! administrator and another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hoiam::accounts::sign_in::{self, Attempt, change_password};
use hoiam::accounts::{AccountError, id_of, people};
use hoiam::log::{CrashPoint, CrashPoints, Log, LogOptions};
use hoiam::random::SystemRandom;
use hoiam_domain::accounts::Position;
use hoiam_domain::actor::Actor;

use super::*;
use crate::support::city::at;

/// Ends the node at one point, once armed.
#[derive(Debug)]
struct At(CrashPoint, AtomicBool);

impl CrashPoints for At {
    fn ends_at(&self, point: CrashPoint) -> bool {
        point == self.0 && self.1.load(Ordering::SeqCst)
    }
}

const NOW: &str = "2026-03-10T09:00:00+07:00";

fn console() -> Actor {
    Actor::new(Role::Administrator, "console")
}

async fn person(log: &Log, login: &str, role: Role) -> String {
    let position = Position { role, agency: None, focal_point: None };
    let added =
        people::add(log, &SystemRandom, &console(), login, "Lê Thị Mẫu", position, at(NOW)).await;
    added.unwrap().password
}

async fn signs_in(log: &Log, login: &str, password: &str) -> bool {
    let attempt = Attempt { login, password, code: None, device: None };
    sign_in::sign_in(log, &SystemRandom, &attempt, at(NOW)).await.is_ok()
}

both! {
    async fn a_password_and_its_event_are_there_together(bed: &Bed) {
        for (nr, point) in [CrashPoint::BeforeAppend, CrashPoint::InTransaction, CrashPoint::AfterCommit].into_iter().enumerate() {
            let (at_point, login) = (Arc::new(At(point, AtomicBool::new(false))), format!("lan{nr}"));
            let options = LogOptions { crash: Some(at_point.clone()), ..LogOptions::default() };
            let log = bed.open_with(options).await;
            let first = person(&log, &login, Role::Operator).await;
            let who = people::find(&log, &login).await.unwrap();
            at_point.1.store(true, Ordering::SeqCst);
            change_password(&log, &SystemRandom, &who, &first, CHOSEN, at(NOW)).await.unwrap_err();

            let log = bed.open().await;
            let events = log.read_stream(id_of(&login), 0, 10).await.unwrap();
            let told = events.iter().any(|event| event.kind == "account.password_changed");
            assert_eq!(told, point == CrashPoint::AfterCommit, "{point:?}");
            assert_eq!(signs_in(&log, &login, CHOSEN).await, told, "{point:?}");
            assert_eq!(signs_in(&log, &login, &first).await, !told, "{point:?}");
        }
    }

    async fn of_two_administrators_one_stays(bed: &Bed) {
        let log = bed.open().await;
        for round in 0..12 {
            let (one, other) = (format!("mot{round}"), format!("hai{round}"));
            person(&log, &one, Role::Administrator).await;
            person(&log, &other, Role::Administrator).await;
            // Those of the round before stand in nobody's way.
            if round > 0 {
                for old in [format!("mot{}", round - 1), format!("hai{}", round - 1)] {
                    people::disable(&log, &SystemRandom, &console(), &old, None, at(NOW)).await.unwrap();
                }
            }
            // Each at the same time as the other, one of them by another role.
            let (c, operator) = (console(), Position { role: Role::Operator, agency: None, focal_point: None });
            let (a, b) = tokio::join!(
                people::disable(&log, &SystemRandom, &c, &one, None, at(NOW)),
                people::change_role(&log, &SystemRandom, &c, &other, operator, at(NOW)),
            );
            assert!(a.is_ok() != b.is_ok(), "round {round}: {a:?} {b:?}");
            let refused = a.err().or(b.err()).unwrap();
            assert!(matches!(refused, AccountError::Conflict | AccountError::LastAdministrator), "{refused}");
        }
    }

    async fn a_key_keeps_to_its_rate(bed: &Bed) {
        let create = |rate: &str| bed.hoiam("token", &["create", "--role", "integration", "--rate", rate, "--json"]);
        let (code, out, error) = create("3/minute");
        assert_eq!(code, 0, "{error}");
        let (other, _, error) = create("0/minute");
        assert!(other == 2 && error.contains("1 to 6000"), "{error}");
        let made: Value = serde_json::from_str(&out).unwrap();
        let token = made["token"].as_str().unwrap();
        let server = Server::on(bed).await;
        for _ in 0..3 {
            server.get("/api/v1/cases", token).await.ok();
        }
        let late = server.get("/api/v1/cases", token).await;
        late.refused(429, "too_many_requests", None);
        assert_eq!(late.header("retry-after"), "20");
        let another = server.token(Role::Integration, None).await;
        server.get("/api/v1/cases", &another).await.ok();
        server.later(20);
        server.get("/api/v1/cases", token).await.ok();
        server.get("/api/v1/cases", token).await.refused(429, "too_many_requests", None);
        let events = server.city.desk.log().read_all(0, 10).await.unwrap();
        assert!(events[0].data().contains("\"rate\":3"), "{}", events[0].data());
        server.stop().await;
    }
}
