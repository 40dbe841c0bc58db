//! The export of one case as evidence: behind its events stand, a line each, why every event is in
//! the signed tree, the checkpoint with the log's key, and how to check all of it in Vietnamese and
//! English. And the check itself, with nothing but the file and a key.

use std::io::{BufRead, Read};

use hoiam_domain::case::Event;
use hoiam_domain::case::codec::{decode, reveal};
use hoiam_domain::sealed::SealedField;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ArchiveError;
use super::check::recorded;
use super::format::{EVENT, EventLine, Header, NAME, Trailer};
use super::lines::{LinesIn, LinesOut};
use crate::desk::read_sealed;
use crate::log::{Log, LogError, RecordedEvent};
use crate::proof::checkpoint::Checkpoint;
use crate::proof::note::{Note, VerifierKey};
use crate::proof::receipt::{Proof, Unproved, included};
use crate::proof::{Signed, View};
use crate::vault::case_keys::OpenedKeys;

/// How a line with a proof begins.
const PROOF: &str = "{\"proof_of\":";
/// How the line with the checkpoint begins.
const CHECKPOINT: &str = "{\"checkpoint\":";
/// How the line with the instructions begins.
const INSTRUCTIONS: &str = "{\"instructions_vi\":";

/// Why an event is in the signed tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofLine {
    /// The event's position.
    proof_of: u64,
    /// Its inclusion proof.
    proof: Proof,
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    /// The signed note, cosignatures included.
    checkpoint: String,
    /// The log's verifier key; whoever checks takes it from elsewhere.
    key: String,
}

/// How a line with keys begins.
const OPENS: &str = "{\"opens\":";
/// How a line with what an event says begins.
const READS: &str = "{\"reads\":";

/// The keys of the case: what is sealed in its events opens with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpensLine {
    /// The case's stream.
    opens: Uuid,
    /// Its keys; none once destroyed, or withheld.
    keys: OpenedKeys,
    /// What is sealed still: its key is there, and does not go along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<SealedField>,
}

/// What an event says, its sealed texts opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadsLine {
    /// The event's position.
    reads: u64,
    /// Its fields.
    data: serde_json::Value,
}

#[derive(Serialize)]
struct Instructions {
    instructions_vi: &'static str,
    instructions_en: &'static str,
}

/// How to check an export, in Vietnamese.
pub const HOW_VI: &str = include_str!("proved/how.vi.txt");
/// How to check an export, in English.
pub const HOW_EN: &str = include_str!("proved/how.en.txt");

/// Writes proofs while events are exported.
pub(super) struct Proving {
    view: View,
    signed: Option<Signed>,
    key: Option<VerifierKey>,
    proofs: Vec<ProofLine>,
    keys: OpenedKeys,
    withheld: Vec<SealedField>,
    opens: Uuid,
    readings: Vec<ReadsLine>,
}

/// A case has some twenty events; of more than so many only the first are proved.
const PROOFS: usize = 10_000;

impl Proving {
    /// With the last checkpoint there is; `without_contact` who reported the case stays sealed.
    pub(super) async fn begin(
        log: &Log,
        case: Uuid,
        without_contact: bool,
    ) -> Result<Self, ArchiveError> {
        let vault = log.vault();
        let stored = vault.stored(log.pool(), case).await.map_err(LogError::from)?;
        let mut keys = vault.keys(case, stored.as_ref()).opened().map_err(LogError::from)?;
        let mut withheld = Vec::new();
        if without_contact {
            keys.contact = None;
            withheld.push(SealedField::Contact);
        }
        let view = View::of(log);
        let signed = view.for_export().await?;
        let key = match &signed {
            Some(_) => Some(view.key().await?),
            None => None,
        };
        let (proofs, readings) = (Vec::new(), Vec::new());
        Ok(Self { view, signed, key, proofs, keys, withheld, opens: case, readings })
    }

