//! How alike two feedbacks are.
//!
//! Evidence for and against is added up as log odds and turned into a number from 0 to 1. The
//! weights were set by hand and measured on the labelled pairs of
//! `tests/data/duplicates/pairs.tsv`; `docs/nearby.md` has the figures.

use jiff::Timestamp;

use super::print::{PlaceName, Print};
use super::reason::Reason;
use crate::codes::{CategoryCode, DistrictCode, SectorCode, WardCode};

/// From here on two feedbacks are taken for one matter.
pub const LIKELY: f64 = 0.5;

/// The odds before anything is known: of all candidates few are the same matter.
const BEFORE: f64 = -3.0;

/// A feedback as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Its words and places.
    pub print: Print,
    /// Latitude and longitude in degrees.
    pub point: Option<(f64, f64)>,
    /// Its category.
    pub category: Option<CategoryCode>,
    /// Its sector.
    pub sector: Option<SectorCode>,
    /// Its district.
    pub district: Option<DistrictCode>,
    /// Its ward.
    pub ward: Option<WardCode>,
    /// When it was received.
    pub received_at: Timestamp,
}

/// How alike two feedbacks are, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// 0 to 1; [`LIKELY`] and more is taken for one matter.
    pub score: f64,
    /// What speaks for it, the strongest first.
    pub reasons: Vec<Reason>,
    /// How far apart, in metres, when both have a point.
    pub metres: Option<f64>,
    /// How alike the words are, 0 to 1.
    pub words: f64,
}

/// Compares two feedbacks. The order does not matter.
pub fn compare(a: &Sight, b: &Sight) -> Likeness {
    let mut weighed = Weighed::default();
    let metres = a.point.zip(b.point).map(|(a, b)| metres(a, b));
    place(a, b, metres, &mut weighed);
    let words = alike_words(&a.print, &b.print);
    let weight = weight_of_words(&a.print, &b.print);
    let for_words = ((5.0 * words - 0.7) * weight).min(3.0);
    let percent = (words * 100.0).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    weighed.add(for_words, (words >= 0.15).then_some(Reason::Words(percent as u32)));
    category(a, b, &mut weighed);
    let apart = a.received_at.duration_since(b.received_at).abs();
    let days = apart.as_secs_f64() / 86_400.0;
    let for_time = along(days, &[(1.0, 0.6), (3.0, 0.3), (7.0, 0.0), (14.0, -0.8), (30.0, -2.5)]);
    weighed.add(for_time, Some(Reason::Within(apart)));
    weighed.reasons.sort_by(|x, y| y.0.total_cmp(&x.0));
    Likeness {
        score: odds(BEFORE + weighed.sum),
        reasons: weighed.reasons.into_iter().map(|(_, reason)| reason).collect(),
        metres,
        words,
    }
}

/// How alike the words of two prints are, 0 to 1: twice what they share over what both have. The
/// words of places either names are left out: that the place is the same is other evidence.
pub fn alike_words(a: &Print, b: &Print) -> f64 {
    let (mine, others) = (matter(a, b), matter(b, a));
    let shared = mine.iter().filter(|word| others.binary_search(word).is_ok()).count();
    let both = mine.len() + others.len();
    if both == 0 { 0.0 } else { 2.0 * count(shared) / count(both) }
}

/// The words of `a` that belong to no place that `a` or `b` names.
fn matter(a: &Print, b: &Print) -> Vec<u32> {
    let named = |word: &u32| a.places.iter().chain(&b.places).any(|p| p.words.contains(word));
    a.words.iter().copied().filter(|word| !named(word)).collect()
}

pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Log odds as a number from 0 to 1.
pub(super) fn odds(log: f64) -> f64 {
    1.0 / (1.0 + (-log).exp())
}

/// How much it says that the words agree or do not: few words say little.
pub(super) fn weight_of_words(a: &Print, b: &Print) -> f64 {
    let said = matter(a, b).len().min(matter(b, a).len());
    (count(said) / 6.0).min(1.0)
}

/// Metres between two points, on a sphere made flat: right to a metre in a thousand in a city.
pub fn metres((lat_a, lon_a): (f64, f64), (lat_b, lon_b): (f64, f64)) -> f64 {
    const DEGREE: f64 = 111_195.0;
    let north = (lat_a - lat_b) * DEGREE;
    let east = (lon_a - lon_b) * DEGREE * ((lat_a + lat_b) / 2.0).to_radians().cos();
    north.hypot(east)
}

#[derive(Default)]
struct Weighed {
    sum: f64,
    reasons: Vec<(f64, Reason)>,
}

