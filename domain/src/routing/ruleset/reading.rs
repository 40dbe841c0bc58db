//! What has been read so far, where each row stands, and what is wrong with it.

use std::collections::HashMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::file_error::FileError;
use crate::routing::directory::{Directory, Validity};
use crate::routing::tokens::Phrase;
use crate::time::file_values::FileDate;

/// Codes stand in lists, addresses and events; longer ones are a mistake.
const LONGEST_CODE: usize = 120;

/// A place in one of the files.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    file: usize,
    span: Range<usize>,
}

/// The kinds of rows that have codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Row {
    Agency,
    FocalPoint,
    Sector,
    Category,
    District,
    Ward,
    Attribute,
    Table,
    Rule,
}

/// Where each row stands, kept for checks of a set that is good.
#[derive(Debug)]
pub(super) struct Spots<'a> {
    files: &'a [(String, String)],
    spots: HashMap<(Row, String), Spot>,
}

impl Spots<'_> {
    /// File and line of the row with this code; the message is empty.
    pub(super) fn place(&self, row: Row, code: &str) -> FileError {
        let spot = self.spots.get(&(row, code.to_owned()));
        let file = spot.and_then(|spot| self.files.get(spot.file).map(|file| (file, spot)));
        match file {
            Some(((file, text), spot)) => FileError::at(file, text, spot.span.clone(), ""),
            None => FileError::whole("", ""),
        }
    }
}

impl Row {
    const fn word(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::FocalPoint => "focal point",
            Self::Sector => "sector",
            Self::Category => "category",
            Self::District => "district",
            Self::Ward => "ward",
            Self::Attribute => "attribute",
            Self::Table => "table",
            Self::Rule => "rule",
        }
    }
}

/// The rule set while it is being read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    files: &'a [(String, String)],
    current: usize,
    spots: HashMap<(Row, String), Spot>,
    pub errors: Vec<FileError>,
    pub directory: Directory,
}

impl<'a> Reading<'a> {
    pub(super) fn new(files: &'a [(String, String)]) -> Self {
        Self {
            files,
            current: 0,
            spots: HashMap::new(),
            errors: Vec::new(),
            directory: Directory::default(),
        }
    }

    /// What remains when everything is read: where the rows stand.
    pub(super) fn into_spots(self) -> Spots<'a> {
        Spots { files: self.files, spots: self.spots }
    }

    /// Notes errors that another reader found.
    pub(super) fn kept<T>(&mut self, read: Result<T, Vec<FileError>>) -> Option<T> {
        read.map_err(|mut errors| self.errors.append(&mut errors)).ok()
    }

    /// Turns to the `nth` file and reads it; `None` and an error when it is not what it should be.
    pub(super) fn file<T: DeserializeOwned>(&mut self, nth: usize) -> Option<T> {
        self.current = nth;
        let (file, text) = self.files.get(nth)?;
        match toml::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(FileError::toml(file, text, &error));
                None
            }
        }
    }

    /// Where a value of the current file stands.
    pub(super) fn spot<T>(&self, value: &Spanned<T>) -> Spot {
        Spot { file: self.current, span: value.span() }
    }

    /// Notes an error at a place.
    pub(super) fn wrong(&mut self, spot: &Spot, message: impl Into<String>) {
        let Some((file, text)) = self.files.get(spot.file) else { return };
        self.errors.push(FileError::at(file, text, spot.span.clone(), message));
    }

    /// Notes an error at a value of the current file.
    pub(super) fn wrong_at<T>(&mut self, value: &Spanned<T>, message: impl Into<String>) {
        let spot = self.spot(value);
        self.wrong(&spot, message);
    }

    /// Notes an error at the row with this code.
    pub(super) fn wrong_row(&mut self, row: Row, code: &str, message: impl Into<String>) {
        if let Some(spot) = self.spots.get(&(row, code.to_owned())).cloned() {
            self.wrong(&spot, message);
        } else {
            self.errors.push(FileError::whole("", message));
        }
    }

    /// Takes in a code: it must be a plain word and new among its kind.
    pub(super) fn take(&mut self, row: Row, code: &Spanned<String>) -> Option<String> {
        let text = code.get_ref().clone();
        let odd = text.is_empty()
            || text.trim() != text
            || text.len() > LONGEST_CODE
            || text.chars().any(char::is_control);
        if odd {
            let word = row.word();
            let message =
                format!("a {word} code has 1 to {LONGEST_CODE} bytes and no outer spaces");
            self.wrong_at(code, message);
            return None;
        }
        if self.spots.contains_key(&(row, text.clone())) {
            self.wrong_at(code, format!("{} `{text}` is there twice", row.word()));
            return None;
        }
        let spot = self.spot(code);
        self.spots.insert((row, text.clone()), spot);
        Some(text)
    }

    /// The validity of a row; an end before the beginning is an error.
    pub(super) fn validity(
        &mut self,
        code: &Spanned<String>,
        from: Option<FileDate>,
        to: Option<FileDate>,
    ) -> Validity {
        let (from, to) = (from.map(|date| date.0), to.map(|date| date.0));
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.wrong_at(code, format!("valid_to {to} lies before valid_from {from}"));
        }
        Validity { from, to }
    }

    /// A text that must not be empty.
    pub(super) fn words(&mut self, code: &Spanned<String>, field: &str, text: String) -> String {
        if text.trim().is_empty() {
            self.wrong_at(code, format!("`{field}` is empty"));
        }
        text
    }

    /// Checks that every phrase has something to look for.
    pub(super) fn phrases(&mut self, at: &Spanned<String>, phrases: &[String]) {
        for phrase in phrases.iter().filter(|phrase| Phrase::parse(phrase).is_none()) {
            self.wrong_at(at, format!("`{phrase}` has no word to look for"));
        }
    }
}
