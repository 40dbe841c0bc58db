//! The file to import, row by row, whatever its format: of each row the columns the map wants.

mod csv;
mod jsonl;

use std::fs::File;
use std::path::{Path, PathBuf};

use super::ImportError;
use super::map::{BrokenText, Format, Map};
use super::rejects::Reject;

/// What the map wants of one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub(super) line: u64,
    /// The wanted columns in the map's order; what is missing is empty.
    pub(super) fields: Vec<String>,
}

impl Row {
    pub(super) fn field(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }

    /// The id is the first column that is wanted.
    pub(super) fn id(&self) -> &str {
        self.field(0).trim()
    }

    /// A rejection of this row.
    pub(super) fn reject(&self, field: impl Into<String>, reason: impl Into<String>) -> Reject {
        Reject {
            line: self.line,
            id: self.id().chars().take(100).collect(),
            field: field.into(),
            reason: reason.into(),
        }
    }
}

/// The rows of a file.
#[derive(Debug)]
pub struct Rows {
    path: PathBuf,
    bytes: u64,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Csv(Box<csv::CsvRows>),
    Jsonl(jsonl::JsonlRows),
}

impl Rows {
    /// Opens a file and, for CSV, finds the columns.
    ///
    /// # Errors
    /// When it cannot be read or lacks a column the map names.
    pub fn open(path: &Path, map: &Map) -> Result<Self, ImportError> {
        let failed = |error| ImportError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let kind = match map.file.format {
            Format::Csv => Kind::Csv(Box::new(csv::CsvRows::new(file, path, map)?)),
            Format::Jsonl => Kind::Jsonl(jsonl::JsonlRows::new(file, map)),
        };
        Ok(Self { path: path.to_owned(), bytes, kind })
    }

    /// Length of the file in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes were read.
    pub(super) fn position(&self) -> u64 {
        match &self.kind {
            Kind::Csv(rows) => rows.position(),
            Kind::Jsonl(rows) => rows.position(),
        }
    }

    /// The next row, or why it is none; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Result<Row, Reject>>, ImportError> {
        let read = match &mut self.kind {
            Kind::Csv(rows) => rows.next(),
            Kind::Jsonl(rows) => rows.next(),
        };
        read.map_err(|error| ImportError::Io { path: self.path.clone(), error })
    }
}

/// Bytes as text, as the map wants it with those that are not UTF-8.
fn text(bytes: &[u8], broken: BrokenText) -> Option<String> {
    match (std::str::from_utf8(bytes), broken) {
        (Ok(text), _) => Some(text.to_owned()),
        (Err(_), BrokenText::Replace) => Some(String::from_utf8_lossy(bytes).into_owned()),
        (Err(_), BrokenText::Reject) => None,
    }
}
