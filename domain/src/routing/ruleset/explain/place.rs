//! Where something is: from words, coordinates and what was picked; and what to ask when that does
//! not tell.

use jiff::Timestamp;
use jiff::civil::Date;

use super::RuleSet;
use crate::codes::{DistrictCode, WardCode};
use crate::routing::boundaries::Boundaries;
use crate::routing::place::{Place, PlaceInput};
use crate::routing::tokens::Token;
use crate::routing::verdict::{Question, QuestionOption, RouteInput};

impl RuleSet {
    /// The district and ward whose imported boundary holds a point at a moment; none where the
    /// boundaries leave several districts, or do not hold it.
    pub fn located(
        &self,
        (lat, lon): (f64, f64),
        at: Timestamp,
        boundaries: &Boundaries,
    ) -> Option<(DistrictCode, Option<WardCode>)> {
        self.places.located(&self.directory, boundaries, self.day(at), lat, lon)
    }

    /// The day of a moment, in the city's zone.
    pub(super) fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.policy.calendars.zone().clone()).date()
    }

    pub(super) fn place(
        &self,
        input: &RouteInput,
        address: Option<&str>,
        text: &[Token],
        boundaries: &Boundaries,
        day: Date,
    ) -> Place {
        let (point, attributes) = (input.point, &input.attributes);
        let input = PlaceInput { address, text, point, attributes, boundaries, day };
        self.places.find(&self.directory, &input)
    }

    pub(super) fn district_question(&self, place: &Place) -> Question {
        let open: Vec<_> = if place.candidates.is_empty() {
            self.directory.districts.values().collect()
        } else {
            place.candidates.iter().filter_map(|c| self.directory.districts.get(c)).collect()
        };
        let options = open
            .into_iter()
            .map(|d| QuestionOption {
                value: d.code.as_str().to_owned(),
                vi: d.name.clone(),
                en: d.name.clone(),
            })
            .collect();
        Question {
            attribute: "district".to_owned(),
            vi: "Sự việc xảy ra ở phường, quận (huyện) nào?".to_owned(),
            en: "In which ward and district is it?".to_owned(),
            options,
        }
    }
}
