//! Rows of a CSV file (RFC 4180, LF or CRLF). The first line names the columns.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use super::{Row, text};
use crate::import::ImportError;
use crate::import::map::{BrokenText, Map};
use crate::import::rejects::Reject;

#[derive(Debug)]
pub(super) struct CsvRows {
    reader: Reader<File>,
    record: ByteRecord,
    lines: Lines,
    width: usize,
    /// For each wanted column its name and where it stands in the file.
    picks: Vec<(String, usize)>,
    broken: BrokenText,
}

impl CsvRows {
    pub(super) fn new(mut file: File, path: &Path, map: &Map) -> Result<Self, ImportError> {
        let unended =
            unended(&mut file).map_err(|error| ImportError::Io { path: path.to_owned(), error })?;
        let wrong = |message: String| ImportError::Header { path: path.to_owned(), message };
        let delimiter = u8::try_from(map.file.delimiter).unwrap_or(b',');
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(file);
        let header = reader
            .byte_headers()
            .map_err(|error| wrong(format!("the header cannot be read: {error}")))?
            .clone();
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned()
            })
            .collect();
        let mut picks = Vec::with_capacity(map.wanted.len());
        for wanted in &map.wanted {
            let mut at = names.iter().enumerate().filter(|(_, name)| *name == wanted);
            match (at.next(), at.next()) {
                (Some((at, _)), None) => picks.push((wanted.clone(), at)),
                (Some(_), Some(_)) => {
                    return Err(wrong(format!("two columns are called `{wanted}`")));
                }
                (None, _) => {
                    let there = names.join(", ");
                    return Err(wrong(format!(
                        "no column is called `{wanted}`; there are: {there}"
                    )));
                }
            }
        }
        let broken = map.file.broken_text;
        let counted = reader.position().line().saturating_sub(1 + line_feeds(&header));
        let lines = Lines { counted: counted > 0, unended };
        Ok(Self { reader, record: ByteRecord::new(), lines, width: names.len(), picks, broken })
    }

    pub(super) fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Result<Row, Reject>>> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let line = self.lines.begin(self.reader.position(), &self.record);
        let mut row = Row { line, fields: Vec::with_capacity(self.picks.len()) };
        let mut broken = None;
        for (name, at) in &self.picks {
            let bytes = self.record.get(*at).unwrap_or_default();
            let field = text(bytes, self.broken);
            if field.is_none() {
                broken.get_or_insert(name);
            }
            row.fields.push(field.unwrap_or_default());
        }
        let (width, there) = (self.width, self.record.len());
        if there != width {
            let reason = format!("has {there} columns, the header has {width}");
            return Ok(Some(Err(row.reject("row", reason))));
        }
        Ok(Some(match broken {
            Some(name) => Err(row.reject(name, "is not UTF-8")),
            None => Ok(row),
        }))
    }
}

/// Says on which line a row begins. The reader counts line feeds, but not yet that of a CRLF
/// which ends a row, and its own beginnings lie before blank lines; so it is counted from the end.
#[derive(Debug)]
struct Lines {
    /// Whether the line feed that ends a row is counted when the row was read.
    counted: bool,
    /// Length of a file whose last line has no end.
    unended: Option<u64>,
}

impl Lines {
    fn begin(&self, after: &Position, record: &ByteRecord) -> u64 {
        let ended = self.counted && self.unended != Some(after.byte());
        after.line().saturating_sub(line_feeds(record) + u64::from(ended))
    }
}

fn line_feeds(record: &ByteRecord) -> u64 {
    record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64
}

/// The file's length if its last byte ends no line.
fn unended(file: &mut File) -> io::Result<Option<u64>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok((last[0] != b'\n').then_some(length))
}
