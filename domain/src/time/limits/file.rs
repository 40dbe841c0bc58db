//! Reading `limits.toml`: strict, with the line of every mistake.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::super::file_values::FileDate;
use super::super::span::Span;
use super::{DeskRules, Limit, Limits, Regime, Row};
use crate::codes::SectorCode;
use crate::file_error::FileError;
use crate::kinds::{Clock, Kind, Priority};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Spanned<u32>,
    revision: String,
    #[serde(default)]
    infrastructure_sectors: Vec<SectorCode>,
    #[serde(default)]
    regimes: Vec<RegimeTable>,
    #[serde(default)]
    desk: Vec<DeskTable>,
    #[serde(default)]
    limits: Vec<RowTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegimeTable {
    id: Spanned<String>,
    valid_from: Option<Spanned<FileDate>>,
    vi: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeskTable {
    id: Spanned<String>,
    valid_from: Option<Spanned<FileDate>>,
    basis: String,
    max_returns: u32,
    reopen_days: u32,
    rating_window_days: u32,
    appeal_days: u32,
    pause_cap: Span,
    max_extensions: u32,
    max_extension: Span,
    warn_percent: Spanned<u8>,
    leaders_matter: Option<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowTable {
    id: Spanned<String>,
    clock: Clock,
    #[serde(default)]
    regimes: Vec<Spanned<String>>,
    #[serde(default)]
    kinds: Vec<Kind>,
    #[serde(default)]
    priorities: Vec<Priority>,
    urgent: Option<bool>,
    several_agencies: Option<bool>,
    infrastructure: Option<bool>,
    own_category: Option<bool>,
    limit: Limit,
    basis: String,
    vi: String,
    en: String,
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "category" => Ok(Self::Category),
            "none" => Ok(Self::None),
            span => span.parse().map(Self::Of).map_err(|e| {
                de::Error::custom(format!("{e}; `category` and `none` are also accepted"))
            }),
        }
    }
}

/// Reads `limits.toml`.
///
/// # Errors
/// Everything that is wrong in the file, with lines; a file TOML cannot read gives one error.
pub fn parse_limits(file: &str, text: &str) -> Result<Limits, Vec<FileError>> {
    let raw: File = toml::from_str(text).map_err(|e| vec![FileError::toml(file, text, &e)])?;
    let mut check = Check { file, text, errors: Vec::new() };
    if *raw.version.as_ref() != 1 {
        check.error(&raw.version, "this program reads version 1 of limits.toml");
    }
    check.unique(raw.regimes.iter().map(|row| &row.id));
    check.unique(raw.desk.iter().map(|row| &row.id));
    check.unique(raw.limits.iter().map(|row| &row.id));
    check.in_order("regimes", raw.regimes.iter().map(|row| (&row.id, &row.valid_from)));
    check.in_order("desk", raw.desk.iter().map(|row| (&row.id, &row.valid_from)));
    for row in &raw.desk {
        if !(1..=99).contains(row.warn_percent.as_ref()) {
            check.error(&row.warn_percent, "warn_percent must be from 1 to 99");
        }
    }
    for regime in raw.limits.iter().flat_map(|row| &row.regimes) {
        if !raw.regimes.iter().any(|known| known.id.as_ref() == regime.as_ref()) {
            check.error(regime, format!("no regime has the id `{}`", regime.as_ref()));
        }
    }
    let places: Vec<Spanned<String>> = raw.limits.iter().map(|row| row.id.clone()).collect();
    let rows: Vec<Row> = raw.limits.into_iter().map(row).collect();
    for (at, row) in rows.iter().enumerate() {
        if let Some(before) = rows[..at].iter().find(|before| before.hides(row)) {
            let message =
                format!("never reached: `{}` before it matches every such case", before.id);
            check.error(&places[at], message);
        }
    }
    if !check.errors.is_empty() {
        return Err(check.errors);
    }
    Ok(Limits {
        revision: raw.revision,
        infrastructure: raw.infrastructure_sectors.into_iter().collect(),
        regimes: raw.regimes.into_iter().map(regime).collect(),
        rows,
        desk: raw.desk.into_iter().map(desk).collect(),
    })
}

