//! `rules/*.toml` and `attributes.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::reading::{Reading, Row};
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, SectorCode};
use crate::kinds::{Desk, Handoff, Kind};
use crate::routing::directory::AgencyRef;
use crate::routing::responsibility::attributes::{Attribute, Value};
use crate::routing::responsibility::table::{Condition, Outcome, Rule, Table, Words};
use crate::time::file_values::FileDate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    table: Spanned<String>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    desk: Option<Desk>,
    #[serde(default)]
    rule: Vec<RuleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    id: Spanned<String>,
    why: String,
    #[serde(default)]
    when: WhenRow,
    then: ThenRow,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WhenRow {
    category: Vec<CategoryCode>,
    sector: Vec<SectorCode>,
    district: Vec<DistrictCode>,
    kind: Vec<Kind>,
    handoff: Vec<Handoff>,
    attribute: BTreeMap<String, Vec<String>>,
    known: Vec<String>,
    primary: Option<String>,
    word: Vec<String>,
    from: Option<FileDate>,
    until: Option<FileDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThenRow {
    #[serde(default)]
    agency: Option<String>,
    #[serde(default)]
    primary: Option<usize>,
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    desk: Option<Desk>,
    #[serde(default)]
    ask: Option<String>,
}

/// Reads a decision table.
pub(super) fn table(reading: &mut Reading<'_>, nth: usize) -> Option<Table> {
    let file = reading.file::<TableFile>(nth)?;
    let name = reading.take(Row::Table, &file.table)?;
    let mut rules = Vec::with_capacity(file.rule.len());
    for row in file.rule {
        rules.extend(rule(reading, row));
    }
    match rules.last().map(|rule: &Rule| rule.when.is_always()) {
        Some(true) => {}
        _ => reading.wrong_at(
            &file.table,
            "the last rule must have no `when`: a table always decides, at least for a desk",
        ),
    }
    Some(Table { name, kind: file.kind, desk: file.desk, rules })
}

fn rule(reading: &mut Reading<'_>, row: RuleRow) -> Option<Rule> {
    let id = reading.take(Row::Rule, &row.id)?;
    let why = reading.words(&row.id, "why", row.why);
    reading.phrases(&row.id, &row.when.word);
    let then = match (row.then.agency, row.then.primary, row.then.attribute, row.then.desk) {
        (Some(agency), None, None, None) => Outcome::Agency(AgencyRef::parse(&agency)),
        (None, Some(nth), None, None) if nth > 0 => Outcome::Primary(nth),
        (None, None, Some(attribute), None) => Outcome::Attribute(attribute),
        (None, None, None, Some(desk)) => Outcome::Desk(desk),
        _ => {
            reading.wrong_at(
                &row.id,
                "`then` has exactly one of: agency, primary (from 1), attribute, desk",
            );
            return None;
        }
    };
    let validity = reading.validity(&row.id, row.when.from, row.when.until);
    let when = Condition {
        category: row.when.category,
        sector: row.when.sector,
        district: row.when.district,
        kind: row.when.kind,
        handoff: row.when.handoff,
        attribute: row.when.attribute,
        known: row.when.known,
        primary: row.when.primary.as_deref().map(AgencyRef::parse),
        word: Words::new(row.when.word),
        validity,
    };
    Some(Rule { id, why, when, then, ask: row.then.ask })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeFile {
    attribute: Vec<AttributeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeRow {
    code: Spanned<String>,
    vi: String,
    en: String,
    value: Vec<ValueRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueRow {
    code: Spanned<String>,
    vi: String,
    en: String,
    #[serde(default)]
    agency: Option<AgencyCode>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
}

/// Reads the attributes.
pub(super) fn attributes(reading: &mut Reading<'_>, nth: usize) -> Vec<Attribute> {
    let Some(file) = reading.file::<AttributeFile>(nth) else { return Vec::new() };
    let mut list = Vec::with_capacity(file.attribute.len());
    for row in file.attribute {
        let Some(code) = reading.take(Row::Attribute, &row.code) else { continue };
        let mut values: Vec<Value> = Vec::with_capacity(row.value.len());
        for value in row.value {
            let value_code = value.code.get_ref().clone();
            if values.iter().any(|v| v.code == value_code) {
                reading.wrong_at(&value.code, format!("value `{value_code}` is there twice"));
            }
            reading.phrases(&value.code, &value.words);
            reading.phrases(&value.code, &value.except);
            values.push(Value {
                code: value_code,
                vi: value.vi,
                en: value.en,
                agency: value.agency,
                words: value.words,
                except: value.except,
            });
        }
        list.push(Attribute { code, vi: row.vi, en: row.en, values });
    }
    list
}
