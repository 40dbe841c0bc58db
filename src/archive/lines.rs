//! Lines in and out, with the hash of all of them and bounds on each.

use std::io::{BufRead, Read, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ArchiveError;
use crate::tracking::hex;

/// No line is longer: an event is at most a few megabytes, escaped as text at most six times that.
const LONGEST: u64 = 64 << 20;

/// Reads lines and hashes them.
pub(super) struct LinesIn<R> {
    from: R,
    hash: Sha256,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> LinesIn<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, hash: Sha256::new(), line: Vec::new(), number: 0 }
    }

    /// Something is wrong with the line last read.
    pub(super) fn wrong(&self, reason: impl Into<String>) -> ArchiveError {
        ArchiveError::Line { line: self.number, reason: reason.into() }
    }

    /// Hashes the line last read and reads the next. False at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, ArchiveError> {
        self.hash.update(&self.line);
        self.line.clear();
        self.number += 1;
        (&mut self.from).take(LONGEST).read_until(b'\n', &mut self.line)?;
        if self.line.is_empty() {
            return Ok(false);
        }
        if self.line.last() != Some(&b'\n') {
            return Err(self.wrong("it has no end: the file is cut off, or the line is too long"));
        }
        Ok(true)
    }

    /// The line last read, without its end.
    pub(super) fn text(&self) -> Result<&str, ArchiveError> {
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        std::str::from_utf8(line).map_err(|error| self.wrong(format!("it is not UTF-8: {error}")))
    }

    /// SHA-256 of every line before the one last read, hexadecimal.
    pub(super) fn hash_before(&self) -> String {
        hex(&self.hash.clone().finalize())
    }
}

/// Writes lines and hashes them.
pub(super) struct LinesOut<W> {
    to: W,
    hash: Sha256,
    line: Vec<u8>,
}

impl<W: Write> LinesOut<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, hash: Sha256::new(), line: Vec::new() }
    }

    /// Writes one line.
    pub(super) fn write(&mut self, line: &impl Serialize) -> Result<(), ArchiveError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).map_err(std::io::Error::from)?;
        self.line.push(b'\n');
        self.hash.update(&self.line);
        self.to.write_all(&self.line)?;
        Ok(())
    }

    /// SHA-256 of everything written, hexadecimal.
    pub(super) fn hash(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// Makes sure that everything went on its way.
    pub(super) fn flush(&mut self) -> Result<(), ArchiveError> {
        Ok(self.to.flush()?)
    }
}
