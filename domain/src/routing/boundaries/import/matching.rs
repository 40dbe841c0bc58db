//! One feature to one row of the directory.

use jiff::civil::Date;

use super::super::names::{Candidates, Found};
use super::super::properties::{Chosen, text};
use super::super::{Area, Level};
use super::Reason;
use crate::geo::geojson::Feature;
use crate::geo::{Polygon, Shape};
use crate::routing::directory::Bounds;
use crate::routing::place::PlaceIndex;

/// A feature with its row.
pub(super) struct Matched {
    /// Its place in the file.
    pub feature: usize,
    /// Its row among the candidates.
    pub candidate: usize,
    /// What is kept of it.
    pub area: Area,
}

/// Matches the features of one file.
pub(super) struct Matcher<'a> {
    pub candidates: &'a Candidates,
    pub places: &'a PlaceIndex,
    pub level: Level,
    pub chosen: &'a Chosen,
    pub bounds: Option<Bounds>,
    pub day: Date,
    /// Which feature had a row first.
    pub taken: Vec<Option<usize>>,
}

impl Matcher<'_> {
    /// What a feature calls itself.
    pub(super) fn name_of(&self, feature: &Feature) -> Option<String> {
        let value = |key: &Option<String>| text(feature.properties.get(key.as_ref()?)?);
        value(&self.chosen.name).or_else(|| value(&self.chosen.code))
    }

    /// Finds the row of a feature.
    pub(super) fn take(&mut self, feature: Feature) -> Result<Matched, Reason> {
        let at = self.row(&feature);
        let shape = feature.shape?;
        if let Some(outside) = self.outside(&shape) {
            return Err(outside);
        }
        let at = at?;
        let row = self.candidates.list.get(at).ok_or(Reason::Nameless)?;
        match self.taken.get_mut(at) {
            Some(Some(first)) => {
                return Err(Reason::Duplicate { name: row.name.clone(), first: *first });
            }
            Some(free) => *free = Some(feature.index),
            None => {}
        }
        let area = Area { code: row.code.clone(), name: row.name.clone(), shape };
        Ok(Matched { feature: feature.index, candidate: at, area })
    }

    fn outside(&self, shape: &Shape) -> Option<Reason> {
        let bounds = self.bounds?;
        let corners = shape.polygons.iter().flat_map(Polygon::rings);
        let mut corners = corners.flat_map(|ring| ring.corners().iter().copied());
        let outside = corners.find(|corner| {
            let (lat, lon) = corner.degrees();
            !bounds.contains(lat, lon)
        });
        outside.map(Reason::Outside)
    }

    fn row(&self, feature: &Feature) -> Result<usize, Reason> {
        let value = |key: &Option<String>| text(feature.properties.get(key.as_ref()?)?);
        let name = value(&self.chosen.name).filter(|name| !name.trim().is_empty());
        let by_name =
            name.as_ref().map(|name| self.candidates.by_name(name, self.places, self.level));
        let by_code = value(&self.chosen.code).and_then(|code| self.candidates.by_code(&code));
        match (by_code, by_name) {
            (Some(at), None | Some(Found::Nothing)) if name.is_none() => Ok(at),
            (Some(at), Some(Found::One(same, _))) if at == same => Ok(at),
            (Some(at), Some(Found::Several(some))) if some.contains(&at) => Ok(at),
            (Some(at), _) => Err(Reason::CodeAndName(self.name(at))),
            (None, Some(Found::One(at, _))) => Ok(at),
            (None, Some(Found::Several(some))) => self.by_district(feature, &some),
            (None, Some(Found::Nothing)) => {
                Err(Reason::Unmatched { level: self.level, day: self.day })
            }
            (None, None) => Err(Reason::Nameless),
        }
    }

    /// Of wards of one name, the one in the district that another property names.
    fn by_district(&self, feature: &Feature, some: &[usize]) -> Result<usize, Reason> {
        let other = feature
            .properties
            .iter()
            .filter(|(key, _)| Some(*key) != self.chosen.name.as_ref())
            .filter_map(|(_, value)| self.candidates.district(&text(value)?));
        let homes: Vec<_> = other.collect();
        let fitting: Vec<usize> = some
            .iter()
            .copied()
            .filter(|at| {
                let row = self.candidates.list.get(*at);
                row.is_some_and(|row| row.homes.iter().any(|home| homes.contains(&home)))
            })
            .collect();
        match fitting.as_slice() {
            [one] => Ok(*one),
            _ => {
                let told = some.iter().take(5).map(|at| self.name(*at)).collect::<Vec<_>>();
                Err(Reason::Ambiguous(told.join(", ")))
            }
        }
    }

    fn name(&self, at: usize) -> String {
        self.candidates.list.get(at).map_or_else(String::new, |row| match (&row.code, &row.homes) {
            (Some(code), _) => format!("{} ({code})", row.name),
            (None, _) => row.name.clone(),
        })
    }
}
