//! The log, or part of it, into a file: read page by page, so memory does not grow with it.

use std::io::Write;

use hoiam_domain::case::CaseNumber;
use uuid::Uuid;

use super::ArchiveError;
use super::blobs::parts;
use super::format::{EventLine, Header, KeyLine, NAME, Trailer, VERSION};
use super::lines::LinesOut;
use super::proved::Proving;
use crate::log::{Log, LogError, RecordedEvent};
use crate::policy::blobs;
use crate::queries::case_id_by_number;
use crate::tracking::hex;
use crate::vault::{VaultError, WrappedKeys, store};

/// Events read at once.
const PAGE: u32 = 1_000;

/// What to export; by default everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only the events of this case.
    pub case: Option<CaseNumber>,
    /// Only from this position on.
    pub from: Option<u64>,
    /// Only up to this position.
    pub to: Option<u64>,
    /// Who reported the case stays sealed: its contact key does not go along.
    pub without_contact: bool,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// How many events.
    pub events: u64,
    /// The last position of the log.
    pub head: u64,
    /// Whether that is everything.
    pub whole: bool,
}

/// Writes events to a file, up to the head there is when it begins. `origin` is the prefix of the
/// desk's case numbers.
///
/// # Errors
/// When the case or positions do not exist, or the database or the file fails.
pub async fn export(
    log: &Log,
    origin: &str,
    wanted: &Wanted,
    to: &mut (dyn Write + Send),
) -> Result<Exported, ArchiveError> {
    let head = log.head().await?;
    let from = wanted.from.unwrap_or(1);
    let last = wanted.to.unwrap_or(head);
    let asked = wanted.from.is_some() || wanted.to.is_some();
    if asked && (from == 0 || from > last || last > head) {
        return Err(ArchiveError::NoPositions { from, to: last, head });
    }
    let case = match &wanted.case {
        None => None,
        Some(number) => Some(
            case_id_by_number(log.pool(), &number.to_string())
                .await
                .map_err(LogError::from)?
                .ok_or_else(|| ArchiveError::NoCase(number.to_string()))?,
        ),
    };
    let mut header = Header {
        format: NAME.to_owned(),
        version: VERSION,
        origin: origin.to_owned(),
        head,
        from,
        to: last,
        case: wanted.case.as_ref().map(ToString::to_string),
        blobs: 0,
        events: case.is_none().then(|| (last + 1).saturating_sub(from)),
    };
    let whole = header.is_whole();
    let named = if whole { blobs::list(log.pool()).await? } else { Vec::new() };
    header.blobs = named.len() as u64;
    let mut out = LinesOut::new(to);
    out.write(&header)?;
    for blob in &named {
        let content = blobs::blob(log.pool(), &blob.hash).await?.unwrap_or_default();
        for part in parts(blob, &content) {
            out.write(&part)?;
        }
    }
    let mut proving = match case {
        Some(stream) => Some(Proving::begin(log, stream, wanted.without_contact).await?),
        None => None,
    };
    let (mut events, mut after) = (0, if case.is_some() { 0 } else { from - 1 });
    loop {
        let page = match case {
            Some(stream) => log.read_stream(stream, after, PAGE).await?,
            None => log.read_all(after, PAGE).await?,
        };
        for event in &page {
            after = if case.is_some() { event.version } else { event.position };
            if event.position >= from && event.position <= last {
                out.write(&line(event))?;
                events += 1;
                if let Some(proving) = &mut proving {
                    proving.add(event).await?;
                }
            }
        }
        let past = page.last().is_none_or(|event| event.position >= last);
        if past || page.len() < PAGE as usize {
            break;
        }
    }
    if whole {
        write_keys(log, &mut out).await?;
    }
    if let Some(proving) = proving {
        proving.end(&mut out)?;
    }
    out.write(&Trailer { end: NAME.to_owned(), events, sha256: out.hash() })?;
    out.flush()?;
    Ok(Exported { events, head, whole })
}

/// The keys of all cases, and the secrets hashes are keyed with.
async fn write_keys<W: Write>(log: &Log, out: &mut LinesOut<W>) -> Result<(), ArchiveError> {
    let failed = |error: VaultError| ArchiveError::Log(error.into());
    for (name, wrapped, master) in store::secrets(log.pool()).await.map_err(failed)? {
        let content = Some(wrapped);
        out.write(&KeyLine { key_of: name, contact: None, content, guests: None, master })?;
    }
    let mut after = Uuid::nil();
    loop {
        let page = store::all_keys(log.pool(), after).await.map_err(failed)?;
        let Some((last, ..)) = page.last() else { return Ok(()) };
        after = *last;
        for (stream, keys, master) in page {
            let WrappedKeys { contact, content, guests } = keys;
            let key_of = stream.to_string();
            out.write(&KeyLine { key_of, contact, content, guests, master })?;
        }
    }
}

fn line(event: &RecordedEvent) -> EventLine<'_> {
    EventLine {
        position: event.position,
        stream: event.stream,
        version: event.version,
        kind: event.kind.as_str().into(),
        schema: event.schema,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        actor: event.actor.as_str().into(),
        causation: event.causation,
        correlation: event.correlation,
        leaf_hash: hex(&event.leaf_hash).into(),
        payload: event.payload.as_str().into(),
    }
}
