//! What a caller hands to the log, and what it gets back.

use hoiam_projections::table::{Row, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// One append: all its streams are written together or not at all.
#[derive(Debug)]
pub struct Append {
    /// When the desk recorded it; stored with microseconds.
    pub recorded_at: Timestamp,
    /// Who did it: the compact JSON of an actor.
    pub actor: String,
    /// The event that caused it, by whatever id the caller uses for it.
    pub causation: Option<Uuid>,
    /// What ties a chain of causes together.
    pub correlation: Option<Uuid>,
    /// Makes a repeated request get the first answer.
    pub idempotency: Option<Idempotency>,
    /// What to write.
    pub content: Content,
}

/// A request that may arrive twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Whose keys these are: the same key of two callers is two keys.
    pub scope: String,
    /// Hash of the key the caller sent.
    pub key_hash: [u8; 32],
    /// Hash of the request: the same key with another request is refused.
    pub request_hash: [u8; 32],
    /// Kept with the answer and given back on a replay, so that secrets derived from the key and
    /// this salt come out the same without being stored.
    pub salt: [u8; 16],
}

/// The streams of an append, known beforehand or built once a serial number is known.
pub enum Content {
    /// Known beforehand.
    Ready(Prepared),
    /// Needs the next number of a series.
    Numbered {
        /// Whose numbers, e.g. `HCM-26`.
        series: String,
        /// Builds the append for its number. May refuse, which uses no number. Must do no I/O and
        /// may be called again with another number if the transaction has to be tried again.
        build: Build,
    },
}

/// Builds an append once its serial number (from 1, without gaps) is known.
pub type Build = Box<dyn FnMut(u64) -> Result<Prepared, String> + Send>;

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ready(prepared) => f.debug_tuple("Ready").field(prepared).finish(),
            Self::Numbered { series, .. } => {
                f.debug_struct("Numbered").field("series", series).finish_non_exhaustive()
            }
        }
    }
}

/// Everything one append writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The streams; no stream twice, at least one event in all.
    pub streams: Vec<StreamAppend>,
    /// Given back to the caller and kept with the idempotency key.
    pub answer: String,
}

/// What one stream gains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamAppend {
    /// Which stream.
    pub stream: Uuid,
    /// The version the stream must have.
    pub expected: Expected,
    /// Its new events; none means that only the version is checked.
    pub events: Vec<NewEvent>,
    /// Rows of read models written in the same transaction.
    pub rows: Vec<Row>,
}

/// The version a stream must have for the append to be taken. Versions count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this one; 0 is the same as [`Expected::NoStream`].
    Exactly(u64),
    /// The stream has no event.
    NoStream,
    /// The stream has at least one event.
    StreamExists,
    /// Any.
    Any,
}

impl Expected {
    /// Whether a stream of this version may be appended to.
    pub fn admits(self, actual: u64) -> bool {
        match self {
            Self::Exactly(version) => actual == version,
            Self::NoStream => actual == 0,
            Self::StreamExists => actual > 0,
            Self::Any => true,
        }
    }
}

/// An event that has no version and no position yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its kind: lower-case letters, digits, `_`, `.` and `-`.
    pub kind: String,
    /// Version of the shape of `data`, from 1.
    pub schema: u16,
    /// When it happened; stored with microseconds.
    pub occurred_at: Timestamp,
    /// The event itself as compact JSON.
    pub data: String,
}

/// What became of an append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Position of its first event.
    pub first_position: u64,
    /// Position of its last event.
    pub last_position: u64,
    /// The version each of its streams has after it.
    pub versions: Vec<(Uuid, u64)>,
    /// The answer given with it, or the first answer if this is a replay.
    pub answer: String,
    /// The leaf hash of its first event; not known of a replay.
    pub first_leaf: Option<[u8; 32]>,
    /// Present if the idempotency key was known: nothing was written this time.
    pub replayed: Option<Replay>,
}

/// What is known of the first time a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The salt of the first request.
    pub salt: [u8; 16],
}

impl Prepared {
    /// How many events it holds.
    pub fn events(&self) -> usize {
        self.streams.iter().map(|stream| stream.events.len()).sum()
    }

    /// About how many bytes it will take in the database.
    pub fn bytes(&self) -> usize {
        self.answer.len() + self.streams.iter().map(StreamAppend::bytes).sum::<usize>()
    }
}

impl StreamAppend {
    fn bytes(&self) -> usize {
        /// What an event takes besides its data: envelope, ids and hash.
        const EVENT: usize = 400;
        let events: usize = self.events.iter().map(|event| EVENT + event.data.len()).sum();
        let rows: usize = self.rows.iter().flat_map(|row| &row.values).map(value_bytes).sum();
        events + rows
    }
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Null => 1,
        Value::Int(_) => 8,
        Value::Uuid(_) => 16,
        Value::Text(text) => text.len(),
    }
}
