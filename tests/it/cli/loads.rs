//! `hoiam import` and `hoiam demo` go by imported boundaries, and leave figures that are right.

use tempfile::TempDir;

use super::*;
use crate::support::bed::number;

const DISTRICT: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ten":"Quận 1"},
"geometry":{"type":"Polygon","coordinates":[[[106.68,10.76],[106.70,10.76],[106.70,10.80],[106.68,10.80],[106.68,10.76]]]}}]}"#;

const MAP: &str = r#"
system = "old-desk"
time_zone = "+07:00"
dates = ["%d/%m/%Y %H:%M"]
[columns]
id = "id"
received_at = "opened"
closed_at = "closed"
text = ["title"]
lat = "lat"
lon = "lon"
[agency]
column = "unit"
[district]
column = "district"
unknown = "none"
[channel]
column = "via"
"#;

/// In the boundary; in it and said to be elsewhere; outside.
const ROWS: &str = "id,opened,closed,title,unit,district,via,lat,lon\n\
    1,05/01/2024 08:00,06/01/2024 08:00,Ổ gà,UDC,,phone,10.775,106.685\n\
    2,05/01/2024 08:00,,Ổ gà,UDC,Q3,phone,10.775,106.685\n\
    3,05/01/2024 08:00,,Ổ gà,UDC,,phone,10.755,106.665\n";

/// Followers that have not taken in everything.
const BEHIND: &str = "SELECT count(*) FROM follower_checkpoints \
    WHERE position < (SELECT position FROM log_head)";

async fn with_boundaries(bed: &Bed, place: &TempDir) {
    let file = place.path().join("districts.geojson");
    std::fs::write(&file, DISTRICT).unwrap();
    let import = ["geo", "import", file.to_str().unwrap(), "--to", "2025-06-30", "--by", "lan"];
    let (code, _, said) = run(bed, &import);
    assert_eq!(code, 0, "{said}");
}

async fn nobody_is_behind(bed: &Bed) {
    let log = bed.open().await;
    let followers = number(log.pool(), "SELECT count(*) FROM follower_checkpoints").await;
    assert!(followers > 0);
    assert_eq!(number(log.pool(), BEHIND).await, 0);
    log.close().await;
}

both! {
    async fn a_history_is_placed_by_boundaries_and_counted(bed: &Bed) {
        let place = TempDir::with_prefix("hoiam-loads-").unwrap();
        with_boundaries(bed, &place).await;
        let (map, rows) = (place.path().join("map.toml"), place.path().join("rows.csv"));
        std::fs::write(&map, MAP).unwrap();
        std::fs::write(&rows, ROWS).unwrap();
        let import = ["import", rows.to_str().unwrap(), "--map", map.to_str().unwrap()];
        let (code, out, said) = run(bed, &import);
        assert_eq!((code, &*out), (0, "Imported 3, already there 0, rejected 0.\n"), "{said}");
        // A report counts nothing before the figures are there.
        let (code, out, said) = run(bed, &["report", "district", "--json"]);
        assert!(code == 0 && out.contains("\"Q1\""), "{out}{said}");
        let log = bed.open().await;
        let in_district = |code: &str| format!("SELECT count(*) FROM cases WHERE district {code}");
        for wanted in ["= 'Q1'", "= 'Q3'", "IS NULL"] {
            assert_eq!(number(log.pool(), &in_district(wanted)).await, 1, "{wanted}");
        }
        let told = "SELECT count(*) FROM events WHERE CAST(payload AS TEXT) LIKE '%\"place_source\":\"boundary\"%'";
        assert_eq!(number(log.pool(), told).await, 1);
        log.close().await;
        // The same rows again are the same rows, whatever boundaries there are.
        let (code, out, _) = run(bed, &import);
        assert_eq!((code, &*out), (0, "Imported 0, already there 3, rejected 0.\n"));
    }

    async fn the_demo_goes_by_boundaries_and_is_counted_at_once(bed: &Bed) {
        let place = TempDir::with_prefix("hoiam-loads-").unwrap();
        with_boundaries(bed, &place).await;
        let (code, out, _) = run(bed, &["demo", "--if-empty"]);
        assert!(code == 0 && out.contains("nothing was loaded"), "a city is being set up: {out}");
        let (code, out, said) = run(bed, &["demo"]);
        assert!(code == 0 && out.starts_with("Demo city: "), "{out}{said}");
        nobody_is_behind(bed).await;
        assert_eq!(run(bed, &["demo"]).0, 2, "it is there already");
    }
}
