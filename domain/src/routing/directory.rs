//! The city's directory: agencies and their focal points, sectors, categories, districts, wards.
//!
//! Every row is valid from a day and, when it ended, until a day (both included). What ended is
//! kept: people go on writing old names, and open cases go on belonging to old units.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::kinds::{Handoff, Priority};
use crate::time::CategoryLimits;

/// From when until when a row is in force. `from` is absent for "since ever".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether the row is in force on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.ended_before(day)
    }

    /// Whether the row had ended before `day`.
    pub fn ended_before(&self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }
}

/// An agency of the city.
#[derive(Clone, Debug, PartialEq)]
pub struct Agency {
    /// Its code, e.g. `UBND-Q1`.
    pub code: AgencyCode,
    /// Full name.
    pub name: String,
    /// Short name for lists.
    pub short_name: String,
    /// What kind of unit it is, a word of the directory, e.g. `district_pc`.
    pub unit: String,
    /// Sectors it works in.
    pub sectors: Vec<SectorCode>,
    /// Sectors it leads.
    pub lead_sectors: Vec<SectorCode>,
    /// Whether it works in the whole city.
    pub citywide: bool,
    /// Districts it is responsible for when a rule asks for the unit of a place.
    pub areas: Vec<DistrictCode>,
    /// The agency above it.
    pub parent: Option<AgencyCode>,
    /// Whether somebody is on duty round the clock.
    pub duty: bool,
    /// When it exists.
    pub validity: Validity,
    /// Who took over, when that agency is in the directory.
    pub successor: Option<AgencyCode>,
    /// Who took over, in words.
    pub successor_note: Option<String>,
    /// Remarks for reviewers.
    pub note: Option<String>,
    /// Its focal points, in the directory's order.
    pub focal_points: Vec<FocalPointCode>,
}

/// A focal point ("đầu mối"): the desk inside an agency that receives cases.
#[derive(Clone, Debug, PartialEq)]
pub struct FocalPoint {
    /// Its code, e.g. `UBND-Q1-01`.
    pub code: FocalPointCode,
    /// The agency it belongs to.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// The ward it covers, if it covers one.
    pub ward: Option<WardCode>,
    /// Sectors it takes before the other focal points of the agency.
    pub sectors: Vec<SectorCode>,
    /// Whether it is the duty desk, which takes what is urgent.
    pub duty: bool,
    /// Whether nobody sits there now; never chosen.
    pub vacant: bool,
    /// When it exists.
    pub validity: Validity,
}

/// One of the sectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Sector {
    /// Its code, e.g. `GT`.
    pub code: SectorCode,
    /// Its name.
    pub name: String,
    /// When it exists.
    pub validity: Validity,
}

/// An agency as a category names it: a code, or the unit of a kind for the place (`UBND@AREA`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgencyRef {
    /// This agency.
    Code(AgencyCode),
    /// The unit of this token's kind for the place, e.g. `UBND`.
    Area(String),
}

impl std::fmt::Display for AgencyRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Area(token) => write!(f, "{token}@AREA"),
        }
    }
}

impl AgencyRef {
    /// Reads `UDC` or `UBND@AREA`.
    pub fn parse(text: &str) -> Self {
        match text.strip_suffix("@AREA") {
            Some(token) => Self::Area(token.to_owned()),
            None => Self::Code(AgencyCode::new(text)),
        }
    }
}

/// One of the categories, with everything routing and time need of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Its code, e.g. `GT01`.
    pub code: CategoryCode,
    /// The sector it belongs to.
    pub sector: SectorCode,
    /// Its name.
    pub name: String,
    /// How urgent such cases are.
    pub priority: Priority,
    /// Whether such cases jump the queue.
    pub urgent: bool,
    /// The decision table that finds the agency, e.g. `ROAD_CLASS`.
    pub route: String,
    /// Who may be responsible, the most likely first.
    pub primary: Vec<AgencyRef>,
    /// Who helps.
    pub co_agencies: Vec<AgencyRef>,
    /// Emergency services to hand such reports to, the first one first.
    pub handoff: Vec<Handoff>,
    /// Whether such cases are kept in the sealed stream.
    pub confidential: bool,
    /// Whether "done" needs a photo taken after the work.
    pub after_photo: bool,
    /// Limits of the agency's clocks.
    pub limits: CategoryLimits,
    /// When it exists.
    pub validity: Validity,
}

/// Degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Southern edge.
    pub south: f64,
    /// Western edge.
    pub west: f64,
    /// Northern edge.
    pub north: f64,
    /// Eastern edge.
    pub east: f64,
}

