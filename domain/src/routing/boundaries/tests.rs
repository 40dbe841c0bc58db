//! Importing boundaries: hand-drawn boxes against the directory of the demonstration city.

mod errors;
pub(in crate::routing) mod timeline;

use jiff::civil::{Date, date};

use super::import::TOLERANCE;
use super::*;
use crate::geo::geojson::Limits;
use crate::routing::ruleset::tests::city;

pub(in crate::routing) const TODAY: Date = date(2026, 3, 2);

pub(in crate::routing) fn options() -> ImportOptions {
    ImportOptions {
        level: None,
        from: None,
        to: None,
        name_property: None,
        code_property: None,
        leave_out: false,
        tolerance: TOLERANCE,
        source: "vẽ tay".to_owned(),
        licence: "CC0".to_owned(),
        today: TODAY,
        limits: Limits::default(),
    }
}

/// A box of hundredths of a degree from 106.60, 10.70: column, row, width, height.
pub(in crate::routing) fn box_of(column: i32, row: i32, width: i32, height: i32) -> String {
    let corner = |column: i32, row: i32| {
        format!("[{:.2},{:.2}]", 106.60 + f64::from(column) / 100.0, 10.70 + f64::from(row) / 100.0)
    };
    let (east, north) = (column + width, row + height);
    let corners = [(column, row), (east, row), (east, north), (column, north), (column, row)];
    let corners: Vec<_> = corners.into_iter().map(|(c, r)| corner(c, r)).collect();
    format!("[[{}]]", corners.join(","))
}

pub(in crate::routing) fn feature(properties: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#
    )
}

pub(in crate::routing) fn file(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// One row of boxes beside each other with these properties.
pub(in crate::routing) fn row_of(properties: &[&str]) -> String {
    let features = properties.iter().enumerate();
    let features = features.map(|(nth, p)| feature(p, &box_of(nth as i32, 0, 1, 1)));
    file(&features.collect::<Vec<_>>())
}

pub(in crate::routing) fn read(text: &str, options: &ImportOptions) -> Import {
    city().read_boundaries(text, options).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn areas(import: &Import) -> Vec<String> {
    let area = |area: &Area| format!("{}={}", area.code.as_deref().unwrap_or("-"), area.name);
    import.set.areas.iter().map(area).collect()
}

#[test]
fn districts_are_known_by_name_alias_and_code() {
    let text = row_of(&[
        r#""ten":"Quận 1","pop":5"#,
        r#""ten":"quan go vap","pop":1"#,
        r#""ten":"Thành phố Thủ Đức","pop":7"#,
        r#""ten":"BÌNH THẠNH","pop":9"#,
    ]);
    let import = read(&text, &options());
    assert_eq!(import.set.level, Level::District);
    assert_eq!(import.name_property.as_deref(), Some("ten"));
    assert_eq!(import.code_property, None);
    assert_eq!(
        areas(&import),
        ["BTH=Quận Bình Thạnh", "GVA=Quận Gò Vấp", "Q1=Quận 1", "TDU=Quận Thủ Đức"]
    );
    // Districts are over: the set ends with the last of them.
    assert_eq!((import.set.validity.from, import.set.validity.to), (None, Some(date(2025, 6, 30))));
    assert_eq!(import.missing.len(), 20);
    let by_code = read(&row_of(&[r#""ma":"Q1""#, r#""ma":"GVA""#]), &options());
    assert_eq!(by_code.code_property.as_deref(), Some("ma"));
    assert_eq!(areas(&by_code), ["GVA=Quận Gò Vấp", "Q1=Quận 1"]);
}

#[test]
fn wards_of_today_are_the_units_that_took_over() {
    let text = row_of(&[
        r#""code":"26740","name":"Sài Gòn","fullName":"Phường Sài Gòn""#,
        r#""code":"26734","name":"Tân Định","fullName":"Phường Tân Định""#,
        r#""code":"27007","name":"Tân Sơn Hoà","fullName":"Phường Tân Sơn Hoà""#,
    ]);
    let import = read(&text, &options());
    assert_eq!(import.set.level, Level::Ward);
    assert_eq!(import.name_property.as_deref(), Some("fullName"));
    assert_eq!(areas(&import), ["-=Phường Sài Gòn", "-=Phường Tân Sơn Hòa", "-=Phường Tân Định"]);
    assert_eq!(import.set.validity.from, Some(date(2025, 7, 1)));
    assert_eq!(import.set.validity.to, None);
}

#[test]
fn wards_of_the_past_are_told_apart_by_their_district() {
    let mut asked = options();
    asked.to = Some(date(2025, 6, 30));
    let text = row_of(&[
        r#""ward":"Phường 5","quan":"Quận 3""#,
        r#""ward":"Phường 5","quan":"Gò Vấp""#,
        r#""ward":"Phường Bến Nghé","quan":"1""#,
        r#""ward":"Phường Đa Kao","quan":"1""#,
    ]);
    let import = read(&text, &asked);
    assert_eq!(import.set.level, Level::Ward);
    let names = areas(&import);
    assert!(names.contains(&"26887=Phường 5".to_owned()), "{names:?}");
    assert!(names.contains(&"26740=Phường Bến Nghé".to_owned()), "{names:?}");
    let by_code = read(&row_of(&[r#""ma_xa":26740"#, r#""ma_xa":26887"#]), &asked);
    assert_eq!(areas(&by_code), ["26740=Phường Bến Nghé", "26887=Phường 5"]);
}

#[test]
fn a_set_is_stored_as_it_was_and_named_by_its_hash() {
    let hole = r#"[[[106.6,10.7],[106.7,10.7],[106.7,10.8],[106.6,10.8],[106.6,10.7]],[[106.64,10.74],[106.66,10.74],[106.66,10.76],[106.64,10.76],[106.64,10.74]]]"#;
    let inner = r#"[[[106.64,10.74],[106.66,10.74],[106.66,10.76],[106.64,10.76],[106.64,10.74]]]"#;
    let text = file(&[feature(r#""n":"Quận 1""#, hole), feature(r#""n":"Quận 3""#, inner)]);
    let set = read(&text, &options()).set;
    let stored = set.to_text().unwrap();
    assert_eq!(BoundarySet::from_text(&stored), Ok(set.clone()));
    // The order of the file is not part of it; everything else is.
    let turned = file(&[feature(r#""n":"Quận 3""#, inner), feature(r#""n":"Quận 1""#, hole)]);
    assert_eq!(read(&turned, &options()).set.to_text().unwrap(), stored);
    let other = ImportOptions { licence: "ODbL".to_owned(), ..options() };
    let other = read(&text, &other).set.to_text().unwrap();
    assert_ne!(BoundarySet::hash_of(&other), BoundarySet::hash_of(&stored));
    assert!(matches!(BoundarySet::from_text("{}"), Err(SetError::Json(_))));
    let newer = stored.replace("hoiam.boundaries.1", "hoiam.boundaries.9");
    assert!(matches!(BoundarySet::from_text(&newer), Err(SetError::Format(_))));
}
