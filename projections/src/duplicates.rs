//! Follower: what duplicates are looked up by. A row a case with the print of its text, and a row
//! a case and key under which it is filed: square of the map, places, words, ward and category.

use hoiam_domain::case::Case;
use hoiam_domain::case::stage::Stage;
use hoiam_domain::nearby::{Print, WordHash, filing};

use crate::change::Change;
use crate::follower::Follower;
use crate::table::{Column, Row, Table, Type, Value};

/// One row a case.
pub static DUPLICATE_PRINTS: Table = Table {
    name: "duplicate_prints",
    columns: &[
        Column("case_id", Type::Uuid),
        // Words and places, hashed with the key, as `Print` writes them.
        Column("words", Type::Text),
        Column("places", Type::Text),
        // Number of the case it was merged into.
        Column("merged_into", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// One row a key a case is filed under.
pub static DUPLICATE_KEYS: Table = Table {
    name: "duplicate_keys",
    columns: &[
        Column("key", Type::Int),
        Column("received_at", Type::Int),
        Column("case_id", Type::Uuid),
        // 0 once the case is filed elsewhere.
        Column("live", Type::Int),
    ],
    key: 3,
    add: 0,
};

static TABLES: &[&Table] = &[&DUPLICATE_PRINTS, &DUPLICATE_KEYS];

/// The follower.
#[derive(Debug)]
pub struct Duplicates;

impl Follower for Duplicates {
    fn name(&self) -> &'static str {
        "duplicates"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        let case = change.after;
        if case.text.is_erased() {
            // Nothing of it can be looked alike any more; who erased it took its rows away.
            return;
        }
        let merged = merged_into(case);
        if change.before.is_none_or(|before| merged_into(before) != merged) {
            let print = print(case, &|word| change.veil.print(word));
            let (words, places) = print.written();
            rows.push(Row {
                table: &DUPLICATE_PRINTS,
                values: vec![case.id.into(), words.into(), places.into(), merged.into()],
            });
            if change.before.is_none() {
                let fixed = filing(&print, point(case), None).fixed;
                rows.extend(fixed.into_iter().map(|key| filed(case, key, true)));
            }
        }
        let (old, new) = (change.before.and_then(area_key), area_key(case));
        if old != new {
            rows.extend(old.map(|key| filed(case, key, false)));
            rows.extend(new.map(|key| filed(case, key, true)));
        }
    }
}

fn filed(case: &Case, key: i64, live: bool) -> Row {
    let values: Vec<Value> = vec![key.into(), case.received_at.into(), case.id.into(), live.into()];
    Row { table: &DUPLICATE_KEYS, values }
}

fn merged_into(case: &Case) -> Option<String> {
    match &case.work.stage {
        Stage::Merged { number, .. } => Some(number.to_string()),
        _ => None,
    }
}

/// The print of a case's text and address, words hashed by `by`.
pub fn print(case: &Case, by: WordHash<'_>) -> Print {
    let address = case.location.as_ref().and_then(|place| place.address.as_ref());
    Print::of(case.text.reveal(), address.map(|address| address.reveal().as_str()), by)
}

/// The point of a case, in degrees.
pub fn point(case: &Case) -> Option<(f64, f64)> {
    let place = case.location.as_ref()?;
    place.lat.zip(place.lon)
}

/// The narrowest area known, and the category.
pub fn area(case: &Case) -> Option<(&str, &str)> {
    let found = case.work.found.as_ref()?;
    let ward = found.ward.as_ref().map(|ward| ward.as_str());
    let area = ward.or_else(|| found.district.as_ref().map(|district| district.as_str()))?;
    Some((area, found.category.as_ref()?.as_str()))
}

fn area_key(case: &Case) -> Option<i64> {
    filing(&Print::default(), None, area(case)).area
}
