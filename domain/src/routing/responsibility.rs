//! Who is responsible: decision tables over a closed set of matchers.
//!
//! A category names a table; the rules of the table are tried in order and the first whose
//! conditions all hold decides. The last rule of a table has no condition, so a table always
//! decides. Rules, attributes and their questions are data.

pub mod attributes;
pub mod focal;
pub mod shadow;
pub mod table;

use jiff::civil::Date;

use super::directory::{AgencyRef, Category, Directory};
use super::tokens::Token;
use crate::codes::{AgencyCode, DistrictCode};
use crate::kinds::{Handoff, Kind};
use attributes::{Attributes, Known};
use table::{Outcome, Rule, Table};

/// What the rules may look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The category, absent in the table for what could not be classified.
    pub category: Option<&'a Category>,
    /// The kind of case.
    pub kind: Kind,
    /// The emergency service, if any.
    pub handoff: Option<Handoff>,
    /// The district.
    pub district: Option<&'a DistrictCode>,
    /// What is known about the thing concerned.
    pub known: &'a Known,
    /// The words of the text.
    pub text: &'a [Token],
    /// The day of receipt.
    pub day: Date,
}

/// What a table decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// This agency.
    Agency(AgencyCode),
    /// An agency of this token's kind, once the district is known.
    NeedsDistrict,
    /// No agency: this desk.
    Desk(crate::kinds::Desk),
}

/// Finds the units that tokens like `UBND@AREA` stand for.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'a> {
    /// The directory.
    pub directory: &'a Directory,
    /// Which `unit` each token means.
    pub areas: &'a std::collections::BTreeMap<String, String>,
}

impl Resolver<'_> {
    /// The agency a reference means in this district on this day; `None` when the district is
    /// missing or has no such unit. A unit in force is preferred to one that ended.
    pub fn resolve(
        &self,
        reference: &AgencyRef,
        district: Option<&DistrictCode>,
        day: Date,
    ) -> Option<AgencyCode> {
        let token = match reference {
            AgencyRef::Code(code) => return Some(code.clone()),
            AgencyRef::Area(token) => token,
        };
        let (unit, district) = (self.areas.get(token)?, district?);
        self.directory
            .agencies
            .values()
            .filter(|agency| agency.unit == *unit && agency.areas.contains(district))
            .max_by_key(|agency| (agency.validity.holds_on(day), agency.validity.to))
            .map(|agency| agency.code.clone())
    }
}

/// Runs a table: the rule that decided, and what it decided.
pub fn decide<'t>(
    table: &'t Table,
    facts: &Facts<'_>,
    resolver: &Resolver<'_>,
    attributes: &Attributes,
) -> Option<(&'t Rule, Decision)> {
    table.rules.iter().filter(|rule| rule.when.holds(facts)).find_map(|rule| {
        let reference = match &rule.then {
            Outcome::Desk(desk) => return Some((rule, Decision::Desk(*desk))),
            Outcome::Agency(reference) => reference.clone(),
            Outcome::Primary(nth) => facts.category?.primary.get(nth.checked_sub(1)?)?.clone(),
            // A value that names no agency, or one the category does not know, decides nothing
            // and the next rule is tried.
            Outcome::Attribute(name) => {
                let value = facts.known.get(name)?;
                let agency = AgencyRef::Code(attributes.agency(name, value)?.clone());
                facts.category?.primary.contains(&agency).then_some(agency)?
            }
        };
        let decision = resolver
            .resolve(&reference, facts.district, facts.day)
            .map_or(Decision::NeedsDistrict, Decision::Agency);
        Some((rule, decision))
    })
}

#[cfg(test)]
mod tests;
