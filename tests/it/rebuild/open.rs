//! The desk stays open.

use std::sync::Arc;

use hoiam::desk::{Circumstances, Desk};
use hoiam::followers::Followers;
use hoiam::random::SeededRandom;
use hoiam::rebuild::{Phase, rebuild, verify};
use hoiam_domain::actor::Role;
use hoiam_domain::case::{CaseNumber, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::*;
use crate::support::bed::number;
use crate::support::city::{citizen, feedback};

/// Receives feedback and notes something on it until told to stop, never faster than followers can
/// follow: the log would grow with the speed of the machine. How many cases.
async fn work(desk: Desk, followers: Followers, mut stop: watch::Receiver<bool>) -> i64 {
    let who = staff(Role::Coordinator);
    let note = Command::read("note", r#"{"text":"trong khi dựng lại"}"#).unwrap();
    let mut cases = 0;
    while !*stop.borrow() {
        let (received, _) =
            desk.receive(&citizen("anonymous"), feedback(POTHOLE), None).await.unwrap();
        let case: CaseNumber = received.number.parse().unwrap();
        desk.command(&who, &case, &note, &Circumstances::default()).await.unwrap();
        cases += 1;
        let head = desk.log().head().await.unwrap();
        tokio::select! {
            () = followers.wait_for(head) => {}
            _ = stop.changed() => {}
        }
    }
    cases
}

/// Some batches, some cases read again, but not after every few events.
fn small() -> RebuildOptions {
    RebuildOptions { rows: 400_000, cases: 200, ..options() }
}

both! {
    /// Two nodes append all the time; their prepared statements outlive the exchange.
    async fn appends_go_on_while_tables_are_exchanged(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 6).await;
        let (log, rules) = (bed.open().await, city.desk.rules_handle().clone());
        let other = Desk::new(log, rules, "HCM", city.clock.clone(), Arc::new(SeededRandom::new(2)));
        let (stop, stopping) = watch::channel(false);
        let log = city.desk.log();
        let followers = Followers::of(log);
        let mut workers = JoinSet::new();
        workers.spawn(work(city.desk.clone(), followers.clone(), stopping.clone()));
        workers.spawn(work(other, followers.clone(), stopping.clone()));
        // Followers work as well, and go on from where the exchange puts them.
        let followers = tokio::spawn(followers.run(stopping));
        // Three times, and until something was appended meanwhile.
        let (mut times, mut moved) = (0, false);
        while times < 3 || (!moved && times < 100) {
            times += 1;
            let mut seen = (0, 0);
            let done = rebuild(log, &[], small(), |progress| match progress.phase {
                Phase::Filling if seen.0 == 0 => seen.0 = progress.head,
                _ => seen.1 = progress.head,
            });
            let done = done.await.unwrap();
            assert_eq!(done.difference(), None);
            moved |= done.position > seen.0;
        }
        stop.send(true).unwrap();
        followers.await.unwrap();
        let cases: i64 = workers.join_all().await.into_iter().sum();
        assert!(moved, "something was appended meanwhile");
        assert_eq!(number(log.pool(), "SELECT count(*) FROM cases").await, cases + 6);
        let verified = verify(log, &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        assert_eq!(verified.not_compared, vec![]);
        assert!(verified.compared.iter().any(|table| table.projection == "facts" && table.rows > 0));
    }

    async fn only_one_rebuild_at_a_time(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 4).await;
        let other = bed.open().await;
        let (one, two) = tokio::join!(
            rebuild(city.desk.log(), &[], options(), quiet),
            rebuild(&other, &[], options(), quiet),
        );
        // The second waits a moment for its turn.
        assert!(one.unwrap().replaced && two.unwrap().replaced);
        assert_eq!(verify(&other, &[]).await.unwrap().difference(), None);
    }
}
