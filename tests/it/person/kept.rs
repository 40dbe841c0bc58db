//! Retention: previewed, then erased when the rules say so, and not before.

use hoiam::retention::{finish, preview, run};
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::support::bed::sql;
use crate::support::city::staff;

fn months(of: Timestamp, days: i64) -> Timestamp {
    of + SignedDuration::from_hours(24 * days)
}

both! {
    async fn what_is_kept_long_enough_goes_contact_first(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, done) = receive(&city, of_planted(TEXT)).await;
        let (_, open) = receive(&city, of_planted("Nước ngập ở đường Lê Lợi, quận 1")).await;
        let reason = r#"{"reason": "đã tự khắc phục"}"#;
        let reporter = Actor::new(Role::Citizen, "party_1");
        city.give(&reporter, &done, "withdraw", reason).await.unwrap();
        let finished = city.desk.now();
        let due = |at| {
            let desk = &city.desk;
            async move {
                let due = preview(desk, at).await.unwrap();
                let cases = |rule: &str| -> u64 {
                    due.iter().filter(|due| due.rule == rule).map(|due| due.cases).sum()
                };
                (cases("contact-2y"), cases("text-5y"))
            }
        };
        assert_eq!(due(months(finished, 729)).await, (0, 0));
        assert_eq!(due(months(finished, 732)).await, (1, 0));
        assert_eq!(due(months(finished, 1_830)).await, (1, 1));
        assert_eq!(run(&city.desk).await.unwrap(), 0);

        city.clock.set(months(finished, 732));
        assert_eq!(run(&city.desk).await.unwrap(), 1);
        let case = city.case(&done).await;
        assert!(case.parties[0].contact.name.as_ref().unwrap().is_erased());
        assert_eq!(case.text.reveal(), TEXT);
        assert!(case.erased.as_ref().unwrap().legal_ground.ends_with("(contact-2y)"));
        assert_eq!(run(&city.desk).await.unwrap(), 0);
        check(bed, &city).await;

        city.clock.set(months(finished, 1_830));
        assert_eq!(run(&city.desk).await.unwrap(), 1);
        assert!(city.case(&done).await.text.is_erased());
        assert!(!city.case(&open).await.text.is_erased(), "what is not finished is kept");
        assert_eq!(run(&city.desk).await.unwrap(), 0);
        assert_eq!(due(months(finished, 1_830)).await, (0, 0));
        // Broken off before what had been made of the words was gone: finished at the next start.
        assert_eq!(finish(&city.desk).await.unwrap(), 0);
        let pool = city.desk.log().pool();
        let left = "INSERT INTO duplicate_prints (case_id, words, places) \
                    SELECT case_id, 'x', '' FROM cases WHERE erased = 'everything'";
        assert_eq!(sql(pool, left).await.unwrap(), 1);
        assert_eq!(finish(&city.desk).await.unwrap(), 1);
        check(bed, &city).await;
        let _ = staff(Role::Operator);
        city.desk.log().close().await;
    }
}
