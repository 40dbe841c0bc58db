//! The rule set as a case sees it.

use jiff::Timestamp;

use super::ruleset::RuleSet;
use super::ruleset::settings::EndedUnit;
use crate::case::policy::{CasePolicy, CategoryFacts, Standing};
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, WardCode};
use crate::time::Policy;

impl CasePolicy for RuleSet {
    fn hash(&self) -> &str {
        &self.hash
    }

    fn standing(&self, code: &AgencyCode, at: Timestamp) -> Standing {
        let Some(agency) = self.directory.agency(code) else { return Standing::Unknown };
        let day = at.to_zoned(self.policy.calendars.zone().clone()).date();
        if !agency.validity.ended_before(day) {
            return Standing::Open;
        }
        let successor = self.directory.in_force(code, day);
        let follows = (successor != code).then(|| successor.clone());
        // A unit whose successor the directory does not know keeps receiving where the city says
        // so: better a telephone that still rings than a case with nobody.
        if follows.is_none() && self.settings.ended_without_successor == EndedUnit::Keep {
            return Standing::Open;
        }
        Standing::Ended { successor: follows }
    }

    fn agency_of(&self, focal_point: &FocalPointCode) -> Option<AgencyCode> {
        self.directory.focal_points.get(focal_point).map(|point| point.agency.clone())
    }

    fn category(&self, code: &CategoryCode) -> Option<CategoryFacts> {
        self.directory.category(code).map(|category| CategoryFacts {
            sector: category.sector.clone(),
            priority: Some(category.priority),
            urgent: category.urgent,
            needs_photo: category.after_photo,
            confidential: category.confidential,
        })
    }

    fn is_place(&self, district: Option<&DistrictCode>, ward: Option<&WardCode>) -> bool {
        let known = district.is_none_or(|code| self.directory.districts.contains_key(code));
        let inside = ward.is_none_or(|code| {
            let ward = self.directory.wards.get(code);
            ward.is_some_and(|ward| district.is_none_or(|given| *given == ward.district))
        });
        known && inside
    }

    fn time(&self) -> &Policy {
        &self.policy
    }
}
