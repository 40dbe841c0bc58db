//! Rows of a JSON Lines file: one object a line; blank lines are skipped. A column `a.b` looks for
//! `b` in the object `a`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use serde_json::{Map as Object, Value};

use super::{Row, text};
use crate::import::map::{BrokenText, Map};
use crate::import::rejects::Reject;

/// A longer line is no record; it is skipped without being held.
const LONGEST_LINE: u64 = 4 << 20;

#[derive(Debug)]
pub(super) struct JsonlRows {
    reader: BufReader<File>,
    buffer: Vec<u8>,
    line: u64,
    position: u64,
    wanted: Vec<String>,
    broken: BrokenText,
}

impl JsonlRows {
    pub(super) fn new(file: File, map: &Map) -> Self {
        Self {
            reader: BufReader::new(file),
            buffer: Vec::new(),
            line: 0,
            position: 0,
            wanted: map.wanted.clone(),
            broken: map.file.broken_text,
        }
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Result<Row, Reject>>> {
        loop {
            self.buffer.clear();
            let mut limited = (&mut self.reader).take(LONGEST_LINE);
            let read = limited.read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            self.position += read as u64;
            let mut row = Row { line: self.line, fields: Vec::new() };
            if read as u64 == LONGEST_LINE && !self.buffer.ends_with(b"\n") {
                self.position += self.reader.skip_until(b'\n')? as u64;
                return Ok(Some(Err(row.reject("row", "the line is too long"))));
            }
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Ok(Some(match self.fields() {
                Ok(fields) => {
                    row.fields = fields;
                    Ok(row)
                }
                Err((field, reason)) => Err(row.reject(field, reason)),
            }));
        }
    }

    fn fields(&self) -> Result<Vec<String>, (String, String)> {
        let text = text(&self.buffer, self.broken)
            .ok_or_else(|| ("row".to_owned(), "is not UTF-8".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}');
        let object: Object<String, Value> = serde_json::from_str(text)
            .map_err(|error| ("row".to_owned(), format!("is not a JSON object: {error}")))?;
        self.wanted
            .iter()
            .map(|column| match find(&object, column) {
                None | Some(Value::Null) => Ok(String::new()),
                Some(Value::String(text)) => Ok(text.clone()),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
                Some(_) => Err((column.clone(), "is neither text nor number".to_owned())),
            })
            .collect()
    }
}

fn find<'a>(object: &'a Object<String, Value>, column: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(column) {
        return Some(value);
    }
    let (outer, inner) = column.split_once('.')?;
    find(object.get(outer)?.as_object()?, inner)
}
