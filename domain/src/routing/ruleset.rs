//! A rule set: all policy files of a city, read strictly, checked against each other.

use sha2::{Digest, Sha256};

use super::directory::Directory;
use super::verdict::{RouteInput, Verdict};
use crate::file_error::FileError;
use crate::kinds::{Desk, Kind};

/// The policy of a city, in force as a whole.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// SHA-256 over the sorted paths and texts, hexadecimal.
    pub hash: String,
    /// The directory.
    pub directory: Directory,
}

impl RuleSet {
    /// Reads and checks a rule set from its files: (path relative to the rules directory, text).
    ///
    /// # Errors
    /// Everything that is wrong, by file and line; a set with errors is never used.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<FileError>> {
        Ok(Self { hash: hash(files), directory: Directory::default() })
    }

    /// Where a feedback goes, and why.
    pub fn explain(&self, input: &RouteInput) -> Verdict {
        Verdict {
            kind: input.kind.unwrap_or(Kind::Incident),
            sector: None,
            category: None,
            priority: None,
            urgent: false,
            confidential: false,
            handoff: None,
            district: None,
            ward: None,
            agency: None,
            co_agencies: Vec::new(),
            focal_point: None,
            desk: Some(Desk::Coordinators),
            question: None,
            confidence: 0.0,
            because: Vec::new(),
            rule: None,
            rule_set: self.hash.clone(),
            alternatives: Vec::new(),
        }
    }
}

/// SHA-256 over the files in path order; each path and text is preceded by its length, so that
/// moving a byte from one file to the next changes the hash.
fn hash(files: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let mut digest = Sha256::new();
    for (path, text) in sorted {
        for part in [path, text] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
