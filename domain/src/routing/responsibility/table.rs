//! Decision tables: their rules, conditions and outcomes.

use std::collections::BTreeMap;

use super::Facts;
use crate::codes::{CategoryCode, DistrictCode, SectorCode};
use crate::kinds::{Desk, Handoff, Kind};
use crate::routing::directory::{AgencyRef, Validity};
use crate::routing::tokens::{Phrase, PhraseMap};

/// The table for what could not be classified.
pub const UNCLASSIFIED: &str = "UNCLASSIFIED";

/// A table of rules.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, as categories call it.
    pub name: String,
    /// The kind every case of this table is, where the table says so.
    pub kind: Option<Kind>,
    /// The desk that sees the case besides the agency.
    pub desk: Option<Desk>,
    /// Its rules, first hit wins.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, e.g. `road-class.alley`.
    pub id: String,
    /// Why, in Vietnamese.
    pub why: String,
    /// When it decides.
    pub when: Condition,
    /// What it decides.
    pub then: Outcome,
    /// The attribute to ask for although an agency was found.
    pub ask: Option<String>,
}

/// What a rule decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This agency, or the unit of the place.
    Agency(AgencyRef),
    /// The category's n-th primary agency, from 1.
    Primary(usize),
    /// The agency that the attribute's value names, if the category knows it.
    Attribute(String),
    /// No agency: a desk.
    Desk(Desk),
}

/// The closed set of matchers; all that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// One of these categories.
    pub category: Vec<CategoryCode>,
    /// One of these sectors.
    pub sector: Vec<SectorCode>,
    /// One of these districts.
    pub district: Vec<DistrictCode>,
    /// One of these kinds of case.
    pub kind: Vec<Kind>,
    /// One of these emergency services.
    pub handoff: Vec<Handoff>,
    /// Each attribute has one of its values.
    pub attribute: BTreeMap<String, Vec<String>>,
    /// These attributes are known.
    pub known: Vec<String>,
    /// The category has this primary agency.
    pub primary: Option<AgencyRef>,
    /// The text has one of these phrases.
    pub word: Words,
    /// The day of receipt lies in here.
    pub validity: Validity,
}

/// Phrases of a condition: as written, and ready to search.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// As written in the file.
    pub written: Vec<String>,
    phrases: PhraseMap<()>,
}

impl Words {
    /// Prepares phrases.
    pub fn new(written: Vec<String>) -> Self {
        let mut phrases = PhraseMap::default();
        for phrase in written.iter().filter_map(|text| Phrase::parse(text)) {
            phrases.insert(phrase, ());
        }
        Self { written, phrases }
    }
}

impl Condition {
    /// Whether every matcher that is given holds.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        let category = facts.category;
        one_of(&self.category, category.map(|c| &c.code))
            && one_of(&self.sector, category.map(|c| &c.sector))
            && one_of(&self.district, facts.district)
            && one_of(&self.kind, Some(&facts.kind))
            && one_of(&self.handoff, facts.handoff.as_ref())
            && self.attribute.iter().all(|(name, values)| {
                facts.known.get(name).is_some_and(|value| values.iter().any(|v| v == value))
            })
            && self.known.iter().all(|name| facts.known.get(name).is_some())
            && self
                .primary
                .as_ref()
                .is_none_or(|primary| category.is_some_and(|c| c.primary.contains(primary)))
            && self.validity.holds_on(facts.day)
            && (self.word.written.is_empty() || self.word.phrases.find(facts.text).next().is_some())
    }

    /// Whether the condition is empty and always holds.
    pub fn is_always(&self) -> bool {
        self.category.is_empty()
            && self.sector.is_empty()
            && self.district.is_empty()
            && self.kind.is_empty()
            && self.handoff.is_empty()
            && self.attribute.is_empty()
            && self.known.is_empty()
            && self.primary.is_none()
            && self.word.written.is_empty()
            && self.validity == Validity::default()
    }
}

/// Whether nothing is demanded, or the value is one of those demanded.
fn one_of<T: PartialEq>(demanded: &[T], value: Option<&T>) -> bool {
    demanded.is_empty() || value.is_some_and(|value| demanded.contains(value))
}
