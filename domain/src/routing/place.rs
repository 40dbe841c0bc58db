//! District and ward, from an address, from free text or from coordinates.
//!
//! A name counts when the words around it make it a place: "phường 1" needs a district, "tb" needs
//! a "quận" before it or a ward beside it, a ward's name without "phường" is a street or a plain
//! word. The address beats the text, and clear words beat coordinates: people report from home what
//! they saw elsewhere. Coordinates in an imported boundary beat words that are not clear. Where
//! they disagree the result says so.

mod index;
mod mentions;
mod point;
mod resolve;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::boundaries::Boundaries;
use super::directory::Directory;
use super::tokens::{Token, tokens};
use super::verdict::PlaceSource;
use crate::codes::{DistrictCode, WardCode};
use mentions::Mentions;

pub use index::PlaceIndex;

/// Words that make a name a place, from `places.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceWords {
    /// Before the name of a district; single letters may be glued to it ("q12").
    pub district_words: Vec<String>,
    /// Before the name or number of a ward.
    pub ward_words: Vec<String>,
    /// After these a district's name is a street or a direction.
    pub not_place_after: Vec<String>,
    /// After these a district's name counts only when nothing else is known.
    pub weak_after: Vec<String>,
    /// Before a street's name or number; a short district name may follow the street ("Lê Lai gv").
    pub street_words: Vec<String>,
    /// Names of wards that are also streets, people or plain words: they count only with a word
    /// from `ward_words` before them.
    pub not_ward_alone: Vec<String>,
}

/// What was found about the place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The district.
    pub district: Option<DistrictCode>,
    /// The ward.
    pub ward: Option<WardCode>,
    /// Where the district came from.
    pub source: Option<PlaceSource>,
    /// Whether the words may mean something else: a bridge named after a district, a ward's name
    /// without "phường".
    pub unsure: bool,
    /// Districts that are possible, when the words leave several open.
    pub candidates: Vec<DistrictCode>,
    /// Where it was read, in Vietnamese sentences.
    pub because: Vec<String>,
}

/// What places are looked for in.
#[derive(Clone, Copy, Debug)]
pub struct PlaceInput<'a> {
    /// The address given apart from the text.
    pub address: Option<&'a str>,
    /// The words of the text.
    pub text: &'a [Token],
    /// Latitude and longitude.
    pub point: Option<(f64, f64)>,
    /// Answers to earlier questions: `district` and `ward` are used.
    pub attributes: &'a BTreeMap<String, String>,
    /// The imported boundaries.
    pub boundaries: &'a Boundaries,
    /// The day whose boundaries hold.
    pub day: Date,
}

impl PlaceIndex {
    /// Finds the place.
    pub fn find(&self, directory: &Directory, input: &PlaceInput<'_>) -> Place {
        let in_text = self.mentions(input.text, false);
        let in_address = input.address.map(|address| self.mentions(&tokens(address), true));
        let mut place = self.in_words(directory, in_address.as_ref(), &in_text);
        if let Some(given) = given(directory, input.attributes) {
            place = overruled(place, given);
        }
        if let Some(point) = input.point {
            self.by_point(directory, input, point, &mut place);
        }
        if place.ward.is_none() && place.district.is_some() {
            place.ward = [in_address.as_ref(), Some(&in_text)]
                .into_iter()
                .flatten()
                .find_map(|found| self.ward_in(directory, found, place.district.as_ref()));
        }
        place
    }

    fn in_words(
        &self,
        directory: &Directory,
        in_address: Option<&Mentions>,
        in_text: &Mentions,
    ) -> Place {
        let elsewhere = self.resolve(directory, in_text, "nội dung");
        let Some(in_address) = in_address else { return elsewhere };
        let mut place = self.resolve(directory, in_address, "địa chỉ");
        match (&place.district, elsewhere.district) {
            (None, _) => {
                // "phường 5" in the address and "quận 3" in the text belong together.
                let together = in_address.clone().joined(in_text.clone());
                return self.resolve(directory, &together, "địa chỉ và nội dung");
            }
            (Some(here), Some(there)) if *here != there => place.because.push(
                "Nội dung nhắc đến quận, huyện khác với địa chỉ; lấy theo địa chỉ.".to_owned(),
            ),
            _ => {}
        }
        place
    }
}

/// What was picked beats what was read; a disagreement is said.
fn overruled(read: Place, given: Place) -> Place {
    let mut because = given.because.clone();
    because.extend(read.because);
    if read.district.is_some() && read.district != given.district {
        because.push("Nội dung nêu quận, huyện khác; lấy theo nơi đã chọn.".to_owned());
    }
    let ward = read.ward.filter(|_| read.district == given.district);
    Place { ward: given.ward.clone().or(ward), because, ..given }
}

/// The place an operator picked, when it exists.
fn given(directory: &Directory, attributes: &BTreeMap<String, String>) -> Option<Place> {
    let ward = attributes.get("ward").and_then(|code| directory.wards.get(code.as_str()));
    let district = attributes
        .get("district")
        .and_then(|code| directory.districts.get(code.as_str()))
        .map(|district| district.code.clone());
    let district = district.or_else(|| ward.map(|ward| ward.district.clone()))?;
    let ward = ward.filter(|ward| ward.district == district);
    Some(Place {
        because: vec![format!("Nơi được chọn: {}.", name_of(directory, &district))],
        ward: ward.map(|ward| ward.code.clone()),
        district: Some(district),
        source: Some(PlaceSource::Picked),
        unsure: false,
        candidates: Vec::new(),
    })
}

fn name_of<'a>(directory: &'a Directory, code: &'a DistrictCode) -> &'a str {
    directory.districts.get(code).map_or(code.as_str(), |district| district.name.as_str())
}

#[cfg(test)]
mod tests;
