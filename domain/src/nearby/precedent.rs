//! How alike the grounds of two disputes over competence are: a ruling in one is a precedent for
//! the other.

use super::hash::hash;
use super::keys::{bands, key};
use super::print::Print;
use super::score::{alike_words, count, odds, weight_of_words};
use crate::case::command::Found;
use crate::case::state::Return;
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, SectorCode, WardCode};

/// From here on a ruling is near enough to propose its agency.
pub const NEAR: f64 = 0.5;

/// The odds before anything is known.
const BEFORE: f64 = -2.4;

/// What a dispute is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grounds {
    /// The words and places.
    pub print: Print,
    /// The category.
    pub category: Option<CategoryCode>,
    /// The sector.
    pub sector: Option<SectorCode>,
    /// The district.
    pub district: Option<DistrictCode>,
    /// The ward.
    pub ward: Option<WardCode>,
    /// Agencies that returned the case.
    pub returned_by: Vec<AgencyCode>,
    /// The agency the last of them named.
    pub proposed: Option<AgencyCode>,
}

/// Why a ruling is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The same category.
    Category,
    /// The same sector.
    Sector,
    /// The same ward.
    Ward,
    /// The same district.
    District,
    /// The same street or place by name.
    Place,
    /// The words are alike, in per cent.
    Words(u32),
    /// The same agency returned it.
    ReturnedBy(AgencyCode),
    /// The same agency was named by who returned it.
    Proposed(AgencyCode),
}

impl Ground {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Category => "same_category",
            Self::Sector => "same_sector",
            Self::Ward => "same_ward",
            Self::District => "same_district",
            Self::Place => "same_street",
            Self::Words(_) => "similar_words",
            Self::ReturnedBy(_) => "same_returning_agency",
            Self::Proposed(_) => "same_agency_named",
        }
    }

    /// In Vietnamese.
    pub fn vi(&self) -> String {
        match self {
            Self::Category => "Cùng loại việc.".to_owned(),
            Self::Sector => "Cùng lĩnh vực.".to_owned(),
            Self::Ward => "Cùng phường, xã.".to_owned(),
            Self::District => "Cùng quận, huyện.".to_owned(),
            Self::Place => "Cùng tên đường hoặc địa điểm.".to_owned(),
            Self::Words(percent) => format!("Từ ngữ giống nhau {percent}%."),
            Self::ReturnedBy(agency) => format!("Cùng do {agency} trả lại."),
            Self::Proposed(agency) => format!("Cùng được đề nghị chuyển {agency}."),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Self::Category => "The same category.".to_owned(),
            Self::Sector => "The same sector.".to_owned(),
            Self::Ward => "The same ward.".to_owned(),
            Self::District => "The same district.".to_owned(),
            Self::Place => "The same street or place by name.".to_owned(),
            Self::Words(percent) => format!("The words are {percent}% alike."),
            Self::ReturnedBy(agency) => format!("Returned by {agency} as well."),
            Self::Proposed(agency) => {
                format!("{agency} was named by the returning agency as well.")
            }
        }
    }
}

/// How alike two disputes are, 0 to 1, and why, the strongest reason first.
pub fn alike(a: &Grounds, b: &Grounds) -> (f64, Vec<Ground>) {
    let mut weighed: Vec<(f64, Option<Ground>)> = vec![matter(a, b), area(a, b)];
    let streets = |print: &Print| print.places.iter().map(|p| p.words.clone()).collect::<Vec<_>>();
    let named = streets(&b.print);
    if streets(&a.print).iter().any(|street| named.contains(street)) {
        weighed.push((0.9, Some(Ground::Place)));
    }
    let words = alike_words(&a.print, &b.print);
    let weight = weight_of_words(&a.print, &b.print);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let percent = (words * 100.0).round() as u32;
    let why = (percent >= 15).then_some(Ground::Words(percent));
    weighed.push((((4.0 * words - 0.4) * weight).min(2.4), why));
    if let Some(agency) = a.returned_by.iter().find(|agency| b.returned_by.contains(agency)) {
        weighed.push((0.8, Some(Ground::ReturnedBy(agency.clone()))));
    }
    if let Some(agency) = a.proposed.as_ref().filter(|_| a.proposed == b.proposed) {
        weighed.push((0.6, Some(Ground::Proposed(agency.clone()))));
    }
    let sum: f64 = weighed.iter().map(|(weight, _)| weight).sum();
    weighed.sort_by(|x, y| y.0.total_cmp(&x.0));
    (odds(BEFORE + sum), weighed.into_iter().filter_map(|(_, ground)| ground).collect())
}

fn matter(a: &Grounds, b: &Grounds) -> (f64, Option<Ground>) {
    match (&a.category, &b.category, &a.sector, &b.sector) {
        (Some(one), Some(two), ..) if one == two => (2.4, Some(Ground::Category)),
        (_, _, Some(one), Some(two)) if one == two => (0.5, Some(Ground::Sector)),
        (_, _, Some(_), Some(_)) => (-1.2, None),
        _ => (0.0, None),
    }
}

fn area(a: &Grounds, b: &Grounds) -> (f64, Option<Ground>) {
    match (&a.ward, &b.ward, &a.district, &b.district) {
        (Some(one), Some(two), ..) if one == two => (1.0, Some(Ground::Ward)),
        (_, _, Some(one), Some(two)) if one == two => (0.6, Some(Ground::District)),
        _ => (0.0, None),
    }
}

/// The keys a ruling is filed under and looked up by: category, category and district, sector and
/// district, streets, words, who returned it. The last is shared by all, so that there is always
/// the newest to compare with.
pub fn grounds(print: &Print, found: Option<&Found>, returns: &[Return]) -> Vec<i64> {
    let code = |code: Option<&str>| code.unwrap_or_default().as_bytes().to_vec();
    let category = code(found.and_then(|f| f.category.as_ref()).map(CategoryCode::as_str));
    let sector = code(found.and_then(|f| f.sector.as_ref()).map(SectorCode::as_str));
    let district = code(found.and_then(|f| f.district.as_ref()).map(DistrictCode::as_str));
    let mut keys = vec![key(b"any ruling", &[])];
    let two = |one: &[u8], two: &[u8]| hash(&[one, two]).to_be_bytes();
    if !category.is_empty() {
        keys.push(key(b"ruling category", &category));
        if !district.is_empty() {
            keys.push(key(b"ruling category and district", &two(&category, &district)));
        }
    }
    if !sector.is_empty() && !district.is_empty() {
        keys.push(key(b"ruling sector and district", &two(&sector, &district)));
    }
    keys.extend(print.places.iter().map(|p| key(b"ruling street", &p.street().to_be_bytes())));
    keys.extend(bands(print).into_iter().map(|band| key(b"ruling words", &band.to_be_bytes())));
    keys.extend(returns.iter().map(|r| key(b"ruling returned", r.agency.as_str().as_bytes())));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How sure a proposal is: how near its nearest ruling is, times the share of all near rulings
/// that say the same.
pub fn confidence(nearest: f64, same: &[f64], all: &[f64]) -> f64 {
    let sum = |scores: &[f64]| scores.iter().sum::<f64>();
    // One ruling alone is less than a practice.
    let practice = count(same.len()) / (count(same.len()) + 0.25);
    if all.is_empty() { 0.0 } else { nearest * practice * sum(same) / sum(all) }
}
