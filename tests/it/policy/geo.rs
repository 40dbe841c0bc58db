//! Boundaries: imported whole or not at all, in use on every node, replaced from a date on.

use hoiam::policy::geo::{ImportError, Outcome, Wanted, import, imported};
use hoiam::policy::{PolicyError, worker};
use hoiam_domain::geo::geojson::Limits;
use hoiam_domain::routing::boundaries::ImportOptions;
use hoiam_projections::case_page::CasePage;
use jiff::civil::date;
use tokio::sync::watch;

use super::node;
use crate::support::bed::{number, sql};
use crate::support::city::{City, at, citizen, feedback};

/// A file with a box for each name: west, south, east, north in hundredths of a degree.
fn file(areas: &[(&str, [i32; 4])]) -> String {
    let features = areas.iter().map(|(name, [west, south, east, north])| {
        let corner = |lon: &i32, lat: &i32| {
            format!("[{}.{:02},{}.{:02}]", lon / 100, lon % 100, lat / 100, lat % 100)
        };
        let ring = [corner(west, south), corner(east, south), corner(east, north)];
        let ring = format!("{},{},{}", ring.join(","), corner(west, north), ring[0]);
        format!(r#"{{"type":"Feature","properties":{{"ten":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#)
    });
    let features: Vec<_> = features.collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn options() -> ImportOptions {
    ImportOptions {
        level: None,
        from: None,
        to: None,
        name_property: None,
        code_property: None,
        leave_out: false,
        tolerance: 10_000.0,
        source: "vẽ tay".to_owned(),
        licence: "CC0".to_owned(),
        today: date(2026, 3, 10),
        limits: Limits::default(),
    }
}

async fn imports(
    city: &City,
    text: &str,
    options: &ImportOptions,
    check: bool,
) -> Result<Outcome, ImportError> {
    let wanted = Wanted { text, options, by: "lan", note: None, check };
    let (desk, rules) = (&city.desk, city.desk.rules());
    import(desk.log(), desk.random(), desk.now(), &rules, &wanted).await
}

/// District, rule set and what told the place of a feedback that says nothing but where it is, as
/// the stored case has them.
async fn known_of(city: &City, lat: f64, lon: f64) -> (String, String, String) {
    let mut given = feedback("Ổ gà lớn giữa đường, xe máy dễ ngã");
    given.point = Some((lat, lon));
    let (received, _) = city.desk.receive(&citizen("anonymous"), given, None).await.unwrap();
    let case = city.case(&received.number.parse().unwrap()).await;
    let page = CasePage::of(&case);
    (page.district.unwrap(), page.rule_set.unwrap(), page.place_source.unwrap())
}

/// The first two of these.
async fn place_of(city: &City, lat: f64, lon: f64) -> (String, String) {
    let (district, rule_set, _) = known_of(city, lat, lon).await;
    (district, rule_set)
}

async fn refreshed(city: &City) {
    let (_, failures) = city.desk.rules_handle().refresh_boundaries(city.desk.log()).await.unwrap();
    assert!(failures.is_empty(), "{failures:?}");
}

/// Where the directory's boxes put this point in Quận 3.
const POINT: (f64, f64) = (10.775, 106.685);

both! {
    async fn boundaries_decide_the_district_and_are_named(bed: &Bed) {
        let city = node(bed).await;
        let rules = city.desk.rules().hash.clone();
        let (estimated, by, source) = known_of(&city, POINT.0, POINT.1).await;
        assert_eq!((&*estimated, &by, &*source), ("Q3", &rules, "box"));

        let districts = file(&[("Quận 1", [10_668, 1_076, 10_670, 1_080])]);
        let Outcome::Done(_, first) = imports(&city, &districts, &options(), false).await.unwrap()
            else { panic!("not imported") };
        assert_eq!((first.id, first.event.areas, first.event.points), (1, 1, 4));
        assert_eq!((first.event.from, first.event.to), (None, Some(date(2025, 6, 30))));
        assert_eq!(first.event.by, "lan");
        refreshed(&city).await;
        let together = city.desk.rules_handle().boundaries().hash().to_owned();
        let expected = ("Q1".to_owned(), format!("{rules}+{together}"), "boundary".to_owned());
        assert_eq!(known_of(&city, POINT.0, POINT.1).await, expected);

        // The same again adds nothing; a wrong file neither.
        assert!(matches!(imports(&city, &districts, &options(), false).await, Ok(Outcome::Already(..))));
        let wrong = file(&[("Quận 1", [10_668, 1_076, 10_670, 1_080]), ("Quận 99", [10_670, 1_076, 10_672, 1_080])]);
        let head = city.desk.log().head().await.unwrap();
        let refused = imports(&city, &wrong, &options(), false).await;
        assert!(matches!(refused, Err(ImportError::Wrong(problems)) if problems.len() == 1));
        // A check of a good one neither.
        let units = file(&[("Phường Bàn Cờ", [10_668, 1_076, 10_670, 1_080])]);
        assert!(matches!(imports(&city, &units, &options(), true).await, Ok(Outcome::Checked(_))));
        assert_eq!(city.desk.log().head().await.unwrap(), head);
        let pool = city.desk.log().pool();
        assert_eq!(number(pool, "SELECT count(*) FROM policy_blobs").await, 1);

        // Units since 2025-07-01 win from then on; before, the district goes on answering.
        imports(&city, &units, &options(), false).await.unwrap();
        refreshed(&city).await;
        assert_eq!(place_of(&city, POINT.0, POINT.1).await.0, "Q3");
        city.desk.log().close().await;

        // A node that starts later knows them, too.
        let later = node(bed).await;
        later.clock.set(at("2026-03-10T10:00:00+07:00"));
        assert_eq!(place_of(&later, POINT.0, POINT.1).await.0, "Q3");
        assert_eq!(later.desk.rules_handle().boundaries().sets().len(), 2);
        later.desk.log().close().await;
    }

    async fn a_running_node_takes_in_what_another_imports(bed: &Bed) {
        let (here, there) = (node(bed).await, node(bed).await);
        let (stop, stopping) = watch::channel(false);
        let working = tokio::spawn(worker::run(here.desk.clone(), stopping));
        let mut seen = here.desk.rules_handle().boundaries_seen();
        let districts = file(&[("Quận 1", [10_668, 1_076, 10_670, 1_080])]);
        imports(&there, &districts, &options(), false).await.unwrap();
        seen.wait_for(|version| *version == 1).await.unwrap();
        assert_eq!(place_of(&here, POINT.0, POINT.1).await.0, "Q1");
        stop.send(true).unwrap();
        working.await.unwrap();
        here.desk.log().close().await;
        there.desk.log().close().await;
    }

    async fn boundaries_that_cannot_be_had_are_said_and_left_aside(bed: &Bed) {
        let city = node(bed).await;
        let districts = file(&[("Quận 1", [10_668, 1_076, 10_670, 1_080])]);
        imports(&city, &districts, &options(), false).await.unwrap();
        let pool = city.desk.log().pool();
        // As in a database that came without its blobs.
        sql(pool, "DROP TABLE policy_blobs").await.unwrap();
        sql(pool, "CREATE TABLE policy_blobs (hash TEXT, kind TEXT, content TEXT)").await.unwrap();
        let rules = city.desk.rules_handle();
        let (new, failures) = rules.refresh_boundaries(city.desk.log()).await.unwrap();
        assert_eq!(new.len(), 1);
        assert!(matches!(failures.as_slice(), [PolicyError::Missing { .. }]), "{failures:?}");
        assert_eq!(place_of(&city, POINT.0, POINT.1).await.0, "Q3");
        assert_eq!(imported(city.desk.log(), 0).await.unwrap().len(), 1);
        city.desk.log().close().await;
    }
}
