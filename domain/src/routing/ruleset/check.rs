//! Checks across the files: what one names must exist in another, nothing may be said twice or
//! overlap, and every category must end at somebody.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::{Reading, Row};
use super::settings::Settings;
use crate::codes::{AgencyCode, DistrictCode};
use crate::file_error::FileError;
use crate::routing::directory::{Agency, AgencyRef, Directory, Validity};
use crate::routing::responsibility::attributes::Attributes;
use crate::routing::responsibility::shadow;
use crate::routing::responsibility::table::{Outcome, Rule, Table, UNCLASSIFIED};
use crate::routing::tokens::tokens;
use crate::time::Calendars;

/// Checks everything.
pub(super) fn all(
    reading: &mut Reading<'_>,
    settings: &Settings,
    attributes: &Attributes,
    tables: &BTreeMap<String, Table>,
) {
    let directory = std::mem::take(&mut reading.directory);
    agencies(reading, &directory);
    focal_points(reading, &directory);
    places(reading, &directory);
    areas(reading, &directory, settings);
    categories(reading, &directory, settings, tables);
    for table in tables.values() {
        rules(reading, &directory, settings, attributes, table);
    }
    reading.directory = directory;
}

fn agencies(reading: &mut Reading<'_>, directory: &Directory) {
    for agency in directory.agencies.values() {
        let code = agency.code.as_str();
        let sectors = agency.sectors.iter().chain(&agency.lead_sectors);
        for sector in sectors.filter(|s| !directory.sectors.contains_key(*s)) {
            reading.wrong_row(Row::Agency, code, format!("there is no sector `{sector}`"));
        }
        for area in agency.areas.iter().filter(|a| !directory.districts.contains_key(*a)) {
            reading.wrong_row(Row::Agency, code, format!("there is no district `{area}`"));
        }
        for other in agency.parent.iter().chain(&agency.successor) {
            if !directory.agencies.contains_key(other) {
                reading.wrong_row(Row::Agency, code, format!("there is no agency `{other}`"));
            }
        }
        if circle(directory, agency) {
            reading.wrong_row(Row::Agency, code, "its successors lead back to itself");
        }
        if let (Some(to), Some(successor)) = (agency.validity.to, &agency.successor)
            && directory
                .agency(successor)
                .is_some_and(|s| s.validity.from.is_some_and(|f| f > to.tomorrow().unwrap_or(to)))
        {
            reading.wrong_row(
                Row::Agency,
                code,
                "a gap: the successor begins later than the day after",
            );
        }
    }
}

fn circle(directory: &Directory, agency: &Agency) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = Some(&agency.code);
    while let Some(code) = next {
        if !seen.insert(code) {
            return true;
        }
        next = directory.agency(code).and_then(|a| a.successor.as_ref());
    }
    false
}

fn focal_points(reading: &mut Reading<'_>, directory: &Directory) {
    for point in directory.focal_points.values() {
        let code = point.code.as_str();
        if let Some(ward) = point.ward.as_ref().filter(|w| !directory.wards.contains_key(*w)) {
            reading.wrong_row(Row::FocalPoint, code, format!("there is no ward `{ward}`"));
        }
        for sector in point.sectors.iter().filter(|s| !directory.sectors.contains_key(*s)) {
            reading.wrong_row(Row::FocalPoint, code, format!("there is no sector `{sector}`"));
        }
    }
    for agency in directory.agencies.values() {
        let points = agency.focal_points.iter().filter_map(|code| directory.focal_points.get(code));
        let mut open = points.filter(|p| !p.vacant && p.ward.is_none() && p.validity.to.is_none());
        if !agency.focal_points.is_empty() && open.next().is_none() {
            reading.wrong_row(
                Row::Agency,
                agency.code.as_str(),
                "every focal point that is not a ward's is vacant or ended: nobody would receive its cases",
            );
        }
    }
}

