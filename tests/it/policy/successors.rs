//! Agencies end; their open cases go to whoever took over.

use std::collections::BTreeMap;

use hoiam::policy::activation::Files;
use hoiam::successors::mover::{Sweep, move_all};
use hoiam::successors::preview::preview;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::stage::StageName;

use super::{changed, node, puts_into_force};
use crate::support::bed::number;
use crate::support::city::{City, POTHOLE, at, of};

/// Bình Thạnh ended in June 2025 in the directory; now the directory says who took over.
fn with_successor(automatic: bool) -> Files {
    let mut files = changed(
        "agencies/ubnd-bth.toml",
        "valid_to = 2025-06-30\n",
        "valid_to = 2026-03-31\nsuccessor = \"UBND-GVA\"\n",
    );
    let gva = files.iter_mut().find(|(path, _)| path == "agencies/ubnd-gva.toml").unwrap();
    gva.1 = gva.1.replace("valid_to = 2025-06-30\n", "");
    if automatic {
        let routing = files.iter_mut().find(|(path, _)| path == "routing.toml").unwrap();
        routing.1 = routing
            .1
            .replace("move_to_successors = \"by_hand\"", "move_to_successors = \"automatic\"");
    }
    files
}

async fn pothole(city: &City) -> CaseNumber {
    let received = city.receive(POTHOLE).await;
    assert_eq!(received.agency.as_deref(), Some("UBND-BTH"));
    received.number.parse().unwrap()
}

const PARTS: &str = "SELECT count(*) FROM events WHERE kind = 'case.part_moved'";
const MOVED: &str = "SELECT count(*) FROM events WHERE kind = 'case.moved_to_successor'";

