//! Commands on a case: conflicts, repetition, merges.

use hoiam::desk::{Circumstances, DeskError, IdempotencyKey};
use hoiam_domain::actor::Role;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::case::stage::StageName;
use hoiam_domain::case::{CaseNumber, Command};
use hoiam_domain::private::Private;

use crate::support::bed::number;
use crate::support::city::{City, POTHOLE, of, staff};

async fn received(city: &City) -> CaseNumber {
    city.receive(POTHOLE).await.number.parse().unwrap()
}

both! {
    async fn a_stale_version_is_refused_and_changes_nothing(bed: &Bed) {
        let city = City::on(bed).await;
        let case = received(&city).await;
        let version = city.case(&case).await.version;
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        let accept = Command::read("accept", "{}").unwrap();
        let stale = Circumstances { expected: Some(version - 1), ..Default::default() };
        let refused = city.desk.command(&agency, &case, &accept, &stale).await;
        assert!(matches!(refused, Err(DeskError::Stale { actual }) if actual == version));
        let right = Circumstances { expected: Some(version), ..Default::default() };
        let done = city.desk.command(&agency, &case, &accept, &right).await.unwrap();
        assert_eq!(done.case.version, version + 1);
    }

    async fn many_notes_at_once_are_all_kept(bed: &Bed) {
        let city = City::on(bed).await;
        let case = received(&city).await;
        let before = city.case(&case).await.version;
        let mut tasks = tokio::task::JoinSet::new();
        for nth in 0..12 {
            let (desk, case) = (city.desk.clone(), case.clone());
            tasks.spawn(async move {
                let note = Command::read("note", &format!(r#"{{"text":"ghi chú {nth}"}}"#)).unwrap();
                let who = staff(Role::Coordinator);
                desk.command(&who, &case, &note, &Circumstances::default()).await.unwrap();
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        assert_eq!(city.case(&case).await.version, before + 12);
    }

    async fn a_command_repeated_under_its_key_adds_nothing(bed: &Bed) {
        let city = City::on(bed).await;
        let case = received(&city).await;
        let who = staff(Role::Coordinator);
        let note = Command::read("note", r#"{"text":"một lần"}"#).unwrap();
        let key = IdempotencyKey { scope: who.id.clone(), key: "k".into(), request_hash: [1; 32] };
        let once = Circumstances { idempotency: Some(key.clone()), ..Default::default() };
        let first = city.desk.command(&who, &case, &note, &once).await.unwrap();
        city.give(&who, &case, "note", r#"{"text":"ở giữa"}"#).await.unwrap();
        let again = city.desk.command(&who, &case, &note, &once).await.unwrap();
        assert!(again.replayed && !first.replayed);
        assert_eq!(again.case.version, first.case.version + 1);
        let other = IdempotencyKey { request_hash: [2; 32], ..key };
        let other = Circumstances { idempotency: Some(other), ..Default::default() };
        let refused = city.desk.command(&who, &case, &note, &other).await;
        assert!(matches!(refused, Err(DeskError::KeyReused)));
    }

    async fn a_merge_changes_both_and_undoes_on_both(bed: &Bed) {
        let city = City::on(bed).await;
        let (one, two) = (received(&city).await, received(&city).await);
        let before = city.case(&two).await;
        let who = staff(Role::Coordinator);
        let merge = Merge { into: one.clone(), reason: None };
        city.desk.merge(&who, &two, &merge, &Circumstances::default()).await.unwrap();
        assert_eq!(city.case(&two).await.work.stage.name(), StageName::Merged);
        assert_eq!(city.case(&one).await.parties.len(), 2);
        let waiting = "SELECT count(*) FROM timers t JOIN cases c ON c.case_id = t.case_id \
                       WHERE t.due_at IS NOT NULL AND c.status = 'merged'";
        assert_eq!(number(city.desk.log().pool(), waiting).await, 0);
        let undo = Unmerge { reason: Private::new("hai hố khác nhau".into()) };
        city.desk.unmerge(&who, &two, &undo, &Circumstances::default()).await.unwrap();
        let after = city.case(&two).await;
        assert_eq!(after.work, before.work);
        assert_eq!(city.case(&one).await.parties.len(), 1);
    }

    async fn to_a_stranger_a_case_does_not_exist(bed: &Bed) {
        let city = City::on(bed).await;
        let case = received(&city).await;
        let stranger = of(Role::AgencyCoordinator, "UBND-Q1");
        let refused = city.give(&stranger, &case, "accept", "{}").await;
        assert!(matches!(refused, Err(DeskError::NotFound)), "{refused:?}");
        let operator = staff(Role::Operator);
        let refused = city.give(&operator, &case, "accept", "{}").await;
        assert!(matches!(refused, Err(DeskError::Rejected(_))), "{refused:?}");
    }
}
