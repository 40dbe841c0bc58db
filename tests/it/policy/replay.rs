//! A changed rule set over past cases.

use std::sync::Arc;

use hoiam::desk::Desk;
use hoiam::replay::{Asked, Replayed, replay};
use hoiam_domain::actor::Role;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::routing::RuleSet;
use jiff::{SignedDuration, Timestamp};

use super::{alleys_to_the_city, node};
use crate::support::city::{City, MORNING, POTHOLE, at, citizen, feedback, of, staff};

async fn over(desk: &Desk, changed: &Arc<RuleSet>, since: &str, limit: usize) -> Replayed {
    let asked = Asked { since: at(since), until: Timestamp::MAX, limit };
    replay(desk, changed.clone(), &asked).await.unwrap()
}

async fn pothole(city: &City) -> CaseNumber {
    city.receive(POTHOLE).await.number.parse().unwrap()
}

both! {
    async fn a_change_is_seen_before_it_goes_live(bed: &Bed) {
        let city = node(bed).await;
        let changed = Arc::new(RuleSet::load(&alleys_to_the_city()).unwrap());
        let (agency, coordinator) = (of(Role::AgencyCoordinator, "UBND-BTH"), staff(Role::Coordinator));
        // One is returned and ruled to where the changed set sends it; one is accepted; one sealed, which is
        // left out;
        // one on a street, which does not change.
        let returned = pothole(&city).await;
        let accepted = pothole(&city).await;
        city.receive("Tôi tố cáo cán bộ phường nhận hối lộ khi cấp phép xây dựng tại quận Bình Thạnh").await;
        city.receive("Đường Phan Văn Trị, quận Bình Thạnh có ổ gà sâu").await;
        city.clock.set(at(MORNING) + SignedDuration::from_mins(5));
        city.give(&agency, &returned, "return", r#"{"reason":"đường do TP quản lý"}"#).await.unwrap();
        city.give(&agency, &accepted, "accept", "{}").await.unwrap();
        let ruling = r#"{"agency":"TTHTGT","reason":"TP quản lý"}"#;
        city.give(&coordinator, &returned, "rule", ruling).await.unwrap();
        // What an operator was told is not in the events; the old set finds it out.
        let mut told = feedback("Hẻm trước nhà có ổ gà sâu, xe té hoài");
        told.attributes.insert("district".to_owned(), "BTH".to_owned());
        city.desk.receive(&citizen("anonymous"), told, None).await.unwrap();

        let head = city.desk.log().head().await.unwrap();
        let seen = over(&city.desk, &changed, "2026-03-01T00:00:00Z", 2).await;
        let sums = &seen.sums;
        assert_eq!((sums.compared, sums.unknown, sums.assumed, sums.imported), (4, 0, 0, 0), "{seen:?}");
        assert_eq!((sums.moved, sums.reread), (3, 0), "{seen:?}");
        let pair = ("UBND-BTH".to_owned(), "TTHTGT".to_owned());
        assert_eq!(sums.agencies.get(&pair), Some(&3));
        assert_eq!((sums.agency_corrections.people, sums.agency_corrections.new), (1, 1));
        assert_eq!((sums.returns.returned, sums.returns.avoided), (1, 1));
        assert_eq!((sums.accepted.accepted, sums.accepted.lost), (1, 1));
        assert_eq!(seen.cases.len(), 2, "the list has an end, the counts do not");
        // Received in the same moment, in whatever order.
        let mut named: Vec<_> = seen.cases.iter().map(|case| case.number.to_string()).collect();
        named.sort();
        assert_eq!(named, [returned.to_string(), accepted.to_string()]);
        assert_eq!(seen.cases[0].to, "TTHTGT");
        assert_eq!(seen.cases[0].new_rule.as_deref(), Some("road-class.alley"));
        assert_eq!(seen.rule_set, changed.hash);
        assert_eq!(city.desk.log().head().await.unwrap(), head, "nothing is written");

        // Under the rules that decided, nothing moves; before the first case, nothing is compared.
        let same = over(&city.desk, &city.desk.rules(), "2026-03-01T00:00:00Z", 9).await;
        assert_eq!((same.sums.compared, same.sums.moved), (4, 0));
        let none = over(&city.desk, &changed, "2026-04-01T00:00:00Z", 9).await;
        assert_eq!((none.sums.compared, none.cases.len()), (0, 0));
        let json = serde_json::to_string(&seen).unwrap();
        assert!(!json.contains("Bùi Đình Túy") && !json.contains("0900"), "{json}");
        city.desk.log().close().await;
    }
}
