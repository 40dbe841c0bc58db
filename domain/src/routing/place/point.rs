//! From coordinates to a place: by boundary where one holds the point, else by approximate box and
//! centre; and what happens when words say otherwise.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::index::PlaceIndex;
use super::{Place, PlaceInput, name_of};
use crate::codes::{DistrictCode, WardCode};
use crate::geo::Point;
use crate::routing::boundaries::timeline::Hit;
use crate::routing::boundaries::{Boundaries, Located};
use crate::routing::directory::Directory;
use crate::routing::verdict::PlaceSource;

/// What boundaries say about a point.
struct Ground {
    district: DistrictCode,
    ward: Option<WardCode>,
    /// Districts that words may name without contradicting the boundary.
    possible: BTreeSet<DistrictCode>,
    /// Whether the boundary leaves only this district; else it is the likeliest of several.
    exact: bool,
    /// The area, in words.
    name: String,
}

impl PlaceIndex {
    /// The district and ward of a point, where boundaries leave one district only.
    pub(in crate::routing) fn located(
        &self,
        directory: &Directory,
        boundaries: &Boundaries,
        day: Date,
        lat: f64,
        lon: f64,
    ) -> Option<(DistrictCode, Option<WardCode>)> {
        let located = boundaries.locate(Point::from_degrees(lat, lon)?, day);
        let ground = self.ground(directory, &located, lat, lon).filter(|ground| ground.exact)?;
        Some((ground.district, ground.ward))
    }

    /// Lets a point settle what the words left open, and says when it disagrees with them.
    pub(super) fn by_point(
        &self,
        directory: &Directory,
        input: &PlaceInput<'_>,
        (lat, lon): (f64, f64),
        place: &mut Place,
    ) {
        let located = Point::from_degrees(lat, lon)
            .map(|point| input.boundaries.locate(point, input.day))
            .unwrap_or_default();
        if let Some(ground) = self.ground(directory, &located, lat, lon) {
            return by_boundary(directory, &ground, place);
        }
        if directory.check_point(lat, lon).is_err() {
            place.because.push("Tọa độ nằm ngoài thành phố nên không dùng.".into());
            return;
        }
        if !input.boundaries.is_empty() {
            place.because.push("Tọa độ không nằm trong ranh giới nào đã nạp.".into());
        }
        by_box(directory, lat, lon, place);
    }

    /// The ward decides the district; a unit that took over from wards of several districts is
    /// split by the boundaries of the former districts, when they are loaded.
    fn ground(
        &self,
        directory: &Directory,
        located: &Located<'_>,
        lat: f64,
        lon: f64,
    ) -> Option<Ground> {
        let meant = located.district.and_then(|hit| {
            let code = hit.area.code.as_deref()?;
            directory.districts.get(code).map(|district| {
                district.covers.iter().chain([&district.code]).cloned().collect::<BTreeSet<_>>()
            })
        });
        let Some(hit) = located.ward else {
            let (possible, hit) = (meant?, located.district?);
            return choose(directory, &possible, &possible, None, lat, lon, name(&hit));
        };
        if let Some(code) = &hit.area.code {
            let ward = directory.wards.get(code.as_str())?;
            let own = BTreeSet::from([ward.district.clone()]);
            return choose(directory, &own, &own, Some(ward.code.clone()), lat, lon, name(&hit));
        }
        let unit = self.new_units.get(&hit.area.name)?;
        let both = meant.map(|meant| unit.homes.intersection(&meant).cloned().collect());
        let fitting: BTreeSet<_> =
            both.filter(|b: &BTreeSet<_>| !b.is_empty()).unwrap_or_else(|| unit.homes.clone());
        let ward = unit.wards.first().filter(|_| unit.wards.len() == 1).cloned();
        let likely: BTreeSet<_> = unit.main.intersection(&fitting).cloned().collect();
        let among = if fitting.len() > 1 && !likely.is_empty() { &likely } else { &fitting };
        let mut ground = choose(directory, among, &fitting, ward, lat, lon, name(&hit))?;
        ground.possible.extend(unit.homes.iter().cloned());
        Some(ground)
    }
}

/// The only district of `among`, else the nearest of them.
fn choose(
    directory: &Directory,
    among: &BTreeSet<DistrictCode>,
    possible: &BTreeSet<DistrictCode>,
    ward: Option<WardCode>,
    lat: f64,
    lon: f64,
    name: String,
) -> Option<Ground> {
    let some: Vec<DistrictCode> = among.iter().cloned().collect();
    let near = || nearest(directory, lat, lon, &some).filter(|code| among.contains(code));
    let district = match some.as_slice() {
        [one] => one.clone(),
        _ => near().or_else(|| some.first().cloned())?,
    };
    let exact = possible.len() == 1;
    Some(Ground { district, ward, possible: possible.clone(), exact, name })
}