    /// Reads an event, and proves it if the checkpoint covers it.
    pub(super) async fn add(&mut self, event: &RecordedEvent) -> Result<(), ArchiveError> {
        if self.readings.len() < PROOFS {
            let data = reading(event, &self.keys).map_err(ArchiveError::Unreadable)?;
            self.readings.push(ReadsLine { reads: event.position, data });
        }
        let Some(signed) = &self.signed else { return Ok(()) };
        if event.position > signed.head.size || self.proofs.len() >= PROOFS {
            return Ok(());
        }
        let proof = self.view.proof(event.position, event.leaf_hash, signed.head).await?;
        self.proofs.push(ProofLine { proof_of: event.position, proof });
        Ok(())
    }

    /// Writes what stands behind the events.
    pub(super) fn end<W: std::io::Write>(self, out: &mut LinesOut<W>) -> Result<(), ArchiveError> {
        let (opens, keys, withheld) = (self.opens, self.keys, self.withheld);
        out.write(&OpensLine { opens, keys, withheld })?;
        for reading in &self.readings {
            out.write(reading)?;
        }
        for proof in &self.proofs {
            out.write(proof)?;
        }
        if let (Some(signed), Some(key)) = (self.signed, self.key) {
            let line = CheckpointLine { checkpoint: signed.note.to_string(), key: key.to_string() };
            out.write(&line)?;
        }
        out.write(&Instructions { instructions_vi: HOW_VI, instructions_en: HOW_EN })
    }
}

/// What an event says, its sealed texts opened with the keys of its case.
fn reading(event: &RecordedEvent, keys: &OpenedKeys) -> Result<serde_json::Value, String> {
    let seal = keys.of_events();
    let event = decode(&event.kind, event.schema, event.data(), &seal);
    event.and_then(|event| reveal(&event)).map_err(|error| error.to_string())
}

/// What an export of a case was found to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedCase {
    /// The case number.
    pub number: String,
    /// Events that are in the signed tree.
    pub events: u64,
    /// Events newer than the checkpoint.
    pub pending: u64,
    /// The checkpoint; none if there was none yet.
    pub checkpoint: Option<Checkpoint>,
    /// Witnesses that cosigned it, and when (seconds since 1970).
    pub witnesses: Vec<(String, u64)>,
}

/// Whether the first of these events is that the case of this number was received.
fn begins(events: &[RecordedEvent], number: &str) -> bool {
    match events.first().map(read_sealed) {
        Some(Ok((Event::Received(received), _))) => received.number.to_string() == number,
        _ => false,
    }
}

/// Whether a file begins as an exported log does.
pub fn is_export(file: &mut impl BufRead) -> bool {
    let mut begin = Vec::new();
    let wanted = format!("{{\"format\":\"{NAME}\"");
    let read = file.take(wanted.len() as u64).read_to_end(&mut begin);
    read.is_ok() && begin == wanted.as_bytes()
}

