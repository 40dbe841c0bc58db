//! Bad rows, changed rows, wrong maps.

use hoiam::import::ImportError;

use super::*;

const MAP: &str = r#"
system = "old-desk"
time_zone = "+07:00"
dates = ["%d/%m/%Y %H:%M"]
[columns]
id = "id"
received_at = "opened"
target = "due"
closed_at = "closed"
text = ["title"]
lat = "lat"
lon = "lon"
[agency]
column = "unit"
[channel]
column = "via"
values = { "Điện thoại" = "phone" }
"#;

const HEADER: &str = "id,opened,due,closed,title,unit,via,lat,lon\r\n";

/// Line, id and field of each, and what the reason must say.
fn told(rejects: &[Value], expected: &[(u64, &str, &str, &str)]) {
    for (reject, (line, id, field, reason)) in rejects.iter().zip(expected) {
        let told = (reject["line"].as_u64(), reject["id"].as_str(), reject["field"].as_str());
        assert_eq!(told, (Some(*line), Some(*id), Some(*field)), "{reject}");
        let said = reject["reason"].as_str().unwrap();
        assert!(said.contains(reason), "{reject} should say {reason}");
    }
    assert_eq!(rejects.len(), expected.len(), "{rejects:#?}");
}

both! {
    async fn bad_rows_are_told_and_the_rest_goes_on(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let good = |id: &str| format!("{id},05/01/2031 08:00,,,T,WORK,Điện thoại,42.3,-71.0\r\n");
        let mut file = HEADER.to_owned().into_bytes();
        for line in [
            &*good("1"),                                                              // line 2
            "2,31/02/2031 08:00,,,T,WORK,Điện thoại,,\r\n",                           // 3
            "3,05/01/2031 08:00,soon,,T,WORK,Điện thoại,,\r\n",                       // 4
            "4,05/01/2031 08:00,,2031-01-05,T,WORK,Điện thoại,,\r\n",                 // 5
            "5,05/01/2031 08:00,,,\"T,\r\nand\r\nmore\",NOBODY,Điện thoại,,\r\n",     // 6 to 8
            "\r\n",                                                                   // 9, blank
            "6,05/01/2031 08:00,,,T,WORK,Bồ câu,,\r\n",                               // 10
            "7,05/01/2031 08:00,,,T,WORK,,,\r\n",                                     // 11
            "8,05/01/2031 08:00,,,T,WORK\r\n",                                        // 12
            "9,05/01/2031 08:00,,,T,WORK,Điện thoại,1,2,3\r\n",                       // 13
            "10,05/01/2031 08:00,,,T,WORK,Điện thoại,142.3,1\r\n",                    // 14
            "11,05/01/2031 08:00,,,T,WORK,Điện thoại,north,1\r\n",                    // 15
            "12,05/01/2031 08:00,,,T,WORK,Điện thoại,42.3,\r\n",                      // 16
            " ,05/01/2031 08:00,,,T,WORK,Điện thoại,,\r\n",                           // 17
            "13,,,,T,WORK,Điện thoại,,\r\n",                                          // 18
        ] {
            file.extend_from_slice(line.as_bytes());
        }
        file.extend_from_slice(b"14,05/01/2031 08:00,,,T \xff,WORK,x,,\r\n");         // 19
        file.extend_from_slice(good("15").as_bytes());                                // 20
        file.extend_from_slice(b"16,05/01/2031 08:00,,,\"half a ro");                 // 21
        let file = city.write("bad.csv", file);
        let (done, rejects) = city.import(&desk, &map(MAP), &file).await;
        assert_eq!(done, summary(2, 0, 15));
        told(&rejects, &[
            (3, "2", "received_at", "31/02/2031"),
            (4, "3", "target", "soon"),
            (5, "4", "closed_at", "2031-01-05"),
            (6, "5", "agency", "NOBODY"),
            (10, "6", "channel", "Bồ câu"),
            (11, "7", "channel", "empty"),
            (12, "8", "row", "6 columns"),
            (13, "9", "row", "10 columns"),
            (14, "10", "lat", "142.3"),
            (15, "11", "lat", "north"),
            (16, "12", "lon", "empty"),
            (17, "", "id", "empty"),
            (18, "13", "received_at", "empty"),
            (19, "14", "title", "UTF-8"),
            (21, "16", "row", "5 columns"),
        ]);
        desk.log().close().await;
    }

    async fn a_changed_row_is_not_applied(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let row = "1,05/01/2031 08:00,,,T,WORK,Điện thoại,,\r\n";
        let closed = "1,05/01/2031 08:00,,06/01/2031 08:00,T,WORK,Điện thoại,,\r\n";
        let file = city.write("a.csv", format!("{HEADER}{row}"));
        assert_eq!(city.import(&desk, &map(MAP), &file).await.0, summary(1, 0, 0));
        let head = desk.log().head().await.unwrap();
        let file = city.write("b.csv", format!("{HEADER}\r\n\r\n{row}{closed}"));
        let (done, rejects) = city.import(&desk, &map(MAP), &file).await;
        assert_eq!(done, summary(0, 1, 1));
        told(&rejects, &[(5, "1", "id", "before")]);
        assert_eq!(desk.log().head().await.unwrap(), head);
        let file = city.write("lf.csv", format!("{HEADER}\n\n{row}{closed}").replace('\r', ""));
        told(&city.import(&desk, &map(MAP), &file).await.1, &[(5, "1", "id", "before")]);
        // Another source may use the same ids.
        let other = map(&MAP.replace("old-desk", "other-desk"));
        let file = city.write("c.csv", format!("{HEADER}{closed}"));
        assert_eq!(city.import(&desk, &other, &file).await.0, summary(1, 0, 0));
        assert!(!city.path("rejects.jsonl").exists(), "rejects of an earlier run are gone");
        desk.log().close().await;
    }

    async fn json_lines_are_read_as_strictly(bed: &Bed) {
        let city = City::new();
        let desk = city.desk(bed).await;
        let jsonl = map(&MAP.replace("time_zone", "format = \"jsonl\"\ntime_zone"));
        let file = city.write("bad.jsonl", concat!(
            r#"{"id": 1, "opened": "05/01/2031 08:00", "unit": "WORK", "via": "Điện thoại", "lat": 42.3, "lon": -71}"#,
            "\n\n[1, 2]\n",
            r#"{"id": 2, "opened": {"at": 5}, "via": "Điện thoại"}"#,
            "\n",
            r#"{"id": "3", "opened": "05/01/2031 08:00", "via": "Điện thoại", "title": "a\u0000b"}"#,
            "\n",
            r#"{"id": "4", "opened": "05/01/20"#,
        ));
        let (done, rejects) = city.import(&desk, &jsonl, &file).await;
        assert_eq!(done, summary(2, 0, 3));
        told(&rejects, &[
            (3, "", "row", "JSON object"),
            (4, "", "opened", "neither text nor number"),
            (6, "", "row", "JSON object"),
        ]);
        desk.log().close().await;
    }
}

