//! A row changed behind the engine's back.

use hoiam::rebuild::{rebuild, verify};

use super::*;
use crate::support::bed::sql;

both! {
    async fn a_changed_row_is_named_and_healed(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 6).await;
        let log = city.desk.log();
        let before = everything(log).await;
        let second = "(SELECT case_id FROM cases ORDER BY number LIMIT 1 OFFSET 1)";
        sql(log.pool(), &format!("UPDATE cases SET returns = 7 WHERE case_id = {second}")).await.unwrap();
        let verified = verify(log, &[]).await.unwrap();
        let found = verified.difference().unwrap();
        assert_eq!((found.projection, found.table, found.different), ("cases", "cases", 1));
        let first = found.first.clone().unwrap();
        let id: Uuid = first.key[0].parse().unwrap();
        assert_eq!(city.desk.case(id).await.unwrap().number.to_string()[..13].to_owned(), "HCM-26-000002");
        assert_eq!((first.column, &*first.stored, &*first.recomputed), (Some("returns"), "7", "0"));
        let others = verified.compared.iter().filter(|table| table.different > 0).count();
        assert_eq!(others, 1);

        let healed = rebuild(log, &["cases"], options(), quiet).await.unwrap();
        assert_eq!(healed.difference(), Some(found), "what was wrong is said");
        assert_eq!(everything(log).await, before);
        assert_eq!(verify(log, &[]).await.unwrap().difference(), None);
    }

    /// A row that is missing and one that is too many; and no word of anybody in what is said.
    async fn lost_and_added_rows_are_named(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 4).await;
        let log = city.desk.log();
        let before = everything(log).await;
        sql(log.pool(), "DELETE FROM ledger WHERE seq = 1").await.unwrap();
        let lost = verify(log, &["ledger"]).await.unwrap();
        let first = lost.difference().unwrap().first.clone().unwrap();
        assert_eq!((first.column, &*first.stored, &*first.recomputed), (None, "no row", "a row"));
        sql(log.pool(), "INSERT INTO outbox (case_id, version, recipient, notice, created_at, waiting) \
            SELECT case_id, 1, 'made up', 'made up', 1, 1 FROM cases").await.unwrap();
        let added = verify(log, &["outbox"]).await.unwrap();
        let found = added.difference().unwrap();
        assert_eq!(found.different, 4);
        assert_eq!(found.first.clone().unwrap().recomputed, "no row");
        sql(log.pool(), "UPDATE case_texts SET folded = 'nguyen van a'").await.unwrap();
        let text = verify(log, &["case_texts"]).await.unwrap();
        let first = text.compared.iter().find_map(|table| table.first.clone()).unwrap();
        assert_eq!(first.column, Some("folded"));
        assert!(first.stored.starts_with("12 characters, sha256 "), "{}", first.stored);
        assert!(!serde_json::to_string(&text).unwrap().contains("nguyen"));

        let only_checked = rebuild(log, &[], RebuildOptions { check: true, ..options() }, quiet).await.unwrap();
        assert!(!only_checked.replaced && only_checked.difference().is_some());
        assert_ne!(everything(log).await, before);
        rebuild(log, &[], options(), quiet).await.unwrap();
        assert_eq!(everything(log).await, before);
    }
}
