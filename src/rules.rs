//! Rule sets on disk: reading a directory, and following its changes while the server runs.
//!
//! A good new set replaces the one in use as a whole; a bad one is refused, said loudly with file
//! and line, counted, and the old one stays. Cases keep the hash of the set that decided them.
//! Once a set was activated in the log ([`crate::policy`]), activated sets win over the source.

mod files;
mod ground;
mod timetable;
mod watch;

use std::path::{Path, PathBuf};

use hoiam_domain::file_error::FileError;
use hoiam_domain::routing::RuleSet;

pub use files::read_dir;
pub use watch::{Polled, Refreshed, Rules};

/// Why a rule set could not be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A file or directory could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The files are wrong.
    #[error("{}", lines(.0))]
    Wrong(Vec<FileError>),
}

fn lines(errors: &[FileError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where the rules come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A directory, followed while the server runs.
    Directory(PathBuf),
    /// The rules of the demonstration city that the binary carries.
    Embedded,
}

/// Where rules are looked for when nothing else is said, relative to the working directory.
pub const USUAL_DIRECTORY: &str = "routing-rules";

impl Source {
    /// The directory given; else the usual one if it is there; else what the binary carries.
    pub fn choose(given: Option<&Path>) -> Self {
        let usual = || Some(PathBuf::from(USUAL_DIRECTORY)).filter(|path| path.is_dir());
        given.map(Path::to_owned).or_else(usual).map_or(Self::Embedded, Self::Directory)
    }

    /// The files: (path relative to the rules directory, text), sorted.
    ///
    /// # Errors
    /// What could not be read.
    pub fn files(&self) -> Result<Vec<(String, String)>, RulesError> {
        match self {
            Self::Directory(path) => read_dir(path),
            Self::Embedded => Ok(EMBEDDED
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect()),
        }
    }

    /// Reads and checks the rule set.
    ///
    /// # Errors
    /// What could not be read, or everything that is wrong by file and line.
    pub fn load(&self) -> Result<RuleSet, RulesError> {
        RuleSet::load(&self.files()?).map_err(RulesError::Wrong)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "{}", path.display()),
            Self::Embedded => f.write_str("(embedded)"),
        }
    }
}

/// Reads and checks the rule set of a directory.
///
/// # Errors
/// What could not be read, or everything that is wrong by file and line.
pub fn load_dir(path: &Path) -> Result<RuleSet, RulesError> {
    Source::Directory(path.to_owned()).load()
}

static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/routing_rules.rs"));

#[cfg(test)]
mod tests;