both! {
    async fn cases_move_as_the_preview_says_and_only_once(bed: &Bed) {
        let city = node(bed).await;
        puts_into_force(&city, with_successor(false), None).await;
        let (waiting, working) = (pothole(&city).await, pothole(&city).await);
        let agency = of(Role::AgencyCoordinator, "UBND-BTH");
        city.give(&agency, &working, "accept", "{}").await.unwrap();
        city.give(&agency, &working, "assign", r#"{"handler":"h1"}"#).await.unwrap();
        let promised = city.case(&working).await.work.clocks.clone();

        // Before it has ended there is nothing to move, and the day it has is seen ahead.
        let april = at("2026-04-01T00:00:00+07:00");
        let today = preview(&city.desk, city.desk.now(), 9).await.unwrap();
        assert!(today.agencies.iter().all(|one| one.moves == 0), "{today:?}");
        let ahead = preview(&city.desk, april, 1).await.unwrap();
        let one = ahead.agencies.iter().find(|one| one.agency == "UBND-BTH").unwrap();
        assert_eq!((one.open, one.moves, one.assigned), (2, 2, 1));
        assert_eq!(one.successor.as_deref(), Some("UBND-GVA"));
        assert_eq!((one.moves_by_status["dispatched"], one.moves_by_status["in_progress"]), (1, 1));
        assert_eq!(one.cases.len(), 1);
        let who = Actor::new(Role::Coordinator, "lan");
        assert_eq!(move_all(&city.desk, &who, 9).await.unwrap().count(), 0);

        city.clock.set(april);
        let first = move_all(&city.desk, &who, 1).await.unwrap();
        assert_eq!((first.count(), first.more), (1, true));
        let (one, two) = tokio::join!(move_all(&city.desk, &who, 9), move_all(&city.desk, &who, 9));
        one.unwrap();
        two.unwrap();
        assert_eq!(number(city.desk.log().pool(), MOVED).await, 2);
        let case = city.case(&working).await;
        assert_eq!(case.agency().unwrap().as_str(), "UBND-GVA");
        assert_eq!((case.work.stage.name(), &case.work.clocks), (StageName::InProgress, &promised));
        assert_eq!(city.case(&waiting).await.work.stage.name(), StageName::Dispatched);
        let after = preview(&city.desk, april, 9).await.unwrap();
        assert!(after.agencies.iter().all(|one| one.agency != "UBND-BTH"), "{after:?}");
        city.desk.log().close().await;
    }

    async fn the_server_moves_them_when_the_rule_set_says_so(bed: &Bed) {
        let city = node(bed).await;
        let mut sweep = Sweep::default();
        let april = at("2026-04-01T00:00:00+07:00");
        // A set that will be in force when the agency has ended.
        puts_into_force(&city, with_successor(true), Some(april)).await;
        let case = pothole(&city).await;
        assert_eq!(sweep.run(&city.desk).await.unwrap(), 0);
        assert!(preview(&city.desk, april, 9).await.unwrap().automatic);
        city.clock.set(april);
        assert_eq!(sweep.run(&city.desk).await.unwrap(), 1);
        assert_eq!(city.case(&case).await.agency().unwrap().as_str(), "UBND-GVA");
        assert_eq!(sweep.run(&city.desk).await.unwrap(), 0);
        assert_eq!(number(city.desk.log().pool(), MOVED).await, 1);
        city.desk.log().close().await;
    }

    async fn without_a_successor_cases_stay_and_the_preview_says_why(bed: &Bed) {
        let city = node(bed).await;
        pothole(&city).await;
        let seen = preview(&city.desk, city.desk.now(), 9).await.unwrap();
        let one = seen.agencies.iter().find(|one| one.agency == "UBND-BTH").unwrap();
        assert_eq!((one.open, one.moves), (1, 0));
        assert_eq!(one.stays["agency_still_open"], 1);
        assert!(one.successor.is_none() && one.successor_note.is_some());
        let moved = move_all(&city.desk, &Actor::system("successors"), 9).await.unwrap();
        assert_eq!(moved.count(), 0);
        city.desk.log().close().await;
    }

    async fn open_parts_move_as_the_preview_says_and_finished_ones_stay(bed: &Bed) {
        let city = node(bed).await;
        puts_into_force(&city, with_successor(false), None).await;
        let coordinator = of(Role::AgencyCoordinator, "UBND-BTH");
        let desk = Actor::new(Role::Coordinator, "lan");
        let mut numbers = Vec::new();
        for finished in [false, true, false] {
            let number = pothole(&city).await;
            let rule = r#"{"agency": "UDC", "reason": "Cống thoát nước"}"#;
            city.give(&desk, &number, "rule", rule).await.unwrap();
            let add = r#"{"agency": "UBND-BTH", "task": "Rào chắn"}"#;
            city.give(&desk, &number, "add-co-agency", add).await.unwrap();
            if finished {
                city.give(&coordinator, &number, "finish-part", r#"{"note": "xong"}"#).await.unwrap();
            }
            numbers.push(number);
        }
        let promised = city.case(&numbers[0]).await.work.parts[0].due;

        let april = at("2026-04-01T00:00:00+07:00");
        let ahead = preview(&city.desk, april, 9).await.unwrap();
        let one = ahead.agencies.iter().find(|one| one.agency == "UBND-BTH").unwrap();
        assert_eq!((one.open, one.parts, one.parts_move), (0, 2, 2));
        assert!(one.cases.iter().all(|case| case.part && case.moves) && one.cases.len() == 2);

        city.clock.set(april);
        let moved = move_all(&city.desk, &desk, 1).await.unwrap();
        assert_eq!((moved.parts.values().sum::<u64>(), moved.more), (1, true));
        let moved = move_all(&city.desk, &desk, 9).await.unwrap();
        assert_eq!((moved.parts.values().sum::<u64>(), moved.more), (1, false));
        assert_eq!(moved.stayed, BTreeMap::new());
        let part = city.case(&numbers[0]).await.work.parts[0].clone();
        assert_eq!((part.agency.as_str(), part.due), ("UBND-GVA", promised));
        assert_eq!(city.case(&numbers[1]).await.work.parts[0].agency.as_str(), "UBND-BTH");
        let told = "SELECT count(*) FROM outbox WHERE recipient = 'agency:UBND-GVA'";
        assert_eq!(number(city.desk.log().pool(), told).await, 2, "the successor is told");
        assert_eq!(number(city.desk.log().pool(), PARTS).await, 2);
        assert_eq!(move_all(&city.desk, &desk, 9).await.unwrap().count(), 0);
        city.desk.log().close().await;
    }
}
