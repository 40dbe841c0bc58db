//! The names of places, ready to be looked up word by word.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::PlaceWords;
use crate::codes::{DistrictCode, WardCode};
use crate::routing::directory::{Directory, District};
use crate::routing::tokens::{Phrase, PhraseMap, tokens};

/// How a district's name was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// A name that stands for the district by itself.
    Full,
    /// A name that needs "quận" before it or a ward beside it: a number, "tb".
    Short,
}

/// What a district's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Indexes the index's districts.
    pub district: usize,
    pub strength: Name,
    /// Whether it is another name than the district's own.
    pub alias: bool,
}

/// A unit that took over from wards of the directory.
#[derive(Clone, Debug, Default)]
pub(super) struct NewUnit {
    /// Districts from which a ward's main part came.
    pub main: BTreeSet<DistrictCode>,
    /// Districts from which anything came.
    pub homes: BTreeSet<DistrictCode>,
    /// Wards from which anything came.
    pub wards: BTreeSet<WardCode>,
}

/// Which wards and districts a ward name can mean.
#[derive(Clone, Debug, Default)]
pub(super) struct WardName {
    /// Wards of the directory that bear the name.
    pub wards: Vec<WardCode>,
    /// Districts those wards lie in.
    pub homes: BTreeSet<DistrictCode>,
    /// Districts whose wards went into a new unit of that name, the main part of a ward only.
    pub units: BTreeSet<DistrictCode>,
    /// Whether the name of an old ward counts, weakly, without "phường" before it.
    pub alone: bool,
}

/// The names of a city's places.
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    pub(super) district_words: PhraseMap<()>,
    pub(super) ward_words: PhraseMap<()>,
    pub(super) not_place_after: PhraseMap<()>,
    pub(super) weak_after: PhraseMap<()>,
    pub(super) street_words: PhraseMap<()>,
    /// Single-letter words that may be glued to what follows: ("q", district), ("p", ward).
    pub(super) glued_district: Vec<String>,
    pub(super) glued_ward: Vec<String>,
    pub(super) districts: Vec<DistrictCode>,
    /// District names.
    pub(super) names: PhraseMap<Named>,
    /// Names of one word by their folded form, for glued writing ("qgv").
    pub(super) one_word: HashMap<String, Vec<Named>>,
    /// Units that took over from wards, by their name.
    pub(super) new_units: BTreeMap<String, NewUnit>,
    /// Ward names; the value indexes `ward_names`.
    pub(super) ward_phrases: PhraseMap<usize>,
    pub(super) ward_names: Vec<WardName>,
    /// Numbered wards by number.
    pub(super) ward_numbers: HashMap<u32, Vec<WardCode>>,
}

impl PlaceIndex {
    /// Builds the index from the directory and the words of `places.toml`.
    pub fn build(directory: &Directory, words: &PlaceWords) -> Self {
        let mut index = Self {
            district_words: phrases(&words.district_words),
            ward_words: phrases(&words.ward_words),
            not_place_after: phrases(&words.not_place_after),
            weak_after: phrases(&words.weak_after),
            street_words: phrases(&words.street_words),
            glued_district: one_word(&words.district_words),
            glued_ward: one_word(&words.ward_words),
            ..Self::default()
        };
        for district in directory.districts.values() {
            index.add_district(district);
        }
        index.add_wards(directory, &words.not_ward_alone);
        index
    }

    fn add_district(&mut self, district: &District) {
        let at = self.districts.len();
        self.districts.push(district.code.clone());
        let core = self.core(&district.name, true);
        let numbered = core.chars().all(|c| c.is_ascii_digit());
        let own = |strength| Named { district: at, strength, alias: false };
        let other = |strength| Named { district: at, strength, alias: true };
        self.add_name(&core, own(if numbered { Name::Short } else { Name::Full }));
        if numbered && core.len() == 1 {
            self.add_name(&format!("0{core}"), own(Name::Short));
        }
        for alias in &district.aliases {
            self.add_name(alias, other(Name::Full));
        }
        for alias in &district.weak_aliases {
            self.add_name(alias, other(Name::Short));
        }
    }

    fn add_name(&mut self, name: &str, named: Named) {
        if let Some(phrase) = Phrase::parse(name) {
            self.names.insert(phrase, named);
        }
        if let [word] = tokens(name).as_slice() {
            let list = self.one_word.entry(word.folded.clone()).or_default();
            if list.iter().all(|there| there.district != named.district) {
                list.push(named);
            }
        }
    }

    fn add_wards(&mut self, directory: &Directory, not_alone: &[String]) {
        let folded = |name: &str| -> String {
            tokens(name).iter().map(|t| t.folded.as_str()).collect::<Vec<_>>().join(" ")
        };
        let not_alone: BTreeSet<String> = not_alone.iter().map(|name| folded(name)).collect();
        let mut by_name: BTreeMap<String, WardName> = BTreeMap::new();
        for ward in directory.wards.values() {
            let core = self.core(&ward.name, false);
            match core.parse::<u32>() {
                Ok(number) => {
                    self.ward_numbers.entry(number).or_default().push(ward.code.clone());
                }
                Err(_) => {
                    let name = by_name.entry(core).or_default();
                    name.wards.push(ward.code.clone());
                    name.homes.insert(ward.district.clone());
                }
            }
            for (nth, unit) in ward.successors.iter().enumerate() {
                let unit = self.new_units.entry(unit.clone()).or_default();
                unit.homes.insert(ward.district.clone());
                unit.wards.insert(ward.code.clone());
                if nth == 0 {
                    unit.main.insert(ward.district.clone());
                }
            }
            if let Some(unit) = ward.successors.first() {
                let core = self.core(unit, false);
                by_name.entry(core).or_default().units.insert(ward.district.clone());
            }
        }
        for (name, mut value) in by_name {
            value.alone = name.contains(' ') && !not_alone.contains(&folded(&name));
            if let Some(phrase) = Phrase::parse(&name) {
                self.ward_phrases.insert(phrase, self.ward_names.len());
                self.ward_names.push(value);
            }
        }
    }

    /// A name without the word that says what it is: "Quận Bình Thạnh" → "bình thạnh".
    pub(in crate::routing) fn core(&self, name: &str, district: bool) -> String {
        let words = tokens(name);
        let kinds = if district { &self.district_words } else { &self.ward_words };
        let skip = kinds.longest_at(&words, 0).map_or(0, |hit| hit.end);
        let rest = if skip < words.len() { &words[skip..] } else { &words[..] };
        rest.iter().map(|t| t.plain.as_str()).collect::<Vec<_>>().join(" ")
    }
}

fn phrases(words: &[String]) -> PhraseMap<()> {
    let mut map = PhraseMap::default();
    for phrase in words.iter().filter_map(|word| Phrase::parse(word)) {
        map.insert(phrase, ());
    }
    map
}

/// The folded form of the words that are one word.
fn one_word(words: &[String]) -> Vec<String> {
    words
        .iter()
        .filter_map(|word| match tokens(word).as_slice() {
            [one] => Some(one.folded.clone()),
            _ => None,
        })
        .collect()
}