/// The area's name, and until when the boundary held if it no longer does.
fn name(hit: &Hit<'_>) -> String {
    match hit.ended {
        Some(day) => format!("{} (ranh giới đến {day})", hit.area.name),
        None => hit.area.name.clone(),
    }
}

/// Whether the words' district is one the boundary allows, by itself or as part of another.
fn agrees(directory: &Directory, said: &DistrictCode, ground: &Ground) -> bool {
    let covers = directory.districts.get(said).map(|district| district.covers.as_slice());
    ground.possible.contains(said)
        || covers.is_some_and(|covers| covers.iter().any(|code| ground.possible.contains(code)))
}

fn by_boundary(directory: &Directory, ground: &Ground, place: &mut Place) {
    let lies = format!("Tọa độ nằm trong ranh giới {}", ground.name);
    match place.district.clone() {
        Some(said) if agrees(directory, &said, ground) => {
            place.because.push(format!("{lies}, khớp với nơi được nêu."));
            if !ground.possible.contains(&said) && ground.exact {
                // "TP Thủ Đức" was said; the boundary knows which part of it.
                place.district = Some(ground.district.clone());
                place.source = Some(PlaceSource::Boundary);
            }
            match (&place.ward, &ground.ward) {
                (None, Some(ward)) if place.district.as_ref() == Some(&ground.district) => {
                    place.ward = Some(ward.clone());
                }
                (Some(said), Some(ward)) if said != ward => {
                    place.because.push("Phường, xã được nêu khác tọa độ; lấy theo lời.".into());
                }
                _ => {}
            }
        }
        Some(said) if !place.unsure => {
            let words = name_of(directory, &said);
            place.because.push(format!("{lies}, khác nơi được nêu ({words}); lấy theo lời."));
        }
        said => {
            place.because.push(format!("{lies}."));
            if said.is_some() {
                place.because.push("Lời nêu nơi khác nhưng không rõ; lấy theo ranh giới.".into());
            }
            let left: Vec<_> =
                place.candidates.iter().filter(|code| ground.possible.contains(*code)).collect();
            let (district, exact) = match left.as_slice() {
                [only] => ((*only).clone(), true),
                _ => (ground.district.clone(), ground.exact),
            };
            if !exact {
                let name = name_of(directory, &district);
                place.because.push(format!("Lấy {name} theo ước lượng trong ranh giới đó."));
            }
            place.source = Some(if exact { PlaceSource::Boundary } else { PlaceSource::Box });
            place.ward = ground.ward.clone().filter(|_| district == ground.district);
            place.district = Some(district);
            place.unsure = false;
            place.candidates.clear();
        }
    }
}

fn by_box(directory: &Directory, lat: f64, lon: f64, place: &mut Place) {
    let near = nearest(directory, lat, lon, &place.candidates);
    match (&place.district, near) {
        (Some(district), _) => {
            let inside = directory
                .districts
                .get(district)
                .and_then(|d| d.bounds)
                .is_none_or(|bounds| bounds.contains(lat, lon));
            if !inside {
                place.because.push("Tọa độ nằm ngoài nơi được nêu; lấy theo lời.".into());
            }
        }
        (None, Some(district)) => {
            place.because.push(format!(
                "Tọa độ gần tâm {} nhất (ước lượng).",
                name_of(directory, &district)
            ));
            place.source = Some(PlaceSource::Box);
            place.district = Some(district);
        }
        (None, None) => {}
    }
}

/// The district whose box holds the point and whose centre is nearest, measured in halves of the
/// box, because a big district's centre is far from its own edge. `among` limits the choice when
/// one of them holds the point.
fn nearest(
    directory: &Directory,
    lat: f64,
    lon: f64,
    among: &[DistrictCode],
) -> Option<DistrictCode> {
    let mut best: Option<(bool, f64, &DistrictCode)> = None;
    for district in directory.districts.values() {
        let (Some(bounds), Some((y, x))) = (district.bounds, district.centre) else { continue };
        if !bounds.contains(lat, lon) {
            continue;
        }
        let half = |a: f64, b: f64| ((b - a) / 2.0).max(1e-6);
        let dy = (lat - y) / half(bounds.south, bounds.north);
        let dx = (lon - x) / half(bounds.west, bounds.east);
        let candidate = (!among.contains(&district.code), dy * dy + dx * dx, &district.code);
        if best.is_none_or(|(rank, distance, _)| (candidate.0, candidate.1) < (rank, distance)) {
            best = Some(candidate);
        }
    }
    best.map(|(_, _, code)| code.clone())
}
