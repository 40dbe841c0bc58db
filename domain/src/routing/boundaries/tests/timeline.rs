//! Which set answers on which day.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::super::timeline::{IndexedSet, effective};
use super::*;
use crate::geo::Point;

fn reference(level: Level, from: Option<Date>, to: Option<Date>, hash: &str) -> SetReference {
    SetReference { level, from, to, hash: hash.to_owned() }
}

fn hashes(imported: &[SetReference]) -> Vec<String> {
    effective(imported.iter().cloned()).into_iter().map(|set| set.hash).collect()
}

#[test]
fn an_import_replaces_from_a_date_on() {
    let (district, ward) = (Level::District, Level::Ward);
    let (old, new) = (Some(date(2025, 6, 30)), Some(date(2025, 7, 1)));
    let imported = [
        reference(district, None, old, "districts"),
        reference(ward, None, old, "old wards"),
        reference(ward, new, None, "wards"),
        reference(ward, Some(date(2026, 1, 1)), None, "wards, redrawn"),
    ];
    assert_eq!(hashes(&imported), ["districts", "old wards", "wards", "wards, redrawn"]);
    let mut corrected = imported.to_vec();
    corrected.push(reference(ward, new, None, "wards, corrected"));
    assert_eq!(hashes(&corrected), ["districts", "old wards", "wards, corrected"]);
    corrected.push(reference(ward, None, None, "wards, for ever"));
    assert_eq!(hashes(&corrected), ["districts", "wards, for ever"]);
}

pub(in crate::routing) fn indexed(text: &str, options: &ImportOptions) -> Arc<IndexedSet> {
    let set = read(text, options).set;
    let hash = BoundarySet::hash_of(&set.to_text().unwrap());
    let reference = reference(set.level, set.validity.from, set.validity.to, &hash);
    Arc::new(IndexedSet::new(reference, set))
}

#[test]
fn old_and_new_live_together() {
    let districts = indexed(&row_of(&[r#""n":"Quận 1""#, r#""n":"Quận 3""#]), &options());
    let wards =
        indexed(&row_of(&[r#""n":"Phường Sài Gòn""#, r#""n":"Phường Bàn Cờ""#]), &options());
    let both = Boundaries::new(vec![districts.clone(), wards]);
    let at = Point::from_degrees(10.705, 106.605).unwrap();
    let names = |day: Date| {
        let found = both.locate(at, day);
        let name =
            |hit: Option<super::super::timeline::Hit<'_>>| hit.map(|hit| hit.area.name.clone());
        (name(found.ward), name(found.district), found.district.and_then(|hit| hit.ended))
    };
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(names(date(2024, 5, 1)), (None, some("Quận 1"), None));
    assert_eq!(names(date(2025, 6, 30)), (None, some("Quận 1"), None));
    let ended = Some(date(2025, 6, 30));
    assert_eq!(names(date(2025, 7, 1)), (some("Phường Sài Gòn"), some("Quận 1"), ended));
    assert!(both.locate(Point::from_degrees(10.9, 106.6).unwrap(), TODAY).ward.is_none());
    assert_ne!(both.hash(), Boundaries::new(vec![districts]).hash());
    assert_eq!(Boundaries::default().hash(), "");
}
