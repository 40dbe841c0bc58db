//! `categories.toml` and `categories/*.toml`.

use serde::Deserialize;
use toml::Spanned;

use super::reading::{Reading, Row};
use crate::codes::{CategoryCode, SectorCode};
use crate::kinds::{Handoff, Priority};
use crate::routing::directory::{AgencyRef, Category};
use crate::time::file_values::FileDate;
use crate::time::{CategoryLimits, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryFile {
    category: Vec<CategoryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    code: Spanned<String>,
    sector: SectorCode,
    name: String,
    priority: Priority,
    #[serde(default)]
    urgent: bool,
    route: String,
    primary: Vec<String>,
    #[serde(default)]
    co_agencies: Vec<String>,
    #[serde(default)]
    handoff: Vec<Handoff>,
    #[serde(default)]
    confidential: bool,
    #[serde(default)]
    infrastructure: bool,
    #[serde(default)]
    after_photo: bool,
    #[serde(default)]
    limits: LimitsRow,
    #[serde(default)]
    valid_from: Option<FileDate>,
    #[serde(default)]
    valid_to: Option<FileDate>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsRow {
    acknowledge: Option<Span>,
    on_site: Option<Span>,
    make_safe: Option<Span>,
    resolve: Option<Span>,
}

/// Reads a file of categories.
pub(super) fn categories(reading: &mut Reading<'_>, nth: usize) {
    let Some(file) = reading.file::<CategoryFile>(nth) else { return };
    for row in file.category {
        let Some(code) = reading.take(Row::Category, &row.code) else { continue };
        let category = Category {
            code: CategoryCode::new(code),
            sector: row.sector,
            name: reading.words(&row.code, "name", row.name),
            priority: row.priority,
            urgent: row.urgent,
            route: row.route,
            primary: row.primary.iter().map(|text| AgencyRef::parse(text)).collect(),
            co_agencies: row.co_agencies.iter().map(|text| AgencyRef::parse(text)).collect(),
            handoff: row.handoff,
            confidential: row.confidential,
            after_photo: row.after_photo,
            limits: CategoryLimits {
                priority: Some(row.priority),
                acknowledge: row.limits.acknowledge,
                on_site: row.limits.on_site,
                make_safe: row.limits.make_safe,
                resolve: row.limits.resolve,
                infrastructure: row.infrastructure,
            },
            validity: reading.validity(&row.code, row.valid_from, row.valid_to),
        };
        reading.directory.categories.insert(category.code.clone(), category);
    }
}
