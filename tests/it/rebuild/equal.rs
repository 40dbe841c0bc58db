//! What is rebuilt is what was there.

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::demo;
use hoiam::followers;
use hoiam::queries::{ListQuery, list_cases};
use hoiam::rebuild::{Phase, rebuild, status, verify};
use hoiam_domain::actor::Actor;

use super::*;
use crate::support::bed::number;
use crate::support::city::at;

async fn found(log: &Log, words: &str) -> Vec<String> {
    let query = ListQuery { q: Some(words.to_owned()), limit: 500, ..ListQuery::default() };
    let cases = list_cases(log, &Actor::system("test"), &query).await.unwrap().rows;
    cases.into_iter().map(|case| case.number).collect()
}

both! {
    /// The demo city holds cases in every stage, with merges, corrections and timers.
    async fn a_city_is_the_same_afterwards(bed: &Bed) {
        let mut city = City::on(bed).await;
        let now = at("2026-11-21T18:00:00+07:00");
        city.clock = Arc::new(ManualClock::at(now));
        city.desk = city.desk.clone().with_clock(city.clock.clone());
        demo::load(&city.desk, &city.clock, now).await.unwrap();
        let log = city.desk.log();
        followers::catch_up(log).await.unwrap();
        let (rows, names_before) = (everything(log).await, names(log).await);
        let words = found(log, "rác").await;
        assert!(!words.is_empty());

        let verified = verify(log, &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        assert_eq!(verified.not_compared, vec![]);
        assert_eq!(verified.position, log.head().await.unwrap());
        assert!(verified.compared.len() >= TABLES.len());
        assert_eq!(names(log).await, names_before, "verifying leaves nothing behind");

        let mut phases = Vec::new();
        let done = rebuild(log, &[], options(), |progress| phases.push(progress.phase)).await.unwrap();
        assert!(done.replaced && done.resumed_from == 0);
        assert_eq!(done.difference(), None);
        phases.dedup();
        assert_eq!(phases.first(), Some(&Phase::Filling));
        assert_eq!(phases.last(), Some(&Phase::Exchanging));
        assert_eq!(everything(log).await, rows);
        assert_eq!(names(log).await, names_before);
        assert_eq!(found(log, "rác").await, words, "search works on the new tables");

        // And again with almost no memory: the rows do not depend on it.
        rebuild(log, &[], cramped(), quiet).await.unwrap();
        assert_eq!(everything(log).await, rows);
        // What comes later is found, and what is changed is found otherwise.
        let mottled = city.receive("Con đường lốm đốm hoa giấy bị ngập nặng ở quận Bình Thạnh").await;
        assert_eq!(found(log, "lốm đốm").await, [mottled.number]);
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
        assert!(status(log).await.unwrap().iter().all(|one| one.filling.is_none() && !one.outdated()));
    }

    async fn nothing_at_all_can_be_rebuilt(bed: &Bed) {
        let city = City::on(bed).await;
        let log = city.desk.log();
        let done = rebuild(log, &[], options(), quiet).await.unwrap();
        assert_eq!((done.position, done.difference()), (0, None));
        story(&city, 4).await;
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
    }

    /// Some projections only; the others' tables are not touched.
    async fn some_by_name(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 5).await;
        let log = city.desk.log();
        let before = everything(log).await;
        let done = rebuild(log, &["timers", "ledger"], options(), quiet).await.unwrap();
        assert_eq!(done.projections, ["ledger", "timers"]);
        assert_eq!(done.compared.len(), 2);
        assert_eq!(everything(log).await, before);
        let unknown = rebuild(log, &["pages"], options(), quiet).await.unwrap_err();
        assert!(unknown.to_string().contains("`pages`") && unknown.to_string().contains("ledger"));
        assert_eq!(number(log.pool(), "SELECT count(*) FROM projection_fills").await, 0);
    }
}
