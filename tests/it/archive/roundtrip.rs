//! The same log on the other database, and back.

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::demo;
use hoiam::policy::{BlobKind, blob, store_blob};
use hoiam::rebuild::verify;
use hoiam_projections::TABLES;
use hoiam_projections::table::{Column, Table, Type};
use sqlx::AssertSqlSafe;

use super::*;

/// A row as text, the same on both databases.
fn row_as_text(table: &Table, postgres: bool) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|Column(name, kind)| match (kind, postgres) {
            (Type::Uuid, true) => format!("coalesce(replace(\"{name}\"::text, '-', ''), '-')"),
            (Type::Uuid, false) => format!("coalesce(lower(nullif(hex(\"{name}\"), '')), '-')"),
            _ => format!("coalesce(CAST(\"{name}\" AS TEXT), '-')"),
        })
        .collect();
    format!("SELECT {} AS line FROM {}", columns.join(" || '|' || "), table.name)
}

/// Every row of every inline projection, in one order.
async fn rows(log: &Log, postgres: bool) -> Vec<String> {
    let mut all = Vec::new();
    for table in TABLES {
        let sql = AssertSqlSafe(row_as_text(table, postgres));
        let lines: Vec<String> =
            hoiam::on_pool!(log.pool(), db => sqlx::query_scalar(sql).fetch_all(db).await.unwrap());
        all.extend(lines.into_iter().map(|line| format!("{}: {line}", table.name)));
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_city_comes_back_byte_for_byte() {
    let (first, second, third) = (Bed::sqlite(), Bed::postgres().await, Bed::sqlite());
    let mut city = City::on(&first).await;
    let now = at("2026-11-21T18:00:00+07:00");
    city.clock = Arc::new(ManualClock::at(now));
    city.desk = city.desk.clone().with_clock(city.clock.clone());
    demo::load(&city.desk, &city.clock, now).await.unwrap();
    let log = city.desk.log().clone();
    let hash = store_blob(log.pool(), BlobKind::RuleSet, "luật".as_bytes(), now).await.unwrap();
    let (text, wanted) = (whole(&log).await, rows(&log, false).await);
    log.close().await;

    for bed in [&second, &third] {
        let done = imported(&bed.database, &text).await.unwrap();
        assert!(done.events > 500 && done.cases > 100 && done.resumed_from == 0, "{done:?}");
        let city = City::on(bed).await;
        let log = city.desk.log();
        assert!(whole(log).await == text, "the log is another");
        let found = rows(log, bed.is_postgres()).await;
        let different = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found);
        assert_eq!((different, wanted.len()), (None, found.len()));
        let verified = verify(log, &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        assert_eq!(blob(log.pool(), &hash).await.unwrap().as_deref(), Some("luật".as_bytes()));
        log.close().await;
    }
    for bed in [first, second, third] {
        bed.remove().await;
    }
}

both! {
    async fn the_desk_goes_on_where_the_log_ends(bed: &Bed) {
        let other = Bed::sqlite();
        let city = small_city(&other).await;
        let text = whole(city.desk.log()).await;
        city.desk.log().close().await;
        imported(&bed.database, &text).await.unwrap();
        let city = City::on(bed).await;
        // Every test city draws the same ids; those of the other one are taken.
        for _ in 0..1_000 {
            city.desk.random().draw();
        }
        let next = city.receive(POTHOLE).await;
        assert!(next.number.starts_with("HCM-26-000004-"), "{}", next.number);
        let next: hoiam_domain::case::CaseNumber = next.number.parse().unwrap();
        assert_eq!(city.case(&next).await.number, next);
        let log = city.desk.log();
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
        let again = whole(log).await;
        let line = |text: &str, nr: usize| text.lines().nth(nr).unwrap().to_owned();
        assert_eq!(line(&again, 1), line(&text, 1));
        log.close().await;
        other.remove().await;
    }

    async fn a_log_without_events_is_an_empty_log(bed: &Bed) {
        let log = bed.open().await;
        let text = whole(&log).await;
        log.close().await;
        let other = Bed::sqlite();
        assert_eq!(imported(&other.database, &text).await.unwrap().events, 0);
        assert_eq!(head(&other).await, 0);
        other.remove().await;
    }
}
