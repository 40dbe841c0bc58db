//! A new version of a projection fills beside the old.

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::rebuild::{keep_current, status, verify};
use tokio::sync::watch;

use super::*;
use crate::support::bed::{number, sql};

both! {
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