fn date(date: Option<Spanned<FileDate>>) -> Option<Date> {
    date.map(|date| date.into_inner().0)
}

fn regime(raw: RegimeTable) -> Regime {
    Regime { id: raw.id.into_inner(), valid_from: date(raw.valid_from), vi: raw.vi, en: raw.en }
}

fn desk(raw: DeskTable) -> DeskRules {
    DeskRules {
        id: raw.id.into_inner(),
        valid_from: date(raw.valid_from),
        basis: raw.basis,
        max_returns: raw.max_returns,
        reopen_days: raw.reopen_days,
        rating_window_days: raw.rating_window_days,
        appeal_days: raw.appeal_days,
        pause_cap: raw.pause_cap,
        max_extensions: raw.max_extensions,
        max_extension: raw.max_extension,
        warn_percent: raw.warn_percent.into_inner(),
        leaders_matter: raw.leaders_matter,
    }
}

fn row(raw: RowTable) -> Row {
    Row {
        id: raw.id.into_inner(),
        clock: raw.clock,
        regimes: raw.regimes.into_iter().map(Spanned::into_inner).collect(),
        kinds: raw.kinds,
        priorities: raw.priorities,
        urgent: raw.urgent,
        several_agencies: raw.several_agencies,
        infrastructure: raw.infrastructure,
        own_category: raw.own_category,
        limit: raw.limit,
        basis: raw.basis,
        vi: raw.vi,
        en: raw.en,
    }
}

impl Row {
    /// Whether every case `later` is for is decided by this row already.
    fn hides(&self, later: &Self) -> bool {
        fn all<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
            wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|n| wide.contains(n)))
        }
        let same = |wide: Option<bool>, narrow: Option<bool>| wide.is_none() || wide == narrow;
        self.limit != Limit::Category
            && self.clock == later.clock
            && all(&self.regimes, &later.regimes)
            && all(&self.kinds, &later.kinds)
            && all(&self.priorities, &later.priorities)
            && same(self.urgent, later.urgent)
            && same(self.several_agencies, later.several_agencies)
            && same(self.infrastructure, later.infrastructure)
            && same(self.own_category, later.own_category)
    }
}

struct Check<'a> {
    file: &'a str,
    text: &'a str,
    errors: Vec<FileError>,
}

impl Check<'_> {
    fn error<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.errors.push(FileError::at(self.file, self.text, at.span(), message));
    }

    fn unique<'r>(&mut self, ids: impl Iterator<Item = &'r Spanned<String>>) {
        let mut seen = std::collections::BTreeSet::new();
        for id in ids {
            if !seen.insert(id.as_ref()) {
                self.error(id, format!("the id `{}` is used before", id.as_ref()));
            }
        }
    }

    /// Rows in force from a day on: the first from the beginning, the others each later than the
    /// one before, so that exactly one is in force on any day.
    fn in_order<'r>(
        &mut self,
        what: &str,
        rows: impl Iterator<Item = (&'r Spanned<String>, &'r Option<Spanned<FileDate>>)>,
    ) {
        let mut before: Option<Option<Date>> = None;
        for (id, from) in rows {
            let day = from.as_ref().map(|d| d.as_ref().0);
            match (before, day) {
                (None, Some(_)) => {
                    self.error(id, "the first must hold from the beginning: leave valid_from out");
                }
                (Some(_), None) => self.error(id, "needs valid_from"),
                (Some(Some(last)), Some(day)) if day <= last => {
                    self.error(id, format!("valid_from must be after {last} of the one before"));
                }
                _ => {}
            }
            before = Some(day);
        }
        if before.is_none() {
            self.errors.push(FileError::whole(self.file, format!("no [[{what}]]")));
        }
    }
}
