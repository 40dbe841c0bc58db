//! The map of an import: which column means what, and which code a value stands for.
//!
//! ```toml
//! system = "boston311"          # name of the source; with its ids it makes rows known again
//! format = "csv"                # csv (default) or jsonl; the first CSV line names the columns
//! delimiter = ","               # csv only
//! time_zone = "-05:00"          # of times without an offset: a fixed offset or an IANA name
//! dates = ["iso", "%d/%m/%Y %H:%M"]  # tried in order; iso: 2011-07-01[ T]01:32[:33[.5]][+00:00]
//! coordinates = "lenient"       # impossible ones: strict rejects the row, lenient leaves them out
//! broken_text = "replace"       # bytes that are not UTF-8: reject (default) or replace with �
//! duplicates = "each"           # an id seen before in the file: once (default) or each, see below
//! public = true                 # whether the cases may be published
//!
//! [columns]                     # only id and received_at must be named; jsonl: "a.b" looks inside
//! id = "case_id"
//! received_at = "opened"
//! target = "due"                # the source's own promise, taken over as it is
//! closed_at = "closed"          # empty while the case is open
//! text = ["title", "details"]   # joined by line ends
//! closing_note = "result"
//! lat = "latitude"
//! lon = "longitude"
//! address = "street"
//! reporter_name = "name"        # also reporter_phone, reporter_email
//!
//! [agency]                      # likewise category, sector, district, ward, channel, kind, outcome
//! column = "department"
//! by = "name"                   # what a value is: a code (default) or a name of the directory
//! values = { "Roads" = "PWD" }  # these values first; alone, without `by`, the only ones
//! default = "OTHER"             # for an empty value
//! unknown = "reject"            # for a value that leads nowhere: reject (default), default or none
//! ```
//!
//! `channel`, `kind` and `outcome` must come out as something (`kind` is `incident` and `outcome`
//! is `done` if nothing else is said); the others may stay empty. Without a `[sector]` the sector is
//! the category's. With `duplicates = "once"` a second row of an id is the same record: identical,
//! it is there already; changed, it is rejected. With `"each"` every row is a case of its own, the
//! second one known as `ID#2` and so on, also where the id is empty.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::dates::Dates;

/// A map that can be used.
#[derive(Clone, Debug)]
pub struct Map {
    /// Where it came from, for messages.
    pub path: PathBuf,
    pub(super) file: File,
    pub(super) dates: Dates,
    /// The columns taken out of every row.
    pub(super) wanted: Vec<String>,
}

/// What is wrong with a map.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// The file cannot be read.
    #[error("{path}: {error}", path = path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{path}: {error}", path = path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// What is wrong, with the line.
        error: Box<toml::de::Error>,
    },
    /// A value cannot be used.
    #[error("{path}: {field}: {message}", path = path.display())]
    Value {
        /// Which.
        path: PathBuf,
        /// The field.
        field: String,
        /// What to do.
        message: String,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) system: String,
    #[serde(default)]
    pub(super) format: Format,
    #[serde(default = "comma")]
    pub(super) delimiter: char,
    time_zone: String,
    #[serde(default = "iso")]
    dates: Vec<String>,
    #[serde(default)]
    pub(super) coordinates: Coordinates,
    #[serde(default)]
    pub(super) broken_text: BrokenText,
    #[serde(default)]
    pub(super) duplicates: Duplicates,
    #[serde(default = "yes")]
    pub(super) public: bool,
    pub(super) columns: Columns,
    #[serde(default)]
    pub(super) category: Lookup,
    #[serde(default)]
    pub(super) sector: Lookup,
    #[serde(default)]
    pub(super) agency: Lookup,
    #[serde(default)]
    pub(super) district: Lookup,
    #[serde(default)]
    pub(super) ward: Lookup,
    pub(super) channel: Lookup,
    #[serde(default)]
    pub(super) kind: Lookup,
    #[serde(default)]
    pub(super) outcome: Lookup,
}

const fn comma() -> char {
    ','
}

const fn yes() -> bool {
    true
}

fn iso() -> Vec<String> {
    vec!["iso".to_owned()]
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    #[default]
    Csv,
    Jsonl,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Coordinates {
    #[default]
    Strict,
    Lenient,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BrokenText {
    #[default]
    Reject,
    Replace,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Duplicates {
    #[default]
    Once,
    Each,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) id: String,
    pub(super) received_at: String,
    pub(super) target: Option<String>,
    pub(super) closed_at: Option<String>,
    #[serde(default)]
    pub(super) text: Vec<String>,
    pub(super) closing_note: Option<String>,
    pub(super) lat: Option<String>,
    pub(super) lon: Option<String>,
    pub(super) address: Option<String>,
    pub(super) reporter_name: Option<String>,
    pub(super) reporter_phone: Option<String>,
    pub(super) reporter_email: Option<String>,
}

/// How a column's values lead to codes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lookup {
    pub(super) column: Option<String>,
    pub(super) by: Option<By>,
    #[serde(default)]
    pub(super) values: BTreeMap<String, String>,
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) unknown: Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    Code,
    Name,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unknown {
    #[default]
    Reject,
    Default,
    None,
}

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// [`MapError`] naming the file and field.
    pub fn read(path: &Path) -> Result<Self, MapError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| MapError::Read { path: path.to_owned(), error })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a map; `path` is what messages call it.
    ///
    /// # Errors
    /// [`MapError`] naming the file and field.
    pub fn parse(path: &Path, text: &str) -> Result<Self, MapError> {
        let file: File = toml::from_str(text)
            .map_err(|error| MapError::Toml { path: path.to_owned(), error: Box::new(error) })?;
        let value = |field: &str, message: String| MapError::Value {
            path: path.to_owned(),
            field: field.to_owned(),
            message,
        };
        if file.system.trim().is_empty() || file.system.chars().any(char::is_control) {
            return Err(value("system", "names the source, e.g. \"boston311\"".to_owned()));
        }
        if !file.delimiter.is_ascii() || matches!(file.delimiter, '"' | '\n' | '\r') {
            return Err(value("delimiter", "must be one ASCII character".to_owned()));
        }
        let dates = Dates::new(&file.time_zone, &file.dates)
            .map_err(|(field, message)| value(field, message))?;
        Ok(Self { path: path.to_owned(), wanted: wanted(&file), file, dates })
    }

    /// The place of a column among those taken out of every row.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.wanted.iter().position(|wanted| wanted == column)
    }

    pub(super) fn wrong(&self, field: impl Into<String>, message: impl Into<String>) -> MapError {
        MapError::Value { path: self.path.clone(), field: field.into(), message: message.into() }
    }
}

/// The columns a map uses, each once, in a fixed order: what is taken out of every row.
fn wanted(file: &File) -> Vec<String> {
    let columns = &file.columns;
    let lookups = [
        &file.category,
        &file.sector,
        &file.agency,
        &file.district,
        &file.ward,
        &file.channel,
        &file.kind,
        &file.outcome,
    ];
    let named = [
        &columns.target,
        &columns.closed_at,
        &columns.closing_note,
        &columns.lat,
        &columns.lon,
        &columns.address,
        &columns.reporter_name,
        &columns.reporter_phone,
        &columns.reporter_email,
    ];
    let mut wanted: Vec<String> = Vec::new();
    let all = [&columns.id, &columns.received_at]
        .into_iter()
        .chain(named.into_iter().flatten())
        .chain(&columns.text)
        .chain(lookups.into_iter().filter_map(|lookup| lookup.column.as_ref()));
    for column in all {
        if !wanted.contains(column) {
            wanted.push(column.clone());
        }
    }
    wanted
}
