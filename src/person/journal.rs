//! Erasures on record outside the database: a file of lines beside the master key, written before
//! anything is erased. Whoever puts an old backup back finds here what has to be forgotten again.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use hoiam_domain::case::command::ErasedPart;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PersonError;
use crate::secret_file::keep_name;

/// No line is longer: a person has at most some hundred cases.
const LONGEST: u64 = 1 << 20;

/// One erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Of which log: journals of several may be one file.
    pub log: Uuid,
    /// When it was asked for.
    pub at: Timestamp,
    /// Whose.
    pub person: Uuid,
    /// The streams of their cases.
    pub cases: Vec<Uuid>,
    /// Their accounts as citizens. None in lines from before they were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Uuid>,
    /// What.
    pub what: ErasedPart,
    /// The provision.
    pub legal_ground: String,
}

/// The file; and the folder of mails, which lies outside the database as well.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
    spool: Option<PathBuf>,
}

impl Journal {
    /// The journal in a file, which is made when something is written.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), spool: None }
    }

    /// And the folder mails are written to where there is no mail server: what is addressed to
    /// somebody who is erased, or about their cases, is taken out of it.
    #[must_use]
    pub fn with_spool(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spool = Some(folder.into());
        self
    }

    /// The folder of mails.
    pub fn spool(&self) -> Option<&Path> {
        self.spool.as_deref()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, error: std::io::Error) -> PersonError {
        PersonError::Journal { path: self.path.clone(), error }
    }

    /// Adds an entry; it is on disk when this returns.
    ///
    /// # Errors
    /// [`PersonError::Journal`]; nothing may be erased then.
    pub fn add(&self, entry: &Entry) -> Result<(), PersonError> {
        let write = || {
            if let Some(directory) = self.path.parent().filter(|p| !p.as_os_str().is_empty()) {
                std::fs::create_dir_all(directory)?;
            }
            let mut options = OpenOptions::new();
            options.create(true).append(true).read(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&self.path)?;
            let mut line = serde_json::to_string(entry)?;
            line.push('\n');
            // A line that was torn off by a power cut is ended first, so that it spoils no other.
            if last_byte(&mut file)?.is_some_and(|last| last != b'\n') {
                line.insert(0, '\n');
            }
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            keep_name(&self.path)
        };
        write().map_err(|error| self.failed(error))
    }

    /// All entries, the oldest first. A line that was torn off is left out: it was written before
    /// anything was erased.
    ///
    /// # Errors
    /// [`PersonError::Journal`].
    pub fn entries(&self) -> Result<Vec<Entry>, PersonError> {
        let file = match std::fs::File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(error)),
        };
        let mut reader = BufReader::new(file);
        let (mut entries, mut line) = (Vec::new(), Vec::new());
        for nr in 1.. {
            line.clear();
            let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut line);
            if read.map_err(|error| self.failed(error))? == 0 {
                break;
            }
            match serde_json::from_slice(&line) {
                Ok(entry) => entries.push(entry),
                Err(_) if line.trim_ascii().is_empty() => {}
                Err(error) => {
                    tracing::warn!(line = nr, %error, "a line of the journal of erasures does not read");
                }
            }
        }
        Ok(entries)
    }
}

/// The last byte of a file; what is written next goes behind it anyway.
fn last_byte(file: &mut std::fs::File) -> std::io::Result<Option<u8>> {
    if file.metadata()?.len() == 0 {
        return Ok(None);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(Some(last[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_and_a_torn_line_spoils_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::at(directory.path().join("new/erasures.jsonl"));
        assert_eq!(journal.entries().unwrap(), []);
        let entry = |nr| Entry {
            log: Uuid::from_u128(1),
            at: Timestamp::UNIX_EPOCH,
            person: Uuid::from_u128(nr),
            cases: vec![Uuid::from_u128(9)],
            accounts: vec![Uuid::from_u128(nr); (nr % 2) as usize],
            what: ErasedPart::Everything,
            legal_ground: "x".to_owned(),
        };
        journal.add(&entry(1)).unwrap();
        let mut text = std::fs::read_to_string(journal.path()).unwrap();
        text.push_str("{\"at\":\"19");
        std::fs::write(journal.path(), text).unwrap();
        assert_eq!(journal.entries().unwrap(), [entry(1)]);
        journal.add(&entry(2)).unwrap();
        assert_eq!(journal.entries().unwrap(), [entry(1), entry(2)]);
    }
}
