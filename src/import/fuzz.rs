//! Files and maps of an import nobody would write.

use std::path::Path;
use std::sync::LazyLock;

use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;

use super::build::Builder;
use super::map::Map;
use super::rejects::Reject;
use super::rows::{Row, Rows};
use crate::fuzz::{holds, text, texts};
use crate::rules::Source;

const MAP: &str = r#"
system = "s"
time_zone = "+07:00"
dates = ["iso", "%d/%m/%Y %H:%M"]
coordinates = "lenient"
[columns]
id = "id"
received_at = "opened"
closed_at = "closed"
text = ["title", "more"]
closing_note = "result"
lat = "lat"
lon = "lon"
address = "street"
reporter_name = "name"
reporter_phone = "phone"
[channel]
column = "channel"
default = "web"
unknown = "default"
[category]
column = "category"
unknown = "none"
"#;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| Source::Embedded.load().unwrap());

fn map(text: &str) -> Map {
    Map::parse(Path::new("map.toml"), text).unwrap()
}

/// The rows of a file with these bytes.
fn rows(folder: &Path, bytes: &[u8], map: &Map) -> Option<Vec<Result<Row, Reject>>> {
    let path = folder.join("rows");
    std::fs::write(&path, bytes).unwrap();
    let mut rows = Rows::open(&path, map).ok()?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        assert!(rows.position() <= bytes.len() as u64);
        assert!(all.len() <= bytes.len(), "rows without end");
        all.push(row);
    }
    Some(all)
}

fn line(row: &Result<Row, Reject>) -> u64 {
    row.as_ref().map_or_else(|reject| reject.line, |row| row.line)
}

/// Every row has the columns the map wants and stands on its own line of the file.
#[test]
fn csv() {
    let small = map("system = 's'\ntime_zone = 'UTC'\nchannel = { default = 'web' }\n\
        columns = { id = 'id', received_at = 'opened', text = ['title'] }");
    let folder = tempfile::tempdir().unwrap();
    let samples = texts(&[
        "id,opened,title\n1,2026-01-02,Ổ gà\n2,2026-01-03,\"a,\"\"b\"\"\nc\"\n\n3,,\n",
        "\u{feff}id,opened,title,more\r\n1,2026-01-02,x,y\r\n2,2026-01-02,\"\r\n\",\r\n3,x,y",
        "title,opened,id\n\n\nx,y,z\nx,y\nx,y,z,w\n",
    ]);
    holds!(samples, |input: &[u8]| {
        let Some(rows) = rows(folder.path(), input, &small) else { return };
        let plain = !input.iter().any(|byte| matches!(byte, b'"' | b'\r' | 0xef));
        let written: Vec<u64> = input
            .split(|byte| *byte == b'\n')
            .zip(1..)
            .filter_map(|(line, nr)| (!line.is_empty()).then_some(nr))
            .skip(1)
            .collect();
        let feeds = input.iter().filter(|byte| **byte == b'\n').count() as u64;
        let mut last = 1;
        for (nr, row) in rows.iter().enumerate() {
            assert!(line(row) >= last && line(row) <= feeds + 1, "{row:?} after {last}");
            last = line(row);
            if let Ok(row) = row {
                assert_eq!(row.fields.len(), 3);
            }
            if plain {
                assert_eq!(Some(&last), written.get(nr), "{row:?}");
            }
        }
        assert!(!plain || rows.len() == written.len());
    });
}

/// What is written as CSV reads back the same, whatever stands in it. Fields are cut at 0x1f.
#[test]
fn csv_round_trips() {
    let small = map("system = 's'\ntime_zone = 'UTC'\nchannel = { default = 'web' }\n\
        columns = { id = 'id', received_at = 'opened', text = ['title'] }");
    let folder = tempfile::tempdir().unwrap();
    let samples = texts(&["1\u{1f}2026-01-02\u{1f}Ổ gà\u{1f}2\u{1f}\"x\",\n\u{1f}\r\n"]);
    holds!(samples, |input: &[u8]| {
        let input = text(input);
        let fields: Vec<&str> = input.split('\u{1f}').collect();
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["id", "opened", "title"]).unwrap();
        let written: Vec<&[&str]> = fields.chunks_exact(3).collect();
        written.iter().for_each(|row| out.write_record(*row).unwrap());
        let read = rows(folder.path(), &out.into_inner().unwrap(), &small).unwrap();
        let read: Vec<Vec<String>> = read.into_iter().map(|row| row.unwrap().fields).collect();
        assert_eq!(read, written);
    });
}

