//! The followers' rows follow from the log, merges, corrections and endings included.

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::private::Private;

use hoiam::desk::Circumstances;

use crate::support::bed::number;
use crate::support::city::{City, POTHOLE, of, staff};

async fn parsed(city: &City) -> CaseNumber {
    city.receive(POTHOLE).await.number.parse().unwrap()
}

both! {
    async fn workload_holds_what_is_open(bed: &Bed) {
        let city = City::on(bed).await;
        let first = parsed(&city).await;
        let second = parsed(&city).await;
        let log = city.desk.log();
        catch_up(log).await.unwrap();
        let open = "SELECT count(*) FROM workload WHERE open = 1 AND agency = 'UBND-BTH'";
        assert_eq!(number(log.pool(), open).await, 2);
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.give(&agency, &first, "return", r#"{"reason":"Không thuộc"}"#).await.unwrap();
        let coordinator = staff(Role::Coordinator);
        let merge = Merge { into: first.clone(), reason: Some(Private::new("một việc".to_owned())) };
        city.desk.merge(&coordinator, &second, &merge, &Circumstances::default()).await.unwrap();
        catch_up(log).await.unwrap();
        assert_eq!(number(log.pool(), open).await, 0);
        let unmerge = Unmerge { reason: Private::new("hai việc".to_owned()) };
        let merged = "SELECT count(*) FROM duplicate_prints WHERE merged_into IS NOT NULL";
        assert_eq!(number(log.pool(), merged).await, 1);
        city.desk.unmerge(&coordinator, &second, &unmerge, &Circumstances::default()).await.unwrap();
        catch_up(log).await.unwrap();
        assert_eq!(number(log.pool(), open).await, 1);
        assert_eq!(number(log.pool(), merged).await, 0);
    }

    async fn rulings_are_kept_and_marked_when_undone(bed: &Bed) {
        let city = City::on(bed).await;
        let case = parsed(&city).await;
        let coordinator = staff(Role::Coordinator);
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        let back = r#"{"reason":"Không thuộc","proposed_agency":"UBND-Q1"}"#;
        city.give(&agency, &case, "return", back).await.unwrap();
        let rule = r#"{"agency":"UBND-Q1","reason":"Hẻm do quận quản lý"}"#;
        city.give(&coordinator, &case, "rule", rule).await.unwrap();
        let log = city.desk.log();
        catch_up(log).await.unwrap();
        let live = "SELECT count(*) FROM precedents WHERE undone = 0 AND agency = 'UBND-Q1' AND returned_by = 'UBND-BTH' AND proposed = 'UBND-Q1'";
        assert_eq!(number(log.pool(), live).await, 1);
        city.give(&coordinator, &case, "correct", r#"{"reason":"Nhầm"}"#).await.unwrap();
        catch_up(log).await.unwrap();
        assert_eq!(number(log.pool(), live).await, 0);
        let all = "SELECT count(*) FROM precedents WHERE agency = 'UBND-Q1' AND returned_by = 'UBND-BTH' AND proposed = 'UBND-Q1'";
        assert_eq!(number(log.pool(), all).await, 1);
    }
}
