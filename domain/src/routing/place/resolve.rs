//! From what is spoken of to one district and ward.

use super::index::PlaceIndex;
use super::mentions::{DistrictMention, Mentions, WardMention, Weight};
use super::{Place, name_of};
use crate::codes::{DistrictCode, WardCode};
use crate::routing::directory::Directory;
use crate::routing::verdict::PlaceSource;

/// A ward and a short district name count as beside each other up to this many words apart.
const BESIDE: usize = 4;

impl PlaceIndex {
    /// The place that the mentions of one source (in Vietnamese, for the explanation) add up to.
    pub(super) fn resolve(&self, directory: &Directory, found: &Mentions, source: &str) -> Place {
        if let Some(place) = self.ward_with_district(directory, found, source) {
            return place;
        }
        let (best, several) = self.best_district(found);
        if let Some((district, mention)) = best {
            let mut place = Place {
                district: Some(district.clone()),
                source: Some(by_name(mention.alias)),
                unsure: mention.weight == Weight::Weak,
                ..Place::default()
            };
            let how = if mention.alias { " bằng tên gọi khác" } else { "" };
            let name = name_of(directory, district);
            place.because.push(format!("{name} được nêu trong {source}{how}."));
            if several {
                place.because.push("Có nhắc nhiều quận, huyện; lấy nơi được nêu trước.".into());
            }
            if !found.wards.is_empty() {
                place.because.push("Phường, xã được nêu không có trong quận, huyện này.".into());
            }
            return place;
        }
        let place = self.ward_alone(directory, &found.wards, source);
        if place.district.is_some() || !place.candidates.is_empty() {
            return place;
        }
        let mut place = self.ward_alone(directory, &found.unmarked, source);
        place.unsure = place.district.is_some();
        if let Some(line) = place.because.first_mut() {
            line.push_str(" Tên không kèm chữ “phường”, “xã”.");
        }
        place
    }

    /// A ward and a district that fit each other, the closest pair first.
    fn ward_with_district(
        &self,
        directory: &Directory,
        found: &Mentions,
        source: &str,
    ) -> Option<Place> {
        let mut best: Option<(usize, &WardCode, bool)> = None;
        for ward in &found.wards {
            for mention in &found.districts {
                let apart = mention.at.abs_diff(ward.at());
                if mention.weight == Weight::Short && apart > BESIDE {
                    continue;
                }
                let fitting = self.wards(ward).iter().find(|code| {
                    let home = directory.wards.get(*code).map(|ward| &ward.district);
                    home.is_some_and(|home| self.means(directory, &mention.districts, home))
                });
                if let Some(code) = fitting
                    && best.is_none_or(|(distance, ..)| apart < distance)
                {
                    best = Some((apart, code, mention.alias));
                }
            }
        }
        let (_, code, alias) = best?;
        let ward = directory.wards.get(code)?;
        Some(Place {
            district: Some(ward.district.clone()),
            ward: Some(ward.code.clone()),
            source: Some(by_name(alias)),
            unsure: false,
            candidates: Vec::new(),
            because: vec![format!(
                "{}, {} được nêu trong {source}.",
                ward.name,
                name_of(directory, &ward.district)
            )],
        })
    }

    /// Whether a name that stands for `districts` can mean `home`.
    fn means(&self, directory: &Directory, districts: &[usize], home: &DistrictCode) -> bool {
        districts.iter().filter_map(|at| self.districts.get(*at)).any(|code| {
            code == home || directory.districts.get(code).is_some_and(|d| d.covers.contains(home))
        })
    }

    /// The first full mention of one district, else the first weak one; and whether there were
    /// several different ones. A new ward's name narrows a district that covers others.
    fn best_district<'a>(
        &'a self,
        found: &'a Mentions,
    ) -> (Option<(&'a DistrictCode, &'a DistrictMention)>, bool) {
        for weight in [Weight::Full, Weight::Weak] {
            let mut single =
                found.districts.iter().filter(|m| m.weight == weight).filter_map(|m| {
                    match m.districts.as_slice() {
                        [one] => self.districts.get(*one).map(|code| (code, m)),
                        _ => None,
                    }
                });
            if let Some(first) = single.next() {
                return (Some(first), single.any(|(other, _)| other != first.0));
            }
        }
        (None, false)
    }

    /// A ward without any district: found when only one district has it.
    fn ward_alone(&self, directory: &Directory, found: &[WardMention], source: &str) -> Place {
        let mut candidates = Vec::new();
        for mention in found {
            let wards = self.wards(mention);
            let mut homes: Vec<DistrictCode> = wards
                .iter()
                .filter_map(|code| directory.wards.get(code))
                .map(|ward| ward.district.clone())
                .collect();
            let units = self.units(mention);
            // An old ward's name wins over a new unit's when it leaves one district only.
            if wards.len() != 1 {
                homes.extend(units);
            }
            homes.sort();
            homes.dedup();
            if let [only] = homes.as_slice() {
                let ward = (wards.len() == 1).then(|| wards[0].clone());
                let name = ward.as_ref().and_then(|code| directory.wards.get(code));
                let name = name.map_or("Phường, xã mới", |ward| ward.name.as_str());
                return Place {
                    because: vec![format!(
                        "{name} trong {source} chỉ có ở {}.",
                        name_of(directory, only)
                    )],
                    district: Some(only.clone()),
                    ward,
                    source: Some(PlaceSource::Address),
                    unsure: false,
                    candidates: Vec::new(),
                };
            }
            candidates.extend(homes);
        }
        candidates.sort();
        candidates.dedup();
        let mut place = Place { candidates, ..Place::default() };
        if place.candidates.len() > 1 {
            place.because.push(format!(
                "Phường, xã được nêu có ở {} quận, huyện; chưa rõ là nơi nào.",
                place.candidates.len()
            ));
        }
        place
    }

    /// The ward of a known district that a text speaks of.
    pub(super) fn ward_in(
        &self,
        directory: &Directory,
        found: &Mentions,
        district: Option<&DistrictCode>,
    ) -> Option<WardCode> {
        found.wards.iter().chain(&found.unmarked).flat_map(|mention| self.wards(mention)).find_map(
            |code| {
                directory
                    .wards
                    .get(code)
                    .filter(|w| Some(&w.district) == district)
                    .map(|w| w.code.clone())
            },
        )
    }

    fn wards(&self, mention: &WardMention) -> &[WardCode] {
        match mention {
            WardMention::Number { number, .. } => {
                self.ward_numbers.get(number).map_or(&[], Vec::as_slice)
            }
            WardMention::Name { name, .. } => {
                self.ward_names.get(*name).map_or(&[], |name| name.wards.as_slice())
            }
        }
    }

    fn units(&self, mention: &WardMention) -> Vec<DistrictCode> {
        match mention {
            WardMention::Number { .. } => Vec::new(),
            WardMention::Name { name, .. } => self
                .ward_names
                .get(*name)
                .map_or_else(Vec::new, |name| name.units.iter().cloned().collect()),
        }
    }
}

/// What a name says about where the place came from.
const fn by_name(alias: bool) -> PlaceSource {
    if alias { PlaceSource::Alias } else { PlaceSource::Address }
}
