//! The lines of an exported log, each one JSON object, keys in this order:
//!
//! 1. one [`Header`];
//! 2. [`BlobPart`]s: what policy events name by hash, in a whole export only;
//! 3. [`EventLine`]s in the order of positions;
//! 4. [`KeyLine`]s, in a whole export only: the keys of its cases, wrapped by the master key, which
//!    is in no export;
//! 5. in the export of one case, the lines of `proved`: what its sealed texts say, and why its
//!    events are in the signed log;
//! 6. one [`Trailer`] with the hash of everything before it.
//!
//! A new version of the format gets a new number in the header; a reader refuses numbers it does
//! not know and fields it does not know.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name in the header and the trailer.
pub const NAME: &str = "hoiam-log";
/// The version of the format this program writes, and the newest it reads. The first had no keys,
/// the second none of guests.
pub const VERSION: u32 = 3;
/// How every line that is an event begins.
pub const EVENT: &str = "{\"position\":";
/// How every line with a key begins.
pub const KEY: &str = "{\"key_of\":";
/// How every line that is part of a blob begins.
pub const BLOB: &str = "{\"blob\":";
/// How the last line begins.
pub const END: &str = "{\"end\":";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`NAME`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The letters case numbers of that desk begin with.
    pub origin: String,
    /// The last position of the log when it was exported.
    pub head: u64,
    /// The first position asked for.
    pub from: u64,
    /// The last position asked for, at most the head.
    pub to: u64,
    /// The case asked for, if only one was.
    pub case: Option<String>,
    /// How many blobs follow.
    pub blobs: u64,
    /// How many events follow; none where that is known only at the end.
    pub events: Option<u64>,
}

impl Header {
    /// Whether the file has everything the log had.
    pub fn is_whole(&self) -> bool {
        self.case.is_none() && self.from == 1 && self.to == self.head
    }
}

/// One event. The envelope in the payload repeats everything but the position; the fields stand
/// beside it so that the file can be read without taking payloads apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine<'a> {
    /// Its place in the log, from 1.
    pub position: u64,
    /// Its stream.
    pub stream: Uuid,
    /// Its place in the stream, from 1.
    pub version: u64,
    /// Its kind.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// Version of its shape.
    pub schema: u16,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who did it: compact JSON, as text so that its bytes survive.
    #[serde(borrow)]
    pub actor: Cow<'a, str>,
    /// What caused it.
    pub causation: Option<Uuid>,
    /// The chain of causes it belongs to.
    pub correlation: Option<Uuid>,
    /// SHA-256 of a zero byte and the payload, hexadecimal: its leaf in the Merkle tree.
    #[serde(borrow)]
    pub leaf_hash: Cow<'a, str>,
    /// The stored bytes, as text so that they survive.
    #[serde(borrow)]
    pub payload: Cow<'a, str>,
}

/// A piece of what policy events name by its hash: the files of a rule set, boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobPart {
    /// SHA-256 of the whole content, hexadecimal.
    pub blob: String,
    /// `rule_set` or `boundaries`.
    pub kind: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// Which piece, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// The bytes, hexadecimal.
    pub hex: String,
}

/// The keys of a case, or a secret of the installation, as the database has them: wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyLine {
    /// The case's stream, or the secret's name.
    pub key_of: String,
    /// Of a case: opens who reported it; none once destroyed.
    pub contact: Option<String>,
    /// Of a case: opens what was written; none once destroyed. Of a secret: the secret.
    pub content: Option<String>,
    /// Of a case: open what reporters of cases merged into it wrote there; none without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<String>,
    /// Name of the master key that wrapped them.
    pub master: String,
}

/// The last line; without it the file is cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// [`NAME`].
    pub end: String,
    /// How many events there are.
    pub events: u64,
    /// SHA-256 of all bytes before this line, hexadecimal.
    pub sha256: String,
}
