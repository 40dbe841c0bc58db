//! What routing is asked, and what it answers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
pub use crate::kinds::PlaceSource;
use crate::kinds::{Channel, Desk, Handoff, Kind, Priority};

/// Everything routing looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteInput {
    /// What the citizen wrote or said.
    pub text: String,
    /// The kind of case, where somebody decided it.
    pub kind: Option<Kind>,
    /// The category, where somebody decided it.
    pub category: Option<CategoryCode>,
    /// Latitude and longitude, WGS 84 degrees.
    pub point: Option<(f64, f64)>,
    /// The address given apart from the text.
    pub address: Option<String>,
    /// What is known about the thing concerned, e.g. `road_class` = `alley`.
    pub attributes: BTreeMap<String, String>,
    /// When the feedback arrived: which agencies and rules are in force.
    pub at: Timestamp,
    /// The channel it came through.
    pub channel: Option<Channel>,
}

impl RouteInput {
    /// A bare text that arrived at `at`.
    pub fn text(text: impl Into<String>, at: Timestamp) -> Self {
        Self {
            text: text.into(),
            kind: None,
            category: None,
            point: None,
            address: None,
            attributes: BTreeMap::new(),
            at,
            channel: None,
        }
    }
}

/// One answer an operator may pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuestionOption {
    /// What to pass as the attribute's value.
    pub value: String,
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// The one thing to ask the reporter, because the answer decides the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    /// The attribute that is missing, e.g. `road_class`, or `district`.
    pub attribute: String,
    /// The question in Vietnamese.
    pub vi: String,
    /// The question in English.
    pub en: String,
    /// The possible answers; empty for an open question.
    pub options: Vec<QuestionOption>,
}

/// Another reading that lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alternative {
    /// Its category.
    pub category: Option<CategoryCode>,
    /// The agency it would have gone to.
    pub agency: Option<AgencyCode>,
    /// How likely it was, 0 to 1.
    pub confidence: f64,
}

/// Where a feedback goes, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Verdict {
    /// The kind of case.
    pub kind: Kind,
    /// The sector.
    pub sector: Option<SectorCode>,
    /// The category.
    pub category: Option<CategoryCode>,
    /// How urgent the work is.
    pub priority: Option<Priority>,
    /// Whether it jumps the queue.
    pub urgent: bool,
    /// Whether it belongs to the sealed stream.
    pub confidential: bool,
    /// The emergency service it is handed to at once.
    pub handoff: Option<Handoff>,
    /// The district.
    pub district: Option<DistrictCode>,
    /// The ward.
    pub ward: Option<WardCode>,
    /// What told the district; absent when it is not known.
    pub place_source: Option<PlaceSource>,
    /// The responsible agency; absent: a desk decides.
    pub agency: Option<AgencyCode>,
    /// Agencies that help.
    pub co_agencies: Vec<AgencyCode>,
    /// The focal point inside the agency.
    pub focal_point: Option<FocalPointCode>,
    /// The desk where it waits, when it goes to no agency or not only there.
    pub desk: Option<Desk>,
    /// What to ask, when something that decides the agency is not known.
    pub question: Option<Question>,
    /// How sure the reading is, 0 to 1, two decimals.
    pub confidence: f64,
    /// Why, in Vietnamese sentences.
    pub because: Vec<String>,
    /// The rule that decided the agency or desk.
    pub rule: Option<String>,
    /// The hash of the rule set that decided. Where boundaries were consulted, their hash follows
    /// after a `+`: the two together name every input.
    pub rule_set: String,
    /// Readings that lost.
    pub alternatives: Vec<Alternative>,
}
