//! Receiving feedback.

use hoiam::desk::{DeskError, IdempotencyKey};
use hoiam::tracking::TrackingCode;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::stage::StageName;

use crate::support::bed::number;
use crate::support::city::{City, POTHOLE, citizen, feedback};

fn key(of: &str, request: u8) -> Option<IdempotencyKey> {
    Some(IdempotencyKey { scope: "test".into(), key: of.into(), request_hash: [request; 32] })
}

both! {
    async fn a_feedback_becomes_a_routed_case_with_clocks(bed: &Bed) {
        let city = City::on(bed).await;
        let received = city.receive(POTHOLE).await;
        assert_eq!(received.status, StageName::Dispatched.as_str());
        assert_eq!(received.category.as_deref(), Some("GT01"));
        assert_eq!(received.agency.as_deref(), Some("UBND-BTH"));
        assert!(received.deadlines.iter().all(|d| !d.explanation.vi.is_empty()));
        let number: CaseNumber = received.number.parse().unwrap();
        let case = city.case(&number).await;
        assert_eq!(case.text.reveal(), POTHOLE);
        let code = TrackingCode::read(&received.tracking_code).unwrap();
        assert_eq!(case.parties[0].tracking_hash, code.hash());
    }

    async fn numbers_have_no_gaps_even_with_many_at_once_and_some_refused(bed: &Bed) {
        let city = City::on(bed).await;
        let mut tasks = tokio::task::JoinSet::new();
        for nth in 0..40 {
            let desk = city.desk.clone();
            tasks.spawn(async move {
                let text = if nth % 4 == 0 { String::new() } else { format!("{POTHOLE} {nth}") };
                desk.receive(&citizen("anonymous"), feedback(&text), None).await
            });
        }
        let mut serials = Vec::new();
        while let Some(done) = tasks.join_next().await {
            if let Ok((received, _)) = done.unwrap() {
                serials.push(received.number.parse::<CaseNumber>().unwrap().serial());
            }
        }
        serials.sort_unstable();
        assert_eq!(serials, (1..=30).collect::<Vec<u64>>());
    }

    async fn the_same_request_is_received_once_and_told_the_same(bed: &Bed) {
        let city = City::on(bed).await;
        let actor = citizen("anonymous");
        let (first, replayed) =
            city.desk.receive(&actor, feedback(POTHOLE), key("k", 1)).await.unwrap();
        assert!(!replayed);
        let (again, replayed) =
            city.desk.receive(&actor, feedback(POTHOLE), key("k", 1)).await.unwrap();
        assert!(replayed);
        assert_eq!(first, again);
        let other = city.desk.receive(&actor, feedback("khác"), key("k", 2)).await;
        assert!(matches!(other, Err(DeskError::KeyReused)));
        let cases = number(city.desk.log().pool(), "SELECT count(*) FROM cases").await;
        assert_eq!(cases, 1);
    }

    async fn nothing_bad_is_received(bed: &Bed) {
        let city = City::on(bed).await;
        let actor = citizen("anonymous");
        let long = "a".repeat(1 << 20);
        for text in ["", "  \n", "ổ gà\u{0}", long.as_str()] {
            let refused = city.desk.receive(&actor, feedback(text), None).await;
            assert!(matches!(refused, Err(DeskError::Rejected(_))), "{refused:?}");
        }
        let mut far = feedback(POTHOLE);
        far.point = Some((21.03, 105.85));
        let refused = city.desk.receive(&actor, far, None).await;
        assert!(matches!(refused, Err(DeskError::OutsideCity { .. })), "{refused:?}");
        assert_eq!(city.desk.log().head().await.unwrap(), 0);
    }

    async fn an_emergency_is_handed_off_and_never_queued(bed: &Bed) {
        let city = City::on(bed).await;
        let received =
            city.receive("Cháy nhà trong hẻm 12 Nguyễn Trãi quận 5, lửa đang lan, có người mắc kẹt").await;
        assert_eq!(received.handed_off, vec!["114"]);
        assert_eq!(received.kind, "emergency");
        assert!(received.status == "handed_off" || received.status == "dispatched");
    }
}
