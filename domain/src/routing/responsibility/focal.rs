//! Which focal point inside an agency receives the case.

use jiff::civil::Date;

use crate::codes::{AgencyCode, FocalPointCode, SectorCode, WardCode};
use crate::routing::directory::{Directory, FocalPoint};

/// The ward's focal point; else for what is urgent the duty desk; else the one for the sector;
/// else the duty desk; else the first. Vacant ones, ended ones and other wards' never.
pub fn choose(
    directory: &Directory,
    agency: &AgencyCode,
    ward: Option<&WardCode>,
    sector: Option<&SectorCode>,
    urgent: bool,
    day: Date,
) -> Option<FocalPointCode> {
    let open: Vec<&FocalPoint> = directory
        .agency(agency)?
        .focal_points
        .iter()
        .filter_map(|code| directory.focal_points.get(code))
        .filter(|point| !point.vacant && !point.validity.ended_before(day))
        .collect();
    let of_ward = open.iter().find(|point| point.ward.is_some() && point.ward.as_ref() == ward);
    let mut central = open.iter().filter(|point| point.ward.is_none());
    let duty = || open.iter().find(|point| point.ward.is_none() && point.duty);
    of_ward
        .or_else(|| if urgent { duty() } else { None })
        .or_else(|| central.clone().find(|point| sector.is_some_and(|s| point.sectors.contains(s))))
        .or_else(duty)
        .or_else(|| central.next())
        .map(|point| point.code.clone())
}
