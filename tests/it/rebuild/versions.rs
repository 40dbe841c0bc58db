//! A new version of a projection fills beside the old.

use std::path::Path;
use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::rebuild::{keep_current, status, verify};
use tokio::sync::watch;

use super::*;
use crate::support::bed::{number, sql};

/// The statement by which a migration once cut excerpts out of the pages there were then.
fn old_cut(bed: &Bed) -> String {
    let text = if bed.is_postgres() {
        include_str!("../../../migrations/postgres/0004_slim.sql")
    } else {
        include_str!("../../../migrations/sqlite/0004_slim.sql")
    };
    let cut = text.split(';').find(|one| one.contains("UPDATE case_texts SET excerpt"));
    cut.unwrap().to_owned()
}

/// The text of a step of the migrations.
fn step(bed: &Bed, name: &str) -> String {
    let dialect = if bed.is_postgres() { "postgres" } else { "sqlite" };
    let file = format!("migrations/{dialect}/{name}.sql");
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

both! {
    /// A database from before migration 0004: its excerpts were cut by SQL, with line breaks and
    /// without the sign that something follows.
    async fn excerpts_of_an_old_database_are_filled_anew(bed: &Bed) {
        let city = City::on(bed).await;
        let text = format!("{POTHOLE}\n\n{}", "Mưa là ngập. ".repeat(20));
        city.receive(&text).await;
        let log = city.desk.log();
        let before = everything(log).await;
        let id = if bed.is_postgres() { "UUID" } else { "BLOB" };
        sql(log.pool(), &format!("CREATE TABLE case_pages (case_id {id}, page TEXT)")).await.unwrap();
        let page = serde_json::json!({ "text": text }).to_string();
        let insert = format!("INSERT INTO case_pages SELECT case_id, '{page}' FROM cases");
        sql(log.pool(), &insert).await.unwrap();
        sql(log.pool(), &old_cut(bed)).await.unwrap();
        sql(log.pool(), "DROP TABLE case_pages").await.unwrap();
        // As migration 0007 noted it.
        sql(log.pool(), "UPDATE projection_versions SET version = 1 WHERE name = 'case_texts'").await.unwrap();
        assert_ne!(everything(log).await, before, "the old excerpts are others");

        let outdated = status(log).await.unwrap().into_iter().filter(|one| one.outdated());
        assert_eq!(outdated.map(|one| one.name).collect::<Vec<_>>(), ["case_texts"]);
        let verified = verify(log, &[]).await.unwrap();
        assert_eq!(verified.difference(), None);
        assert_eq!(verified.not_compared[0].projection, "case_texts");
        assert!(verified.not_compared[0].why.contains("version 1 is served, this program has version"));
        let (_, said, _) = super::cli::run(bed, &["status"]);
        assert!(said.contains("hoiam projections rebuild case_texts"), "{said}");

        let (_stop, stopping) = watch::channel(false);
        let clock = Arc::new(ManualClock::at(city.desk.now()));
        keep_current(log.clone(), clock, stopping).await;
        assert_eq!(everything(log).await, before);
        assert_eq!(verify(log, &["case_texts"]).await.unwrap().not_compared, vec![]);
        let (_, said, _) = super::cli::run(bed, &["status"]);
        assert!(!said.contains("older version"), "{said}");
    }

    async fn timers_of_an_old_database_become_one_a_case(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 5).await;
        let log = city.desk.log();
        let before = everything(log).await;
        // As an older program kept them: those that wait, the earliest of them ours, and some done.
        let id = if bed.is_postgres() { "UUID" } else { "BLOB" };
        let own = "DROP INDEX timers_waiting; ALTER TABLE timers RENAME TO kept";
        let key = if bed.is_postgres() { "ALTER TABLE kept DROP CONSTRAINT timers_pkey" } else { "" };
        let each = format!(
            "CREATE TABLE timers (case_id {id} NOT NULL, name TEXT NOT NULL, due_at BIGINT NOT NULL, \
             waiting BIGINT NOT NULL, CONSTRAINT timers_pkey PRIMARY KEY (case_id, name))"
        );
        let rows = "INSERT INTO timers SELECT case_id, 'done', 1, 0 FROM kept \
             UNION ALL SELECT case_id, 'first', due_at, 1 FROM kept WHERE due_at IS NOT NULL \
             UNION ALL SELECT case_id, 'later', due_at + 1, 1 FROM kept WHERE due_at IS NOT NULL";
        let step = step(bed, "0021_timers");
        let versions = "UPDATE projection_versions SET version = 1 WHERE name = 'timers'";
        for text in [own, key, &each, rows, "DROP TABLE kept", versions, &step] {
            sql(log.pool(), text).await.unwrap();
        }
        assert_eq!(everything(log).await, before);
        assert_eq!(verify(log, &["timers"]).await.unwrap().not_compared, vec![]);
    }

    /// What stood between words then must not keep a database from being opened.
    async fn words_of_an_old_database_are_found(bed: &Bed) {
        let city = City::on(bed).await;
        city.receive(POTHOLE).await;
        let log = city.desk.log();
        sql(log.pool(), "UPDATE case_texts SET folded = ' o  ga '").await.unwrap();
        sql(log.pool(), &step(bed, "0024_words")).await.unwrap();
        let found = if bed.is_postgres() {
            "SELECT count(*) FROM case_texts WHERE words = 'ga o'"
        } else {
            "SELECT count(*) FROM case_words WHERE case_words MATCH 'ga AND o'"
        };
        assert_eq!(number(log.pool(), found).await, 1);
    }

    async fn outdated_rows_are_served_until_new_ones_are_in_place(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 5).await;
        let log = city.desk.log();
        let before = everything(log).await;
        assert!(status(log).await.unwrap().iter().all(|one| !one.outdated()));
        // As an older program would have left it.
        sql(log.pool(), "UPDATE projection_versions SET version = 0 WHERE name = 'cases'").await.unwrap();
        sql(log.pool(), "UPDATE cases SET returns = 9").await.unwrap();
        let cases = status(log).await.unwrap().into_iter().find(|one| one.name == "cases").unwrap();
        assert!(cases.outdated());
        let verified = verify(log, &["cases"]).await.unwrap();
        assert!(verified.compared.is_empty());
        assert!(verified.not_compared[0].why.contains("version 0 is served"));

        let (_stop, stopping) = watch::channel(false);
        let clock = Arc::new(ManualClock::at(city.desk.now()));
        keep_current(log.clone(), clock, stopping).await;
        assert_eq!(everything(log).await, before);
        let sql = "SELECT count(*) FROM projection_versions WHERE name = 'cases' AND version > 0";
        assert_eq!(number(log.pool(), sql).await, 1);
        assert!(status(log).await.unwrap().iter().all(|one| !one.outdated()));
    }
}
