//! `districts.toml` and `wards.toml`, `wards/*.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::reading::{Reading, Row};
use crate::codes::{DistrictCode, WardCode};
use crate::routing::directory::{Bounds, District, Ward};
use crate::time::file_values::FileDate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DistrictFile {
    district: Vec<DistrictRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DistrictRow {
    code: Spanned<String>,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    weak_aliases: Vec<String>,
    #[serde(default)]
    covers: Vec<DistrictCode>,
    #[serde(default)]
    centre: Option<(f64, f64)>,
    #[serde(default)]
    bounds: Option<BoundsRow>,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
    #[serde(default)]
    successor_note: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoundsRow {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

/// Reads a file of districts.
pub(super) fn districts(reading: &mut Reading<'_>, nth: usize) {
    let Some(file) = reading.file::<DistrictFile>(nth) else { return };
    for row in file.district {
        let Some(code) = reading.take(Row::District, &row.code) else { continue };
        let bounds = row.bounds.map(|b| Bounds {
            south: b.south,
            west: b.west,
            north: b.north,
            east: b.east,
        });
        if bounds.is_some_and(|b| !(b.south < b.north && b.west < b.east)) {
            reading.wrong_at(&row.code, "bounds: south must lie below north, west left of east");
        }
        if let (Some((lat, lon)), Some(bounds)) = (row.centre, bounds)
            && !bounds.contains(lat, lon)
        {
            reading.wrong_at(&row.code, "the centre [latitude, longitude] lies outside the bounds");
        }
        reading.phrases(&row.code, &row.aliases);
        reading.phrases(&row.code, &row.weak_aliases);
        let district = District {
            code: DistrictCode::new(code),
            name: reading.words(&row.code, "name", row.name),
            aliases: row.aliases,
            weak_aliases: row.weak_aliases,
            covers: row.covers,
            centre: row.centre,
            bounds,
            validity: reading.validity(&row.code, row.valid_from, row.valid_to),
            successor_note: row.successor_note,
        };
        reading.directory.districts.insert(district.code.clone(), district);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WardFile {
    district: DistrictCode,
    wards: Vec<WardRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WardRow {
    code: Spanned<String>,
    name: String,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
    #[serde(default)]
    successors: Vec<String>,
}

/// Reads a file with the wards of one district.
pub(super) fn wards(reading: &mut Reading<'_>, nth: usize) {
    let Some(file) = reading.file::<WardFile>(nth) else { return };
    for row in file.wards {
        let Some(code) = reading.take(Row::Ward, &row.code) else { continue };
        let ward = Ward {
            code: WardCode::new(code),
            name: reading.words(&row.code, "name", row.name),
            district: file.district.clone(),
            validity: reading.validity(&row.code, row.valid_from, row.valid_to),
            successors: row.successors,
        };
        reading.directory.wards.insert(ward.code.clone(), ward);
    }
}