#[test]
fn a_file_without_the_columns_is_refused_at_once() {
    let city = City::new();
    let file = city.write("other.csv", "id,opened,closed,title,unit,via,lat,lon\n");
    let error = Rows::open(&file, &map(MAP)).unwrap_err();
    assert!(matches!(error, ImportError::Header { .. }));
    assert!(error.to_string().contains("`due`") && error.to_string().contains("other.csv"));
    assert!(matches!(Rows::open(&city.path("none.csv"), &map(MAP)), Err(ImportError::Io { .. })));
    assert!(matches!(
        Rows::open(&city.write("empty.csv", ""), &map(MAP)),
        Err(ImportError::Header { .. })
    ));
}

#[test]
fn a_wrong_map_names_the_field() {
    for (from, to, field) in [
        ("system = \"old-desk\"", "system = \" \"", "system"),
        ("+07:00", "Sài Gòn", "time_zone"),
        ("%d/%m/%Y %H:%M", "%d/%m/%", "dates"),
        ("[columns]", "delimiter = \"→\"\n[columns]", "delimiter"),
        ("[agency]", "[agency]\ncolour = 1", "colour"),
        ("received_at", "receipt", "receipt"),
    ] {
        let text = MAP.replacen(from, to, 1);
        let error = Map::parse(Path::new("map.toml"), &text).unwrap_err().to_string();
        assert!(error.contains("map.toml") && error.contains(field), "{error}");
    }
}

#[tokio::test]
async fn a_map_to_codes_that_do_not_exist_is_refused() {
    let city = City::new();
    let bed = Bed::sqlite();
    let desk = city.desk(&bed).await;
    for (from, to, field) in [
        ("= \"phone\"", "= \"pigeon\"", "channel.values"),
        ("column = \"unit\"", "column = \"unit\"\ndefault = \"NOBODY\"", "agency.default"),
        ("column = \"unit\"", "column = \"unit\"\nunknown = \"default\"", "agency.default"),
    ] {
        let map = map(&MAP.replacen(from, to, 1));
        let file = city.write("one.csv", HEADER);
        let rows = Rows::open(&file, &map).unwrap();
        let mut rejects = Rejects::to(&city.path("rejects.jsonl"));
        let stop = AtomicBool::new(false);
        let error =
            import(&desk, &map, rows, &mut rejects, &stop, &mut |_, _| ()).await.unwrap_err();
        assert!(error.to_string().contains(field), "{error}");
    }
    assert_eq!(desk.log().head().await.unwrap(), 0);
    desk.log().close().await;
    bed.remove().await;
}
