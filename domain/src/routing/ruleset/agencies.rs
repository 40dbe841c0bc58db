//! `agencies.toml`, `agencies/*.toml` and `sectors.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::reading::{Reading, Row};
use crate::codes::{AgencyCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::routing::directory::{Agency, FocalPoint, Sector};
use crate::time::file_values::FileDate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorFile {
    sector: Vec<SectorRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorRow {
    code: Spanned<String>,
    name: String,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
}

/// Reads a file of sectors.
pub(super) fn sectors(reading: &mut Reading<'_>, nth: usize) {
    let Some(file) = reading.file::<SectorFile>(nth) else { return };
    for row in file.sector {
        let Some(code) = reading.take(Row::Sector, &row.code) else { continue };
        let sector = Sector {
            code: SectorCode::new(code),
            name: reading.words(&row.code, "name", row.name),
            validity: reading.validity(&row.code, row.valid_from, row.valid_to),
        };
        reading.directory.sectors.insert(sector.code.clone(), sector);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgencyFile {
    agency: Vec<AgencyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgencyRow {
    code: Spanned<String>,
    name: String,
    #[serde(default)]
    short_name: Option<String>,
    unit: String,
    #[serde(default)]
    sectors: Vec<SectorCode>,
    #[serde(default)]
    lead_sectors: Vec<SectorCode>,
    #[serde(default)]
    citywide: bool,
    #[serde(default)]
    areas: Vec<DistrictCode>,
    #[serde(default)]
    parent: Option<AgencyCode>,
    #[serde(default)]
    duty: bool,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
    #[serde(default)]
    successor: Option<AgencyCode>,
    #[serde(default)]
    successor_note: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    focal_points: Vec<FocalPointRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FocalPointRow {
    code: Spanned<String>,
    name: String,
    #[serde(default)]
    ward: Option<WardCode>,
    #[serde(default)]
    sectors: Vec<SectorCode>,
    #[serde(default)]
    duty: bool,
    #[serde(default)]
    vacant: bool,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
}

/// Reads a file of agencies with their focal points.
pub(super) fn agencies(reading: &mut Reading<'_>, nth: usize) {
    let Some(file) = reading.file::<AgencyFile>(nth) else { return };
    for row in file.agency {
        agency(reading, row);
    }
}

fn agency(reading: &mut Reading<'_>, row: AgencyRow) {
    let Some(code) = reading.take(Row::Agency, &row.code).map(AgencyCode::new) else { return };
    if row.successor.is_some() && row.valid_to.is_none() {
        reading.wrong_at(&row.code, "has a successor but no valid_to: say when it ended");
    }
    let mut focal_points = Vec::with_capacity(row.focal_points.len());
    for point in row.focal_points {
        let Some(point_code) = reading.take(Row::FocalPoint, &point.code) else { continue };
        let point = FocalPoint {
            code: FocalPointCode::new(point_code),
            agency: code.clone(),
            name: reading.words(&point.code, "name", point.name),
            ward: point.ward,
            sectors: point.sectors,
            duty: point.duty,
            vacant: point.vacant,
            validity: reading.validity(&point.code, point.valid_from, point.valid_to),
        };
        focal_points.push(point.code.clone());
        reading.directory.focal_points.insert(point.code.clone(), point);
    }
    let name = reading.words(&row.code, "name", row.name);
    let agency = Agency {
        short_name: row.short_name.unwrap_or_else(|| name.clone()),
        name,
        unit: reading.words(&row.code, "unit", row.unit),
        sectors: row.sectors,
        lead_sectors: row.lead_sectors,
        citywide: row.citywide,
        areas: row.areas,
        parent: row.parent,
        duty: row.duty,
        validity: reading.validity(&row.code, row.valid_from, row.valid_to),
        successor: row.successor,
        successor_note: row.successor_note,
        note: row.note,
        focal_points,
        code: code.clone(),
    };
    reading.directory.agencies.insert(code, agency);
}