/// Checks the export of a case: every event against its own hash, every hash against the checkpoint,
/// the checkpoint against the key and the witnesses.
///
/// # Errors
/// What is not proved, with the line.
pub fn prove(
    file: impl BufRead,
    key: &VerifierKey,
    witnesses: &[VerifierKey],
) -> Result<ProvedCase, ArchiveError> {
    let mut lines = LinesIn::new(file);
    let mut header: Option<Header> = None;
    let mut events: Vec<RecordedEvent> = Vec::new();
    let mut keys: Option<OpenedKeys> = None;
    let mut read = 0;
    let (mut proofs, mut signed, mut whole) = (Vec::<ProofLine>::new(), None, false);
    while lines.advance()? {
        let text = lines.text()?.to_owned();
        if whole || events.len() > PROOFS {
            return Err(lines.wrong("there is more than a case has"));
        }
        let wrong = |error: serde_json::Error| lines.wrong(format!("it does not read: {error}"));
        if header.is_none() {
            header = Some(serde_json::from_str(&text).map_err(wrong)?);
        } else if text.starts_with(EVENT) {
            let line: EventLine<'_> = serde_json::from_str(&text).map_err(wrong)?;
            events.push(recorded(&line).map_err(|reason| lines.wrong(reason))?);
        } else if text.starts_with(OPENS) {
            keys = Some(serde_json::from_str::<OpensLine>(&text).map_err(wrong)?.keys);
        } else if text.starts_with(READS) {
            let line: ReadsLine = serde_json::from_str(&text).map_err(wrong)?;
            let event = events.iter().find(|event| event.position == line.reads);
            let says = event.zip(keys.as_ref()).map(|(event, keys)| reading(event, keys));
            if !matches!(says, Some(Ok(says)) if says == line.data) {
                return Err(lines.wrong("the event does not say this"));
            }
            read += 1;
        } else if text.starts_with(PROOF) {
            proofs.push(serde_json::from_str(&text).map_err(wrong)?);
        } else if text.starts_with(CHECKPOINT) {
            signed = Some(serde_json::from_str::<CheckpointLine>(&text).map_err(wrong)?);
        } else if !text.starts_with(INSTRUCTIONS) {
            let end: Trailer = serde_json::from_str(&text).map_err(wrong)?;
            if end.events != events.len() as u64 || end.sha256 != lines.hash_before() {
                return Err(lines.wrong("the lines before are not those that were exported"));
            }
            whole = true;
        }
    }
    // Exports of the first version had clear events, and said nothing twice.
    let says = header.as_ref().is_none_or(|header| header.version > 1);
    if says && read != events.len() {
        return Err(lines.wrong("what the events say is not all there"));
    }
    let number = header.and_then(|header| header.case);
    let number = number.ok_or_else(|| lines.wrong("it is not the export of a case"))?;
    if !begins(&events, &number) {
        return Err(lines.wrong("the events are those of another case"));
    }
    if !whole {
        return Err(lines.wrong("the end is missing: the file is cut off"));
    }
    let Some(signed) = signed else {
        if !proofs.is_empty() {
            return Err(lines.wrong("there are proofs, but the checkpoint is missing"));
        }
        let pending = events.len() as u64;
        return Ok(ProvedCase { number, events: 0, pending, checkpoint: None, witnesses: vec![] });
    };
    let evidence = Evidence { events, proofs, signed };
    evidence.proved(number, key, witnesses).map_err(|error| lines.wrong(error.to_string()))
}

/// What was read, to be checked.
struct Evidence {
    events: Vec<RecordedEvent>,
    proofs: Vec<ProofLine>,
    signed: CheckpointLine,
}

impl Evidence {
    fn proved(
        &self,
        number: String,
        key: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<ProvedCase, Unproved> {
        let note: Note = self.signed.checkpoint.parse()?;
        let checkpoint = Checkpoint::open(&note, key)?;
        let (mut proved, mut pending, mut cosigned) = (0, 0, Vec::new());
        let mut last: Option<&RecordedEvent> = None;
        for event in &self.events {
            // A case is one stream, told from its beginning, without gaps.
            let follows = match last {
                None => event.version == 1,
                Some(last) => {
                    event.stream == last.stream
                        && event.version == last.version + 1
                        && event.position > last.position
                }
            };
            if !follows {
                return Err(Unproved::Mixed);
            }
            last = Some(event);
            let proof = self.proofs.iter().find(|line| line.proof_of == event.position);
            let Some(line) = proof else {
                if event.position <= checkpoint.head.size {
                    return Err(Unproved::Mixed);
                }
                pending += 1;
                continue;
            };
            let leaf = (event.position, &event.leaf_hash);
            let note = &self.signed.checkpoint;
            (_, cosigned) = included(leaf, &line.proof, note, key, witnesses)?;
            proved += 1;
        }
        // A proof without its event: one was left out at the end.
        if self.proofs.len() as u64 != proved {
            return Err(Unproved::Mixed);
        }
        let checkpoint = Some(checkpoint);
        Ok(ProvedCase { number, events: proved, pending, checkpoint, witnesses: cosigned })
    }
}
