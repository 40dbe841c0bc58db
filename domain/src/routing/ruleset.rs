//! A rule set: all policy files of a city, read strictly, checked against each other.
//!
//! Files are known by their paths: `routing.toml`, `calendars.toml` and `limits.toml`, which must
//! be there; `ranking.toml`, `retention.toml`, `places.toml`, `attributes.toml`, `sectors.toml`, `districts.toml`, and `agencies`,
//! `categories`, `wards`, `rules`, `phrases`, `examples`, each one file or a folder of files. A
//! set with an error anywhere is refused as a whole.

mod agencies;
mod categories;
mod check;
pub mod examples;
mod explain;
pub mod lint;
mod places;
pub mod ranking;
mod reading;
pub mod retention;
pub mod settings;
mod tables;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

pub(crate) use explain::CHOSEN;

use super::classify::{Classifier, Phrases, parse_phrases};
use super::directory::Directory;
use super::place::{PlaceIndex, PlaceWords};
use super::responsibility::attributes::{Attribute, Attributes};
use super::responsibility::table::Table;
use crate::codes::{AgencyCode, CategoryCode};
use crate::file_error::FileError;
use crate::time::{Calendars, Limits, Policy, parse_calendars, parse_limits};
use examples::RuleExample;
use ranking::Weights;
use reading::{Reading, Spots};
use retention::Retention;
use settings::Settings;

/// The policy of a city, in force as a whole.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// SHA-256 over the sorted paths and texts, hexadecimal.
    pub hash: String,
    /// The directory.
    pub directory: Directory,
    /// Limits and calendars.
    pub policy: Policy,
    /// The default desk, the confidence floor and the like.
    pub settings: Settings,
    /// How much each part of an agency's score weighs.
    pub ranking: Weights,
    /// How long what people wrote is kept; empty: for ever.
    pub retention: Vec<Retention>,
    /// Examples beside the rules.
    pub examples: Vec<RuleExample>,
    classifier: Option<Classifier>,
    pub(in crate::routing) places: PlaceIndex,
    attributes: Attributes,
    tables: BTreeMap<String, Table>,
}

impl RuleSet {
    /// Reads and checks a rule set from its files: (path relative to the rules directory, text).
    /// Paths use `/`.
    ///
    /// # Errors
    /// Everything that is wrong, by file and line; a set with errors is never used.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<FileError>> {
        Self::load_with_spots(files).map(|(rules, _)| rules)
    }

    /// As [`RuleSet::load`], and where each row stands.
    fn load_with_spots(files: &[(String, String)]) -> Result<(Self, Spots<'_>), Vec<FileError>> {
        let mut reading = Reading::new(files);
        let mut parts = Parts::default();
        for (nth, file) in files.iter().enumerate() {
            parts.read(&mut reading, nth, file);
        }
        for (path, why) in REQUIRED {
            if !files.iter().any(|(there, _)| there == path) {
                reading.errors.push(FileError::whole(path, format!("is missing: {why}")));
            }
        }
        parts.into_rule_set(reading, Self::hash_of(files))
    }

    /// SHA-256 over the files in path order, hexadecimal; each path and text is preceded by its
    /// length, so that moving a byte from one file to the next changes the hash.
    pub fn hash_of(files: &[(String, String)]) -> String {
        let mut sorted: Vec<_> = files.iter().collect();
        sorted.sort();
        let mut digest = Sha256::new();
        for (path, text) in sorted {
            for part in [path, text] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part.as_bytes());
            }
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Checks one known attribute as it was given: `district` and `ward` by code, the others by a
    /// value of `attributes.toml` or the agency a value names.
    ///
    /// # Errors
    /// A sentence that says what would be accepted.
    pub fn check_attribute(&self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "district" if self.directory.districts.contains_key(value) => Ok(()),
            "ward" if self.directory.wards.contains_key(value) => Ok(()),
            "district" | "ward" => Err(format!("there is no {name} `{value}`")),
            _ => self.attributes.check(name, value),
        }
    }
}

/// Files without which there is no desk, and what they say.
const REQUIRED: [(&str, &str); 3] = [
    ("routing.toml", "it names the default desk, e.g. `default_desk = \"coordinators\"`"),
    ("calendars.toml", "it says where the city is in time and when it works"),
    ("limits.toml", "it says how long each clock runs"),
];

