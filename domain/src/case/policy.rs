//! What the case asks of the city's policy: the directory, the limits, the desk's rules. The rule
//! set implements it; tests have a small one of their own.

use jiff::Timestamp;

use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::kinds::Priority;
use crate::time::Policy;

/// How an agency stands at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not in the directory.
    Unknown,
    /// In the directory and receiving cases.
    Open,
    /// Ended; the successor has its cases, if the directory names one.
    Ended {
        /// The successor.
        successor: Option<AgencyCode>,
    },
}

/// What the case needs to know of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryFacts {
    /// Its sector.
    pub sector: SectorCode,
    /// Its usual priority.
    pub priority: Option<Priority>,
    /// Urgent by itself.
    pub urgent: bool,
    /// Finished work must be shown by a photograph.
    pub needs_photo: bool,
    /// To be kept confidential.
    pub confidential: bool,
}

/// The city's policy as a case sees it.
pub trait CasePolicy {
    /// Hash of the rule set.
    fn hash(&self) -> &str;
    /// How an agency stands at `at`.
    fn standing(&self, agency: &AgencyCode, at: Timestamp) -> Standing;
    /// The agency a focal point belongs to.
    fn agency_of(&self, focal_point: &FocalPointCode) -> Option<AgencyCode>;
    /// A category.
    fn category(&self, code: &CategoryCode) -> Option<CategoryFacts>;
    /// Whether a district, and a ward if given, are in the directory and belong together.
    fn is_place(&self, district: Option<&DistrictCode>, ward: Option<&WardCode>) -> bool;
    /// Limits, calendars and the desk's numbers.
    fn time(&self) -> &Policy;
}