impl Weighed {
    fn add(&mut self, weight: f64, reason: Option<Reason>) {
        self.sum += weight;
        self.reasons.extend(reason.map(|reason| (weight, reason)));
    }
}

fn place(a: &Sight, b: &Sight, metres: Option<f64>, weighed: &mut Weighed) {
    let named = Named::of(&a.print, &b.print);
    let by_name = match named {
        Named::House => 2.6,
        Named::Street => 1.0,
        Named::OtherHouse => -0.2,
        Named::Mentioned => 0.6,
        Named::Nothing => 0.0,
        Named::Other => -1.0,
    };
    let reason = match named {
        Named::House => Some(Reason::SameHouse),
        Named::Street | Named::OtherHouse | Named::Mentioned => Some(Reason::SameStreet),
        Named::Nothing | Named::Other => None,
    };
    if let Some(metres) = metres {
        let by_distance = along(
            metres,
            &[
                (30.0, 2.6),
                (80.0, 1.9),
                (150.0, 1.2),
                (300.0, 0.3),
                (500.0, -0.8),
                (1_000.0, -2.5),
                (3_000.0, -4.0),
            ],
        );
        // Maps put addresses wrong; who names the same house is there.
        let weight = match named {
            Named::House => by_distance.max(2.2) + 0.3,
            _ => by_distance + (by_name / 2.0_f64).clamp(-0.5, 0.5),
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and saturates"
        )]
        let near = (metres <= 300.0).then_some(Reason::Near(metres.ceil() as u32));
        weighed.add(weight, near);
        weighed.add(0.0, reason);
        return;
    }
    weighed.add(by_name, reason);
    let (weight, reason) = match (&a.ward, &b.ward, &a.district, &b.district) {
        (_, _, Some(one), Some(two)) if one != two => {
            (if named == Named::House { -1.5 } else { -3.0 }, None)
        }
        (Some(one), Some(two), ..) if one == two => (0.8, Some(Reason::SameWard)),
        (Some(_), Some(_), ..) => (-0.8, None),
        (_, _, Some(_), Some(_)) => (0.3, Some(Reason::SameDistrict)),
        _ => (0.0, None),
    };
    weighed.add(weight, reason);
}

fn category(a: &Sight, b: &Sight, weighed: &mut Weighed) {
    match (&a.category, &b.category, &a.sector, &b.sector) {
        (Some(one), Some(two), ..) if one == two => weighed.add(1.6, Some(Reason::SameCategory)),
        (_, _, Some(one), Some(two)) if one == two => weighed.add(-0.6, Some(Reason::SameSector)),
        (_, _, Some(_), Some(_)) => weighed.add(-1.5, None),
        _ => {}
    }
}

/// What two prints say about their places by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// Both name places, none in common.
    Other,
    /// One of them names none.
    Nothing,
    /// The same street with different numbers.
    OtherHouse,
    /// One names a place whose words the other uses, or both a name that may be anything.
    Mentioned,
    /// The same street.
    Street,
    /// The same street and number.
    House,
}

impl Named {
    fn of(a: &Print, b: &Print) -> Self {
        let pairs = a.places.iter().flat_map(|one| b.places.iter().map(move |two| (one, two)));
        let best = pairs.filter_map(|(one, two)| Self::of_names(one, two)).max();
        let said = |place: &PlaceName, print: &Print| {
            place.words.len() > 1
                && place.words.iter().all(|word| print.words.binary_search(word).is_ok())
        };
        let mentioned = a.places.iter().any(|place| said(place, b))
            || b.places.iter().any(|place| said(place, a));
        let none = a.places.is_empty() || b.places.is_empty();
        match best {
            Some(best) => best,
            None if mentioned => Self::Mentioned,
            None if none => Self::Nothing,
            None => Self::Other,
        }
    }

    fn of_names(one: &PlaceName, two: &PlaceName) -> Option<Self> {
        if one.words != two.words {
            return None;
        }
        Some(match (one.number, two.number) {
            (Some(one), Some(two)) if one == two => Self::House,
            (Some(_), Some(_)) => Self::OtherHouse,
            _ if one.sure || two.sure => Self::Street,
            _ => Self::Mentioned,
        })
    }
}

/// A line through points, flat before the first and after the last.
fn along(x: f64, points: &[(f64, f64)]) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    for &(at, value) in points {
        if x <= at {
            return before
                .map_or(value, |(from, start)| start + (value - start) * (x - from) / (at - from));
        }
        before = Some((at, value));
    }
    before.map_or(0.0, |(_, value)| value)
}
