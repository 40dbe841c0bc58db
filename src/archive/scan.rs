//! Reads a file line by line and holds it against everything that must be true of a whole log.

use std::io::BufRead;

use serde::Deserialize;

use super::ArchiveError;
use super::blobs::Joining;
use super::check::Checker;
use super::format::{
    BLOB, BlobPart, END, EVENT, EventLine, Header, KEY, KeyLine, NAME, Trailer, VERSION,
};
use super::lines::LinesIn;
use crate::log::RecordedEvent;
use crate::policy::blobs::StoredBlob;

/// What stands in a line.
pub(super) enum Item {
    /// A blob is complete.
    Blob(StoredBlob, Vec<u8>),
    /// The next event.
    Event(RecordedEvent),
    /// Keys, after the last event.
    Key(KeyLine),
    /// The end, and nothing after it.
    End(Trailer),
}

/// A file being read.
pub(super) struct Scan<R> {
    lines: LinesIn<R>,
    pub(super) header: Header,
    pub(super) checker: Checker,
    blobs: u64,
    joining: Joining,
}

impl<R: BufRead> Scan<R> {
    /// Reads the header: the file must be a whole log of the desk `here`.
    pub(super) fn begin(from: R, here: &str) -> Result<Self, ArchiveError> {
        let mut lines = LinesIn::new(from);
        if !lines.advance()? {
            return Err(lines.wrong("the file is empty"));
        }
        // The version first: a newer one may have other fields.
        #[derive(Deserialize)]
        struct Version {
            format: String,
            version: u32,
        }
        let version: Version = parse(&lines, "this is no exported log")?;
        if version.format != NAME {
            return Err(lines.wrong(format!("this is no exported log but `{}`", version.format)));
        }
        if !(1..=VERSION).contains(&version.version) {
            return Err(lines.wrong(format!(
                "the file has version {} of the format, this program knows 1 to {VERSION}",
                version.version
            )));
        }
        let header: Header = parse(&lines, "the header does not read")?;
        if !header.is_whole() {
            let what = match &header.case {
                Some(case) => format!("case {case}"),
                None => format!("positions {} to {} of {}", header.from, header.to, header.head),
            };
            return Err(ArchiveError::Partial { what });
        }
        if header.origin != here {
            let (origin, here) = (header.origin, here.to_owned());
            return Err(ArchiveError::Origin { origin, here });
        }
        let (checker, joining) = (Checker::default(), Joining::default());
        Ok(Self { lines, header, checker, blobs: 0, joining })
    }

    /// The next thing in the file.
    pub(super) fn next(&mut self) -> Result<Item, ArchiveError> {
        loop {
            if !self.lines.advance()? {
                return Err(self.lines.wrong("the file ends before its last line: it is cut off"));
            }
            let text = self.lines.text()?;
            if text.starts_with(EVENT) {
                let line: EventLine<'_> = parse(&self.lines, "the event does not read")?;
                if self.joining.is_open() || self.blobs != self.header.blobs {
                    return Err(self.lines.wrong("an event stands before the last blob"));
                }
                let event = self.checker.next(&line);
                return event.map(Item::Event).map_err(|reason| self.lines.wrong(reason));
            }
            if text.starts_with(BLOB) {
                let part: BlobPart = parse(&self.lines, "the blob does not read")?;
                if self.checker.position > 0 {
                    return Err(self.lines.wrong("a blob stands after the first event"));
                }
                let whole = self.joining.add(part).map_err(|reason| self.lines.wrong(reason))?;
                let Some((blob, content)) = whole else { continue };
                self.blobs += 1;
                return Ok(Item::Blob(blob, content));
            }
            if text.starts_with(KEY) {
                if self.checker.position != self.header.head {
                    return Err(self.lines.wrong("a key stands before the last event"));
                }
                return parse(&self.lines, "the key does not read").map(Item::Key);
            }
            if text.starts_with(END) {
                return self.end().map(Item::End);
            }
            return Err(self.lines.wrong("it is neither an event nor a key nor the end"));
        }
    }

    fn end(&mut self) -> Result<Trailer, ArchiveError> {
        let trailer: Trailer = parse(&self.lines, "the last line does not read")?;
        let (events, head) = (self.checker.position, self.header.head);
        if trailer.end != NAME || trailer.events != events || events != head {
            return Err(self.lines.wrong(format!(
                "there are {events} events; the header says {head}, the last line {}",
                trailer.events
            )));
        }
        if self.blobs != self.header.blobs || self.joining.is_open() {
            return Err(self.lines.wrong(format!("there are not {} blobs", self.header.blobs)));
        }
        if trailer.sha256 != self.lines.hash_before() {
            return Err(self
                .lines
                .wrong("the lines before do not have this hash: one was altered"));
        }
        if self.lines.advance()? {
            return Err(self.lines.wrong("something stands after the end"));
        }
        Ok(trailer)
    }
}

fn parse<'l, R: BufRead, T: Deserialize<'l>>(
    lines: &'l LinesIn<R>,
    what: &str,
) -> Result<T, ArchiveError> {
    serde_json::from_str(lines.text()?).map_err(|error| lines.wrong(format!("{what}: {error}")))
}
