//! Errors in policy files: always with the file and the line, so that the official who wrote the
//! file can find the place.

use std::fmt;
use std::ops::Range;

/// What is wrong at one place of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileError {
    /// Path relative to the rules directory, e.g. `agencies.toml`.
    pub file: String,
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

impl FileError {
    /// An error about the byte range `span` of `text`, as `toml` reports it.
    pub fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let end = span.start.min(text.len());
        let line = text.as_bytes()[..end].iter().filter(|b| **b == b'\n').count() + 1;
        Self { file: file.to_owned(), line, message: message.into() }
    }

    /// An error about the file as a whole.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 0, message: message.into() }
    }

    /// A TOML error of `text`.
    pub fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        match error.span() {
            Some(span) => Self::at(file, text, span, error.message()),
            None => Self::whole(file, error.message()),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.message)
        } else {
            write!(f, "{}:{}: {}", self.file, self.line, self.message)
        }
    }
}

impl std::error::Error for FileError {}
