//! A whole file into an empty database.
//!
//! The file is read twice: first to check every line, so that a bad one changes nothing, then to
//! write. What is half written is marked and opens for nobody but the same import, which goes on
//! where it stopped.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};

use jiff::Timestamp;
use uuid::Uuid;

use super::ArchiveError;
use super::format::{KeyLine, Trailer};
use super::scan::{Item, Scan};
use crate::log::{Database, Held, Log, LogOptions, Part, RecordedEvent, Restore};
use crate::policy::store_blob;
use crate::rebuild::{RebuildOptions, rebuild};
use crate::sealed::refill::refill;
use crate::vault::WrappedKeys;
use crate::vault::ring::KeySource;
use crate::vault::store;

/// How often checking tells how far it is.
const TELL: u64 = 10_000;

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Now: noted beside the checkpoints of projections.
    pub now: Timestamp,
    /// Events in one transaction.
    pub events: usize,
    /// About how many bytes of payloads a transaction has at most.
    pub bytes: usize,
    /// Where the master key is; it must open the keys in the file.
    pub master_key: KeySource,
}

impl ImportOptions {
    /// What is fast and keeps memory small.
    pub fn at(now: Timestamp, master_key: KeySource) -> Self {
        Self { now, events: 10_000, bytes: 16 << 20, master_key }
    }
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Checking the file.
    Checking,
    /// Writing events.
    Writing,
    /// Making rows of the projections.
    Projecting,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// The last position done.
    pub position: u64,
    /// The last there is.
    pub head: u64,
}

/// What was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many events.
    pub events: u64,
    /// How many cases.
    pub cases: u64,
    /// The position an interrupted import went on from; 0 if this one began.
    pub resumed_from: u64,
}

/// Imports a log that [`export`](super::export) wrote. `here` is the prefix of the desk's case
/// numbers.
///
/// # Errors
/// [`ArchiveError`]. What is wrong with the file or the database is found before anything is
/// written; an import that breaks off later goes on when it is run again.
pub async fn import(
    database: &Database,
    here: &str,
    file: &File,
    options: ImportOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Imported, ArchiveError> {
    let log = {
        let master_key = options.master_key.clone();
        Log::open_importing(database, LogOptions { master_key, ..LogOptions::default() }).await?
    };
    let mut import =
        Import { restore: Restore::open(database).await?, log, here, file, options, progress };
    let done = import.run().await;
    import.restore.close().await;
    import.log.close().await;
    done
}

struct Import<'i> {
    restore: Restore,
    log: Log,
    here: &'i str,
    file: &'i File,
    options: ImportOptions,
    progress: &'i mut (dyn FnMut(Progress) + Send),
}

impl Import<'_> {
    async fn run(&mut self) -> Result<Imported, ArchiveError> {
        let before = match self.log.held().await? {
            Held::Log(events) => return Err(ArchiveError::NotEmpty { events }),
            Held::Part(part) => Some(part),
            Held::Nothing => None,
        };
        let checked = self.check()?;
        if before.as_ref().is_some_and(|part| part.sha256 != checked.trailer.sha256) {
            return Err(ArchiveError::OtherFile);
        }
        let resumed_from = before.as_ref().map_or(0, |part| part.position);
        let head = checked.trailer.events;
        let imported = Imported { events: head, cases: checked.cases, resumed_from };
        if !before.is_some_and(|part| part.complete) {
            self.write(resumed_from, &checked.trailer).await?;
            if head == 0 {
                return Ok(imported);
            }
            self.restore.complete(head, &checked.serials).await?;
        }
        let progress = &mut self.progress;
        rebuild(&self.log, &[], RebuildOptions::at(self.options.now), |at| {
            progress(Progress { stage: Stage::Projecting, position: at.position, head });
        })
        .await?;
        // Rows no projection makes: who may look into the sealed stream, and who did.
        refill(&self.log).await?;
        self.restore.unmark().await?;
        Ok(imported)
    }

    fn open(&self) -> Result<Scan<BufReader<File>>, ArchiveError> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Scan::begin(BufReader::with_capacity(1 << 20, file), self.here)
    }

    /// Reads the whole file and writes nothing.
    fn check(&mut self) -> Result<Checked, ArchiveError> {
        let mut scan = self.open()?;
        let head = scan.header.head;
        loop {
            match scan.next()? {
                Item::Blob(..) | Item::Key(_) => {}
                Item::Event(event) => {
                    let position = event.position;
                    if position.is_multiple_of(TELL) || position == head {
                        (self.progress)(Progress { stage: Stage::Checking, position, head });
                    }
                }
                Item::End(trailer) => {
                    let (serials, cases) = (scan.checker.serials(), scan.checker.cases);
                    return Ok(Checked { trailer, serials, cases });
                }
            }
        }
    }

    /// Writes everything after a position; checks it all again on the way.
    async fn write(&mut self, after: u64, checked: &Trailer) -> Result<(), ArchiveError> {
        let mut scan = self.open()?;
        let head = scan.header.head;
        let sha256 = checked.sha256.clone();
        let mut part = Part { sha256, events: head, position: after, complete: false };
        let mut chunk: Vec<RecordedEvent> = Vec::new();
        let mut bytes = 0;
        loop {
            let mut end = None;
            match scan.next()? {
                // Before the first event that may name it.
                Item::Blob(blob, content) => {
                    store_blob(self.log.pool(), blob.kind, &content, blob.stored_at).await?;
                }
                Item::Event(event) if event.position > after => {
                    bytes += event.payload.len();
                    chunk.push(event);
                }
                Item::Event(_) => {}
                Item::Key(line) => self.put_key(line).await?,
                Item::End(trailer) => end = Some(trailer),
            }
            if end.is_some() || chunk.len() >= self.options.events || bytes >= self.options.bytes {
                self.restore.write(&chunk, &part).await?;
                part.position = chunk.last().map_or(part.position, |last| last.position);
                (self.progress)(Progress { stage: Stage::Writing, position: part.position, head });
                chunk.clear();
                bytes = 0;
            }
            if let Some(trailer) = end {
                return if trailer == *checked { Ok(()) } else { Err(ArchiveError::Changed) };
            }
        }
    }
}

impl Import<'_> {
    /// Keys that are there already are put again: they are the same, or those of this file.
    async fn put_key(&self, line: KeyLine) -> Result<(), ArchiveError> {
        let (pool, vault) = (self.log.pool(), self.log.vault());
        let put = match line.key_of.parse::<Uuid>() {
            Ok(stream) => {
                let (contact, content) = (line.contact, line.content);
                let keys = WrappedKeys { contact, content, guests: line.guests };
                store::put_keys(pool, vault, stream, &keys, &line.master).await
            }
            Err(_) => {
                let secret = line.content.unwrap_or_default();
                vault.take_secret(pool, &line.key_of, &secret, &line.master).await
            }
        };
        put.map_err(|error| ArchiveError::Log(error.into()))
    }
}

/// What the first reading found.
struct Checked {
    trailer: Trailer,
    serials: Vec<(String, u64)>,
    cases: u64,
}