fn places(reading: &mut Reading<'_>, directory: &Directory) {
    for ward in directory.wards.values() {
        if !directory.districts.contains_key(&ward.district) {
            let message = format!("there is no district `{}`", ward.district);
            reading.wrong_row(Row::Ward, ward.code.as_str(), message);
        }
    }
    let mut strong: BTreeMap<String, &DistrictCode> = BTreeMap::new();
    for district in directory.districts.values() {
        let code = district.code.as_str();
        for other in district.covers.iter().filter(|c| !directory.districts.contains_key(*c)) {
            reading.wrong_row(Row::District, code, format!("there is no district `{other}`"));
        }
        for name in std::iter::once(&district.name).chain(&district.aliases) {
            let folded: Vec<_> = tokens(name).into_iter().map(|token| token.folded).collect();
            if let Some(other) = strong.insert(folded.join(" "), &district.code) {
                let message = format!(
                    "the name `{name}` already stands for {other}; use weak_aliases for names that are shared"
                );
                reading.wrong_row(Row::District, code, message);
            }
        }
    }
}

/// Each token has exactly one unit in each district at each time.
fn areas(reading: &mut Reading<'_>, directory: &Directory, settings: &Settings) {
    let used: BTreeSet<&str> = directory
        .categories
        .values()
        .flat_map(|c| &c.primary)
        .filter_map(|reference| match reference {
            AgencyRef::Area(token) => Some(token.as_str()),
            AgencyRef::Code(_) => None,
        })
        .collect();
    for (token, unit) in &settings.areas {
        for district in directory.districts.keys() {
            let of_unit = |a: &&Agency| a.unit == *unit && a.areas.contains(district);
            let units: Vec<&Agency> = directory.agencies.values().filter(of_unit).collect();
            if units.is_empty() && used.contains(token.as_str()) {
                let message = format!(
                    "no agency of unit `{unit}` has it in `areas`: {token}@AREA leads nowhere there"
                );
                reading.wrong_row(Row::District, district.as_str(), message);
            }
            for (nth, one) in units.iter().enumerate() {
                if let Some(other) = units[..nth].iter().find(|o| overlap(o.validity, one.validity))
                {
                    let message = format!(
                        "{token}@AREA in {district} is also {} at the same time",
                        other.code
                    );
                    reading.wrong_row(Row::Agency, one.code.as_str(), message);
                }
            }
        }
    }
}

fn overlap(a: Validity, b: Validity) -> bool {
    let before =
        |x: Validity, y: Validity| x.to.is_some_and(|to| y.from.is_some_and(|from| to < from));
    !before(a, b) && !before(b, a)
}

fn categories(
    reading: &mut Reading<'_>,
    directory: &Directory,
    settings: &Settings,
    tables: &BTreeMap<String, Table>,
) {
    for category in directory.categories.values() {
        let code = category.code.as_str();
        if !directory.sectors.contains_key(&category.sector) {
            let message = format!("there is no sector `{}`", category.sector);
            reading.wrong_row(Row::Category, code, message);
        }
        if !tables.contains_key(&category.route) {
            let message = format!("no file in rules/ has the table `{}`", category.route);
            reading.wrong_row(Row::Category, code, message);
        }
        if category.primary.is_empty() {
            reading.wrong_row(
                Row::Category,
                code,
                "has no primary agency: its cases would go nowhere",
            );
        }
        for reference in category.primary.iter().chain(&category.co_agencies) {
            if let Some(problem) = unknown(reference, directory, settings) {
                reading.wrong_row(Row::Category, code, problem);
            }
        }
    }
}

fn unknown(reference: &AgencyRef, directory: &Directory, settings: &Settings) -> Option<String> {
    match reference {
        AgencyRef::Code(code) if !directory.agencies.contains_key(code) => {
            Some(format!("there is no agency `{code}`"))
        }
        AgencyRef::Area(token) if !settings.areas.contains_key(token) => {
            Some(format!("routing.toml [areas] does not say what unit `{token}@AREA` means"))
        }
        _ => None,
    }
}

fn rules(
    reading: &mut Reading<'_>,
    directory: &Directory,
    settings: &Settings,
    attributes: &Attributes,
    table: &Table,
) {
    for rule in &table.rules {
        for problem in rule_problems(directory, settings, attributes, table, rule) {
            reading.wrong_row(Row::Rule, &rule.id, problem);
        }
    }
    for (later, earlier) in shadow::hidden(table) {
        let message =
            format!("can never decide: `{}` always decides before it", table.rules[earlier].id);
        reading.wrong_row(Row::Rule, &table.rules[later].id, message);
    }
    let used = directory.categories.values().any(|c| c.route == table.name);
    if !used && table.name != UNCLASSIFIED {
        reading.wrong_row(Row::Table, &table.name, "no category uses this table");
    }
}

