//! Under what a feedback is filed and looked up: the square of the map it lies in, the places it
//! names, bands of its words, its ward and category. Each key is one number; looking up reads the
//! newest few of each, so that the cost does not depend on how many feedbacks there are.

use jiff::SignedDuration;

use super::hash::{hash, mixed};
use super::print::Print;

/// How far apart in time two feedbacks of one matter may be.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Squares a degree: about 275 m a side in the south of Vietnam.
const SQUARES: f64 = 400.0;
/// Bands of words, each of two smallest hashes: of texts that share half of their words two in
/// three meet, of those that share nine in ten all but one in a hundred.
const BANDS: u64 = 4;
/// Fewer words than this band with too much.
const BANDED_WORDS: usize = 4;

/// What a feedback is filed under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filing {
    /// By what never changes: point, places, words.
    pub fixed: Vec<i64>,
    /// By where and what it was found to be; changes when somebody decides otherwise.
    pub area: Option<i64>,
}

impl Filing {
    /// All keys.
    pub fn all(&self) -> impl Iterator<Item = i64> {
        self.fixed.iter().copied().chain(self.area)
    }
}

/// The keys of a feedback with this print and point. `area` is the narrowest area known (ward or
/// district) and the category.
pub fn filing(print: &Print, point: Option<(f64, f64)>, area: Option<(&str, &str)>) -> Filing {
    let mut fixed: Vec<i64> = point.map(|(lat, lon)| cell(square(lat, lon))).into_iter().collect();
    for place in &print.places {
        fixed.push(key(b"street", &place.street().to_be_bytes()));
        if let Some(number) = place.number {
            let house = [&place.street().to_be_bytes()[..], &number.to_be_bytes()].concat();
            fixed.push(key(b"house", &house));
        }
    }
    fixed.extend(bands(print));
    let mut seen = std::collections::BTreeSet::new();
    fixed.retain(|key| seen.insert(*key));
    let area = area.map(|(area, category)| {
        key(b"area", &hash(&[area.as_bytes(), category.as_bytes()]).to_be_bytes())
    });
    Filing { fixed, area }
}

/// The keys of the eight squares around a point's own.
pub fn around((lat, lon): (f64, f64)) -> Vec<i64> {
    let (x, y) = square(lat, lon);
    let beside = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
    beside.filter(|step| *step != (0, 0)).map(|(dx, dy)| cell((x + dx, y + dy))).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "degrees are within ±180; others saturate")]
fn square(lat: f64, lon: f64) -> (i64, i64) {
    ((lat * SQUARES).floor() as i64, (lon * SQUARES).floor() as i64)
}

fn cell((x, y): (i64, i64)) -> i64 {
    key(b"cell", &[x.to_be_bytes(), y.to_be_bytes()].concat())
}

/// Keys that texts with mostly the same words share: the smallest of the words' hashes under
/// several orders, two at a time.
pub(super) fn bands(print: &Print) -> Vec<i64> {
    if print.words.len() < BANDED_WORDS {
        return Vec::new();
    }
    let smallest = |order: u64| {
        let order = mixed(order + 1);
        print.words.iter().map(|word| mixed(u64::from(*word) ^ order)).min().unwrap_or_default()
    };
    (0..BANDS)
        .map(|band| {
            let pair = [smallest(2 * band).to_be_bytes(), smallest(2 * band + 1).to_be_bytes()];
            key(b"words", &[&band.to_be_bytes()[..], &pair.concat()].concat())
        })
        .collect()
}

pub(super) fn key(tag: &[u8], value: &[u8]) -> i64 {
    hash(&[tag, value]).cast_signed()
}
