//! Which properties of the features hold names and codes: those whose values the directory knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Level;
use super::names::{Candidates, Found};
use crate::geo::geojson::Feature;
use crate::routing::place::PlaceIndex;

/// The properties that were chosen, and how much they explain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The property with names.
    pub name: Option<String>,
    /// The property with codes.
    pub code: Option<String>,
    /// How many rows are known by either; ties between levels are broken by `quality`.
    pub known: usize,
    /// Sum of how well names match.
    pub quality: u32,
}

/// What the caller said about properties.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    pub name: Option<&'a str>,
    pub code: Option<&'a str>,
}

/// Properties looked at of one feature; more are not.
const MOST: usize = 200;

/// Chooses the properties: those asked for, else those whose values match best.
pub(super) fn choose(
    features: &[Feature],
    asked: Asked<'_>,
    candidates: &Candidates,
    places: &PlaceIndex,
    level: Level,
) -> Chosen {
    let keys: BTreeSet<&String> =
        features.iter().flat_map(|feature| feature.properties.keys().take(MOST)).collect();
    // Rows that are named once or more, so that the district beside each ward's name counts less.
    let mut named: BTreeSet<(&str, usize)> = BTreeSet::new();
    let mut names: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for key in keys {
        let texts = features.iter().filter_map(|feature| text(feature.properties.get(key)?));
        for value in texts {
            if asked.name.is_none_or(|name| name == key) {
                let (known, quality) = names.entry(key).or_default();
                match candidates.by_name(&value, places, level) {
                    Found::Nothing => {}
                    Found::One(at, how_well) => {
                        if named.insert((key, at)) {
                            (*known, *quality) = (*known + 1, *quality + how_well);
                        }
                    }
                    Found::Several(_) => *known += 1,
                }
            }
            if asked.code.is_none_or(|code| code == key) && candidates.by_code(&value).is_some() {
                *codes.entry(key).or_default() += 1;
            }
        }
    }
    let areas = features.iter().filter(|feature| feature.shape.is_ok()).count();
    // The first key in the alphabet among equals.
    let name = names.into_iter().rev().max_by_key(|(_, score)| *score);
    let name = name.filter(|(_, (known, _))| *known > 0 || asked.name.is_some());
    // A few numbers that happen to be codes make no property of codes.
    let code = codes.into_iter().rev().max_by_key(|(_, known)| *known);
    let code = code.filter(|(_, known)| asked.code.is_some() || *known * 2 > areas);
    let (by_name, quality) = name.map_or((0, 0), |(_, score)| score);
    Chosen {
        known: by_name.max(code.map_or(0, |(_, known)| known)),
        quality,
        name: asked.name.or(name.map(|(key, _)| key)).map(str::to_owned),
        code: asked.code.or(code.map(|(key, _)| key)).map(str::to_owned),
    }
}

/// A value as text: strings and whole numbers.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.len() <= 400 => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