fn rule_problems(
    directory: &Directory,
    settings: &Settings,
    attributes: &Attributes,
    table: &Table,
    rule: &Rule,
) -> Vec<String> {
    let mut problems = Vec::new();
    let when = &rule.when;
    for code in &when.category {
        match directory.categories.get(code) {
            None => problems.push(format!("there is no category `{code}`")),
            Some(category) if category.route != table.name => {
                problems.push(format!(
                    "category {code} is not decided in this table but in {}",
                    category.route
                ));
            }
            Some(_) => {}
        }
    }
    let sectors = when.sector.iter().filter(|s| !directory.sectors.contains_key(*s));
    problems.extend(sectors.map(|s| format!("there is no sector `{s}`")));
    let districts = when.district.iter().filter(|d| !directory.districts.contains_key(*d));
    problems.extend(districts.map(|d| format!("there is no district `{d}`")));
    for (name, values) in &when.attribute {
        match attributes.get(name) {
            None => problems.push(format!("attributes.toml has no attribute `{name}`")),
            Some(attribute) => {
                let strange =
                    values.iter().filter(|v| !attribute.values.iter().any(|k| k.code == **v));
                problems.extend(strange.map(|v| format!("attribute {name} has no value `{v}`")));
            }
        }
    }
    let from_outcome = match &rule.then {
        Outcome::Attribute(name) => Some(name),
        _ => None,
    };
    for name in when.known.iter().chain(&rule.ask).chain(from_outcome) {
        if attributes.get(name).is_none() {
            problems.push(format!("attributes.toml has no attribute `{name}`"));
        }
    }
    let agency = match &rule.then {
        Outcome::Agency(reference) => Some(reference),
        _ => None,
    };
    problems.extend(
        agency.into_iter().chain(&when.primary).filter_map(|r| unknown(r, directory, settings)),
    );
    match &rule.then {
        Outcome::Primary(nth) => problems.extend(too_few(directory, table, rule, *nth)),
        Outcome::Agency(reference) => problems.extend(stranger(directory, rule, reference)),
        Outcome::Attribute(_) | Outcome::Desk(_) => {}
    }
    problems
}

/// A category this rule gives to an agency it does not name at all.
fn stranger(directory: &Directory, rule: &Rule, reference: &AgencyRef) -> Option<String> {
    let strange = rule
        .when
        .category
        .iter()
        .filter_map(|code| directory.categories.get(code))
        .find(|c| !c.primary.contains(reference) && !c.co_agencies.contains(reference))?;
    Some(format!("category {} does not name {reference} among its agencies", strange.code))
}

/// A category this rule decides that has fewer primary agencies than the rule counts on.
fn too_few(directory: &Directory, table: &Table, rule: &Rule, nth: usize) -> Option<String> {
    if table.name == UNCLASSIFIED {
        return Some("what could not be classified has no primary agency: name one".to_owned());
    }
    let of_rule = |code| rule.when.category.is_empty() || rule.when.category.contains(code);
    let short = directory
        .categories
        .values()
        .find(|c| c.route == table.name && of_rule(&c.code) && c.primary.len() < nth)?;
    Some(format!("category {} has fewer than {nth} primary agencies", short.code))
}

/// Agencies with hours of their own.
pub(super) fn calendars(reading: &mut Reading<'_>, calendars: &Calendars) {
    for (agency, line) in calendars.agencies() {
        if !reading.directory.agencies.contains_key(agency) {
            let message = format!("there is no agency `{agency}`");
            let file = "calendars.toml".to_owned();
            reading.errors.push(FileError { file, line, message });
        }
    }
}

/// Agencies that attribute values name.
pub(super) fn attribute_agencies(reading: &mut Reading<'_>, named: &[(String, AgencyCode)]) {
    for (attribute, agency) in named {
        if !reading.directory.agencies.contains_key(agency) {
            reading.wrong_row(Row::Attribute, attribute, format!("there is no agency `{agency}`"));
        }
    }
}
