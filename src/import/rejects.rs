//! Rows that could not be taken, one JSON object a line: `{"line", "id", "field", "reason"}`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::ImportError;

/// Why one row was not taken. Holds nothing a person wrote beyond the start of a faulty value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Line of the file the row begins on, from 1.
    pub line: u64,
    /// The source's id, as far as it could be read.
    pub id: String,
    /// The field concerned, as the map calls it; `row` for the row as a whole.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The file of rejects. It is made with the first of them; one of an earlier run is replaced.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Rejects {
    /// Rejects go to `path`.
    pub fn to(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None }
    }

    /// Where they go.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one down.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&mut self, reject: &Reject) -> Result<(), ImportError> {
        let mut line = serde_json::to_string(reject)?;
        line.push('\n');
        let failed = |error| ImportError::Io { path: self.path.clone(), error };
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(File::create(&self.path).map_err(failed)?)),
        };
        file.write_all(line.as_bytes())
            .map_err(|error| ImportError::Io { path: self.path.clone(), error })
    }

    /// Sees that all of them are in the file; without any, one of an earlier run is removed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn finish(&mut self) -> Result<(), ImportError> {
        let failed = |error| ImportError::Io { path: self.path.clone(), error };
        if let Some(file) = &mut self.file {
            return file.flush().map_err(failed);
        }
        // A leftover that cannot be removed is no reason to fail: nothing was rejected.
        let _ = std::fs::remove_file(&self.path);
        Ok(())
    }
}