/// What the files give, besides the directory.
#[derive(Default)]
struct Parts {
    settings: Option<Settings>,
    ranking: Option<Weights>,
    retention: Vec<Retention>,
    calendars: Option<Calendars>,
    limits: Option<Limits>,
    words: PlaceWords,
    attributes: Vec<Attribute>,
    tables: BTreeMap<String, Table>,
    examples: Vec<RuleExample>,
    phrases: Option<Phrases>,
}

impl Parts {
    fn read(&mut self, reading: &mut Reading<'_>, nth: usize, file: &(String, String)) {
        let path = file.0.as_str();
        let part = path.split_once('/').map_or(path, |(folder, _)| folder);
        match part.strip_suffix(".toml").unwrap_or(part) {
            "routing" => self.settings = settings::settings(reading, nth, path),
            "ranking" => self.ranking = ranking::weights(reading, nth, path),
            "retention" => self.retention = retention::retention(reading, nth, path),
            "places" => self.words = reading.file(nth).unwrap_or_default(),
            "attributes" => self.attributes.extend(tables::attributes(reading, nth)),
            "sectors" => agencies::sectors(reading, nth),
            "agencies" => agencies::agencies(reading, nth),
            "categories" => categories::categories(reading, nth),
            "districts" => places::districts(reading, nth),
            "wards" => places::wards(reading, nth),
            "rules" => {
                if let Some(table) = tables::table(reading, nth) {
                    self.tables.insert(table.name.clone(), table);
                }
            }
            "examples" => self.examples.extend(examples::examples(reading, nth, file)),
            "calendars" => self.calendars = reading.kept(parse_calendars(path, &file.1)),
            "limits" => self.limits = reading.kept(parse_limits(path, &file.1)),
            "phrases" => {
                if let Some(phrases) = reading.kept(parse_phrases(path, &file.1)) {
                    self.phrases.get_or_insert_default().merge(phrases);
                }
            }
            _ => reading.errors.push(FileError::whole(
                path,
                "is no file of a rule set; see the README beside the rules for the names",
            )),
        }
    }

    fn into_rule_set(
        self,
        mut reading: Reading<'_>,
        hash: String,
    ) -> Result<(RuleSet, Spots<'_>), Vec<FileError>> {
        let named: Vec<(String, AgencyCode)> = self
            .attributes
            .iter()
            .flat_map(|a| a.values.iter().map(|v| (a.code.clone(), v)))
            .filter_map(|(attribute, value)| Some((attribute, value.agency.clone()?)))
            .collect();
        let attributes = Attributes::new(self.attributes);
        // Cross-checks over files that could not be read would only repeat the same trouble.
        let readable = reading.errors.is_empty();
        if let Some(settings) = self.settings.as_ref().filter(|_| readable) {
            check::attribute_agencies(&mut reading, &named);
            check::all(&mut reading, settings, &attributes, &self.tables);
        }
        if let Some(calendars) = self.calendars.as_ref().filter(|_| readable) {
            check::calendars(&mut reading, calendars);
        }
        if let Some(phrases) = self.phrases.as_ref().filter(|_| readable) {
            let categories = &reading.directory.categories;
            let sector_of = |code: &CategoryCode| categories.get(code).map(|c| c.sector.clone());
            reading.errors.extend(phrases.check(sector_of));
        }
        let mut errors = std::mem::take(&mut reading.errors);
        let directory = std::mem::take(&mut reading.directory);
        errors.sort();
        match (self.settings, self.calendars, self.limits) {
            (Some(settings), Some(calendars), Some(limits)) if errors.is_empty() => {
                let rules = RuleSet {
                    policy: policy(limits, calendars, &directory, &hash),
                    hash,
                    classifier: self.phrases.as_ref().map(Classifier::build),
                    places: PlaceIndex::build(&directory, &self.words),
                    directory,
                    settings,
                    ranking: self.ranking.unwrap_or_default(),
                    retention: self.retention,
                    examples: self.examples,
                    attributes,
                    tables: self.tables,
                };
                Ok((rules, reading.into_spots()))
            }
            _ => Err(errors),
        }
    }
}

/// Everything about time, with the categories' own limits.
fn policy(limits: Limits, calendars: Calendars, directory: &Directory, hash: &str) -> Policy {
    let categories = directory.categories.values();
    let category_limits = categories.map(|c| (c.code.clone(), c.limits.clone())).collect();
    Policy { limits, calendars, category_limits, hash: hash.to_owned() }
}

#[cfg(test)]
pub(in crate::routing) mod tests;
