//! The districts and wards a boundary can belong to, found by code and by name.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Level;
use crate::codes::DistrictCode;
use crate::routing::directory::{Directory, Validity};
use crate::routing::place::PlaceIndex;
use crate::routing::tokens::tokens;

/// Something of the directory that has a boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The directory's code; absent for a unit known only as the successor of wards.
    pub code: Option<String>,
    /// The directory's name.
    pub name: String,
    /// Districts it lies in.
    pub homes: Vec<DistrictCode>,
    /// When it exists, as far as the directory says.
    pub validity: Validity,
}

/// How a name was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No candidate has it.
    Nothing,
    /// One candidate, and how good the match is: 3 its full name, 2 an alias, 1 without the word
    /// for what it is.
    One(usize, u32),
    /// Several candidates have it.
    Several(Vec<usize>),
}

/// The candidates of a level on a day, by code and name.
pub(super) struct Candidates {
    pub list: Vec<Candidate>,
    codes: HashMap<String, usize>,
    full: HashMap<String, Vec<usize>>,
    aliases: HashMap<String, Vec<usize>>,
    core: HashMap<String, Vec<usize>>,
    /// Folded names of districts, to tell wards of one name apart.
    districts: HashMap<String, DistrictCode>,
}

impl Candidates {
    /// The rows in force on `day`. When no ward is, the units that took over from them; when no
    /// district is, the districts that were.
    pub(super) fn new(directory: &Directory, places: &PlaceIndex, level: Level, day: Date) -> Self {
        let list = match level {
            Level::District => districts(directory, day),
            Level::Ward => wards(directory, day),
        };
        let mut all = Self {
            list,
            codes: HashMap::new(),
            full: HashMap::new(),
            aliases: HashMap::new(),
            core: HashMap::new(),
            districts: HashMap::new(),
        };
        for (at, candidate) in all.list.iter().enumerate() {
            if let Some(code) = &candidate.code {
                all.codes.insert(code.clone(), at);
            }
            all.full.entry(folded(&candidate.name)).or_default().push(at);
            let core = places.core(&candidate.name, level == Level::District);
            all.core.entry(folded(&core)).or_default().push(at);
            let district = candidate.code.as_ref().filter(|_| level == Level::District);
            let district = district.and_then(|code| directory.districts.get(code.as_str()));
            for alias in district.iter().flat_map(|d| &d.aliases) {
                all.aliases.entry(folded(alias)).or_default().push(at);
            }
        }
        for district in directory.districts.values() {
            for name in std::iter::once(&district.name).chain(&district.aliases) {
                all.districts.insert(folded(name), district.code.clone());
            }
            all.districts.insert(folded(district.code.as_str()), district.code.clone());
            let core = folded(&places.core(&district.name, true));
            if core.parse::<u32>().is_err() {
                all.districts.entry(core).or_insert_with(|| district.code.clone());
            }
        }
        all
    }

    /// The candidate with a code.
    pub(super) fn by_code(&self, code: &str) -> Option<usize> {
        self.codes.get(code.trim()).copied()
    }

    /// The candidates a name can mean.
    pub(super) fn by_name(&self, name: &str, places: &PlaceIndex, level: Level) -> Found {
        let whole = folded(name);
        if whole.is_empty() {
            return Found::Nothing;
        }
        let core = folded(&places.core(name, level == Level::District));
        // "Xã Tân Hiệp" is not "Phường Tân Hiệp"; a district changes what it is called and stays.
        let plain = core == whole || level == Level::District;
        let tables = [(&self.full, &whole, 3), (&self.aliases, &whole, 2), (&self.core, &core, 1)];
        for (table, key, quality) in tables {
            if quality == 1 && !plain {
                continue;
            }
            match table.get(key).map(Vec::as_slice) {
                None => {}
                Some([one]) => return Found::One(*one, quality),
                Some(several) => return Found::Several(several.to_vec()),
            }
        }
        Found::Nothing
    }

    /// The district a text names, to tell wards of one name apart.
    pub(super) fn district(&self, text: &str) -> Option<&DistrictCode> {
        self.districts.get(&folded(text))
    }
}

/// Lower case, no diacritics, one space between words.
pub(super) fn folded(text: &str) -> String {
    tokens(text).iter().map(|token| token.folded.as_str()).collect::<Vec<_>>().join(" ")
}

fn districts(directory: &Directory, day: Date) -> Vec<Candidate> {
    let candidate = |district: &crate::routing::District| Candidate {
        code: Some(district.code.to_string()),
        name: district.name.clone(),
        homes: vec![district.code.clone()],
        validity: district.validity,
    };
    let rows = directory.districts.values();
    let current: Vec<_> =
        rows.clone().filter(|row| row.validity.holds_on(day)).map(candidate).collect();
    if current.is_empty() { rows.map(candidate).collect() } else { current }
}

fn wards(directory: &Directory, day: Date) -> Vec<Candidate> {
    let rows = directory.wards.values().filter(|ward| ward.validity.holds_on(day));
    let current: Vec<_> = rows
        .map(|ward| Candidate {
            code: Some(ward.code.to_string()),
            name: ward.name.clone(),
            homes: vec![ward.district.clone()],
            validity: ward.validity,
        })
        .collect();
    if current.is_empty() { units(directory, day) } else { current }
}

/// Units that took over from wards that had ended by `day`, from the day after the last of them.
fn units(directory: &Directory, day: Date) -> Vec<Candidate> {
    let mut list: Vec<Candidate> = Vec::new();
    for ward in directory.wards.values().filter(|ward| ward.validity.ended_before(day)) {
        for unit in &ward.successors {
            let from = ward.validity.to.and_then(|to| to.tomorrow().ok());
            match list.iter_mut().find(|candidate| candidate.name == *unit) {
                Some(known) => {
                    known.validity.from = known.validity.from.max(from);
                    if !known.homes.contains(&ward.district) {
                        known.homes.push(ward.district.clone());
                    }
                }
                None => list.push(Candidate {
                    code: None,
                    name: unit.clone(),
                    homes: vec![ward.district.clone()],
                    validity: Validity { from, to: None },
                }),
            }
        }
    }
    list
}