/// Every line is a row, blank or refused; what is taken is what the object says.
#[test]
fn json_lines() {
    let small =
        map("system = 's'\nformat = 'jsonl'\ntime_zone = 'UTC'\nchannel = { default = 'web' }\n\
        columns = { id = 'id', received_at = 'at.opened', text = ['title'] }");
    let folder = tempfile::tempdir().unwrap();
    let samples = texts(&[
        "{\"id\":1,\"at\":{\"opened\":\"2026-01-02\"},\"title\":\"\\u1ed4 gà\"}\n\n{\"id\":\"2\"}\n",
        "\u{feff}{\"id\":true,\"at.opened\":1.5e3,\"title\":null}\r\n[]\n{\"id\":{}}",
    ]);
    holds!(samples, |input: &[u8]| {
        let Some(rows) = rows(folder.path(), input, &small) else { return };
        let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
        let mut last = 0;
        for row in &rows {
            assert!(line(row) > last && line(row) <= lines.len() as u64);
            last = line(row);
            let Ok(row) = row else { continue };
            assert_eq!(row.fields.len(), 3);
            let object = text(lines[usize::try_from(last).unwrap() - 1]);
            let object: serde_json::Value =
                serde_json::from_str(object.trim_start_matches('\u{feff}')).unwrap();
            if let Some(title) = object["title"].as_str() {
                assert_eq!(row.fields[2], title);
            }
        }
        let blank = |line: &&&[u8]| line.iter().all(u8::is_ascii_whitespace);
        assert_eq!(rows.len(), lines.len() - lines.iter().filter(blank).count());
    });
}

/// A moment that is read is one the log can hold, and written out it is read as the same.
#[test]
fn dates() {
    let map = map(MAP);
    let samples = texts(&[
        "2011-07-01 01:32:00",
        "2011-07-01T06:32:00.123456789+05:30",
        "2011-07-01",
        "03/02/2026 09:15",
        "2026-12-31T23:59:60Z",
    ]);
    holds!(samples, |input: &[u8]| {
        let Ok(at) = map.dates.read(&text(input)) else { return };
        assert_eq!(Timestamp::from_microsecond(at.as_microsecond()).unwrap(), at);
        assert_eq!(map.dates.read(&at.to_string()), Ok(at));
    });
}

/// A map that is taken can be bound, or says which field is wrong; its columns are named once.
#[test]
fn maps() {
    let boston = include_str!("../../examples/boston311/map.toml");
    holds!(texts(&[MAP, boston]), |input: &[u8]| {
        let Ok(map) = Map::parse(Path::new("map.toml"), &text(input)) else { return };
        let mut columns = map.wanted.clone();
        columns.sort();
        columns.dedup();
        assert_eq!(columns.len(), map.wanted.len());
        assert!(map.file.delimiter.is_ascii());
        if let Err(error) = Builder::new(&map, &RULES, "HCM") {
            assert!(error.to_string().starts_with("map.toml: "), "{error}");
        }
    });
}

/// A row becomes a record within the limits, or a reject that repeats little of it. Fields are cut
/// at 0x1f.
#[test]
fn records() {
    let map = map(MAP);
    let builder = Builder::new(&map, &RULES, "HCM").unwrap();
    let order = map.wanted.join("\u{1f}");
    let sample = |values: [(&str, &str); 8]| {
        let of = |column: &String| {
            values.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value)
        };
        map.wanted.iter().map(of).collect::<Vec<_>>().join("\u{1f}")
    };
    let full = sample([
        ("id", "A-1"),
        ("opened", "2026-01-02T08:00:00"),
        ("closed", "03/02/2026 09:15"),
        ("title", "Ổ gà\tsâu"),
        ("lat", "10.77"),
        ("lon", "106.7"),
        ("name", "Lê Thị Bình"),
        ("channel", "phone"),
    ]);
    holds!(texts(&[&full, &order]), |input: &[u8]| {
        let fields: Vec<String> = text(input).split('\u{1f}').map(str::to_owned).collect();
        match builder.record(&Row { line: 7, fields }) {
            Err(reject) => {
                assert!(
                    reject.line == 7
                        && !reject.field.is_empty()
                        && reject.id.chars().count() <= 100
                );
                assert!(reject.reason.chars().count() <= 200, "{reject:?}");
            }
            Ok(record) => {
                let text = record.text.reveal();
                assert!(
                    !text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
                );
                let place = record.location.unwrap_or_default();
                assert_eq!(place.lat.is_some(), place.lon.is_some());
                if let Some((lat, lon)) = place.lat.zip(place.lon) {
                    RULES.directory.check_point(lat, lon).unwrap();
                }
                assert_eq!(i16::from(record.number.year()), builder.year(record.received_at) % 100);
            }
        }
    });
}