impl Bounds {
    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, lat: f64, lon: f64) -> bool {
        (self.south..=self.north).contains(&lat) && (self.west..=self.east).contains(&lon)
    }

    /// The smallest box around both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        Self {
            south: self.south.min(other.south),
            west: self.west.min(other.west),
            north: self.north.max(other.north),
            east: self.east.max(other.east),
        }
    }
}

/// A district.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// Its code, e.g. `BTH`.
    pub code: DistrictCode,
    /// Its name, e.g. "Quận Bình Thạnh".
    pub name: String,
    /// Other names that stand for it by themselves.
    pub aliases: Vec<String>,
    /// Names too short or too common to stand alone ("tb"); they need other evidence.
    pub weak_aliases: Vec<String>,
    /// Districts that the same name also covers (one city since they merged); the ward decides.
    pub covers: Vec<DistrictCode>,
    /// Its approximate middle: latitude, longitude.
    pub centre: Option<(f64, f64)>,
    /// Its approximate box.
    pub bounds: Option<Bounds>,
    /// When it exists.
    pub validity: Validity,
    /// Who took over, in words.
    pub successor_note: Option<String>,
}

/// A ward, commune or township.
#[derive(Clone, Debug, PartialEq)]
pub struct Ward {
    /// Its code at the statistics office, e.g. `26905`.
    pub code: WardCode,
    /// Its name, e.g. "Phường 13".
    pub name: String,
    /// The district it lies in.
    pub district: DistrictCode,
    /// When it exists.
    pub validity: Validity,
    /// Units that took over, in words; for a ward that was split, the main one first.
    pub successors: Vec<String>,
}

/// A point that does not lie in the city.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the point {lat}, {lon} does not lie in the city")]
pub struct OutsideCity {
    /// Latitude given.
    pub lat: f64,
    /// Longitude given.
    pub lon: f64,
}

/// Everything of the city's directory, by code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    /// Agencies.
    pub agencies: BTreeMap<AgencyCode, Agency>,
    /// Focal points of all agencies.
    pub focal_points: BTreeMap<FocalPointCode, FocalPoint>,
    /// Sectors.
    pub sectors: BTreeMap<SectorCode, Sector>,
    /// Categories.
    pub categories: BTreeMap<CategoryCode, Category>,
    /// Districts.
    pub districts: BTreeMap<DistrictCode, District>,
    /// Wards.
    pub wards: BTreeMap<WardCode, Ward>,
}

impl Directory {
    /// The agency with this code, ended or not.
    pub fn agency(&self, code: &AgencyCode) -> Option<&Agency> {
        self.agencies.get(code)
    }

    /// The category with this code.
    pub fn category(&self, code: &CategoryCode) -> Option<&Category> {
        self.categories.get(code)
    }

    /// Whether `focal_point` is one of `agency`'s.
    pub fn belongs(&self, focal_point: &FocalPointCode, agency: &AgencyCode) -> bool {
        self.focal_points.get(focal_point).is_some_and(|point| point.agency == *agency)
    }

    /// The agency that answers for `code` on `day`: itself, or the successor (of the successor
    /// …) that the directory names. A unit that ended without one in the directory answers for
    /// itself until the city enters the successor.
    pub fn in_force<'a>(&'a self, code: &'a AgencyCode, day: Date) -> &'a AgencyCode {
        let mut current = code;
        // The loader refuses circles; the bound keeps a wrong directory from hanging a caller.
        for _ in 0..self.agencies.len() {
            match self.agencies.get(current) {
                Some(agency) if agency.validity.ended_before(day) => match &agency.successor {
                    Some(next) => current = next,
                    None => break,
                },
                _ => break,
            }
        }
        current
    }

    /// The box around the city, when the districts have boxes.
    pub fn bounds(&self) -> Option<Bounds> {
        self.districts.values().filter_map(|d| d.bounds).reduce(|a, b| a.around(&b))
    }

    /// Checks that a point lies in the city; anything does when the districts have no boxes.
    ///
    /// # Errors
    /// The point, when it lies outside or is not a number.
    pub fn check_point(&self, lat: f64, lon: f64) -> Result<(), OutsideCity> {
        let earth = Bounds { south: -90.0, west: -180.0, north: 90.0, east: 180.0 };
        let inside = earth.contains(lat, lon)
            && self.bounds().is_none_or(|bounds| bounds.contains(lat, lon));
        if inside { Ok(()) } else { Err(OutsideCity { lat, lon }) }
    }
}
