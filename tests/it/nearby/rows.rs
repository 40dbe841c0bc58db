//! The followers' rows follow from the log, merges, corrections and endings included.

use std::collections::BTreeSet;

use hoiam::followers::catch_up;
use hoiam_domain::actor::Role;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::private::Private;

use hoiam::desk::{Circumstances, Feedback};
use hoiam::queries::{LookUp, look_alike};
use hoiam_domain::nearby::{Print, around, filing, unkeyed};
use hoiam_projections::duplicates::print;

use crate::support::bed::number;
use crate::support::city::{City, POTHOLE, citizen, feedback, of, staff};

async fn parsed(city: &City) -> CaseNumber {
    city.receive(POTHOLE).await.number.parse().unwrap()
}

/// How far apart two points count, in millionths of a degree.
fn apart(one: (i64, i64), two: (i64, i64)) -> i64 {
    (one.0 - two.0).abs() + (one.1 - two.1).abs()
}

both! {
    async fn words_are_kept_as_keyed_hashes_only(bed: &Bed) {
        let city = City::on(bed).await;
        let case = parsed(&city).await;
        let case = city.case(&case).await;
        let log = city.desk.log();
        catch_up(log).await.unwrap();
        let plain = print(&case, &unkeyed).written().0;
        let keyed = print(&case, &|word| log.vault().print(word)).written().0;
        let stored = |words: &str| format!("SELECT count(*) FROM duplicate_prints WHERE words = '{words}'");
        assert_eq!(number(log.pool(), &stored(&keyed)).await, 1);
        let words = |text: &str| text.as_bytes().chunks(6).map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
        assert!(plain.len() >= 48 && words(&plain).is_disjoint(&words(&keyed)), "{plain} {keyed}");
        // Nor are the keys it is filed under those of its words alone.
        let filed = |by: &dyn Fn(&str) -> u32| filing(&print(&case, by), None, None).fixed;
        let unkeyed = filed(&unkeyed);
        assert!(!unkeyed.is_empty() && filed(&|word| log.vault().print(word)).iter().all(|key| !unkeyed.contains(key)));
        for key in unkeyed {
            let sql = format!("SELECT count(*) FROM duplicate_keys WHERE key = {key}");
            assert_eq!(number(log.pool(), &sql).await, 0);
        }
    }

    async fn of_many_the_nearest_are_looked_at(bed: &Bed) {
        let city = City::on(bed).await;
        let here = (10.8105, 106.7012);
        let mut all = Vec::new();
        for nr in 0..200_i32 {
            let (row, column) = (f64::from(nr / 15 - 7), f64::from(nr % 15 - 7));
            let point = (here.0 + 0.0005 * row, here.1 + 0.0005 * column);
            let report = Feedback { point: Some(point), ..feedback(POTHOLE) };
            city.desk.receive(&citizen("anonymous"), report, None).await.unwrap();
            all.push(((point.0 * 1e6).round() as i64, (point.1 * 1e6).round() as i64));
        }
        let log = city.desk.log();
        catch_up(log).await.unwrap();
        let at = city.desk.now().as_microsecond();
        let filed = filing(&Print::default(), Some(here), None);
        let look_up = LookUp {
            keys: filed.all().chain(around(here)).collect(),
            from: at - 1_000_000,
            at,
            to: at,
            point: Some((10_810_500, 106_701_200)),
            except: None,
        };
        let found = look_alike(log.pool(), &staff(Role::Coordinator), &look_up).await.unwrap();
        assert_eq!(found.len(), 150, "no more, however many there are");
        let middle = (10_810_500, 106_701_200);
        let looked_at: BTreeSet<_> =
            found.iter().map(|one| (one.lat.unwrap(), one.lon.unwrap())).collect();
        // Beyond 300 m places count the same.
        let near: Vec<_> = all.iter().filter(|point| apart(**point, middle) < 2_700).collect();
        assert!(near.len() > 50 && near.iter().all(|point| looked_at.contains(point)));
    }

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
