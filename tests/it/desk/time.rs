//! Timers through the command path.

use hoiam::timers::fire_due;
use hoiam_domain::actor::Role;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::kinds::Clock;
use jiff::SignedDuration;

use crate::support::bed::number;
use crate::support::city::{City, MORNING, POTHOLE, at, of};

const FIRED: &str =
    "SELECT count(*) FROM events WHERE kind IN ('case.deadline_warned', 'case.deadline_missed')";

both! {
    async fn timers_fire_once_also_after_days_of_silence(bed: &Bed) {
        let city = City::on(bed).await;
        let case: CaseNumber = city.receive(POTHOLE).await.number.parse().unwrap();
        let case = city.case(&case).await;
        assert_eq!(fire_due(&city.desk).await.unwrap(), 0);
        city.clock.set(at(MORNING) + SignedDuration::from_hours(24 * 40));
        let (one, two) = tokio::join!(fire_due(&city.desk), fire_due(&city.desk));
        let fired = number(city.desk.log().pool(), FIRED).await;
        assert_eq!(i64::try_from(one.unwrap() + two.unwrap()).unwrap(), fired);
        let running = case.work.clocks.values().filter(|c| c.stopped.is_none()).count();
        // Every clock was warned of and missed.
        assert_eq!(fired, 2 * i64::try_from(running).unwrap());
        assert_eq!(fire_due(&city.desk).await.unwrap(), 0);
        let after = city.case(&case.number).await;
        let answer = &after.work.clocks[&Clock::Answer];
        assert!(answer.warned && answer.missed);
        // It counts as missed when it was due, not when the engine came back.
        let sql = "SELECT occurred_at FROM events WHERE kind = 'case.deadline_missed' ORDER BY version DESC LIMIT 1";
        let last = number(city.desk.log().pool(), sql).await;
        assert_eq!(last, answer.deadline.due.as_microsecond());
    }

    async fn a_pause_ends_at_its_cap_by_itself(bed: &Bed) {
        let city = City::on(bed).await;
        let case: CaseNumber = city.receive(POTHOLE).await.number.parse().unwrap();
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.give(&agency, &case, "accept", "{}").await.unwrap();
        let promised = city.case(&case).await.due(Clock::Answer).unwrap();
        city.give(&agency, &case, "ask", r#"{"question":"Hố nằm trước nhà số mấy?"}"#).await.unwrap();
        city.clock.set(at(MORNING) + SignedDuration::from_hours(24 * 12));
        assert!(fire_due(&city.desk).await.unwrap() >= 1);
        let after = city.case(&case).await;
        let answer = &after.work.clocks[&Clock::Answer];
        assert!(answer.deadline.due > promised);
        assert_eq!(answer.deadline.explanation.pauses.len(), 1);
    }

    async fn the_ledger_in_the_database_covers_every_minute(bed: &Bed) {
        let city = City::on(bed).await;
        let case: CaseNumber = city.receive(POTHOLE).await.number.parse().unwrap();
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.clock.set(at(MORNING) + SignedDuration::from_mins(30));
        city.give(&agency, &case, "return", r#"{"reason":"đường do TP quản lý"}"#).await.unwrap();
        city.clock.set(at(MORNING) + SignedDuration::from_mins(50));
        let ruling = r#"{"agency":"UBND-BTH","reason":"hẻm thuộc quận"}"#;
        let coordinator = crate::support::city::staff(Role::Coordinator);
        city.give(&coordinator, &case, "rule", ruling).await.unwrap();
        let pool = city.desk.log().pool();
        let gaps = "SELECT count(*) FROM ledger a JOIN ledger b \
                    ON b.case_id = a.case_id AND b.seq = a.seq + 1 WHERE a.to_at <> b.from_at";
        assert_eq!(number(pool, gaps).await, 0);
        let held = "SELECT CAST(sum(to_at - from_at) AS BIGINT) FROM ledger WHERE to_at IS NOT NULL";
        assert_eq!(number(pool, held).await, 50 * 60 * 1_000_000);
        assert_eq!(number(pool, "SELECT count(*) FROM ledger WHERE to_at IS NULL").await, 1);
    }
}
