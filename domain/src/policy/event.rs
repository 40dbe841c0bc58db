//! What happened to the policy. As with cases, names and fields are the storage format: past
//! tense, never renamed, a changed shape gets a new version.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::case::codec::{CodecError, Stored};
use crate::routing::boundaries::Level;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $kind:literal v $version:literal { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        /// An event of a policy stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum PolicyEvent {
            $($(#[$doc])* $name($name),)+
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name {
                $($(#[$fdoc])* pub $field: $type,)*
            }

            impl From<$name> for PolicyEvent {
                fn from(event: $name) -> Self {
                    Self::$name(event)
                }
            }
        )+

        impl PolicyEvent {
            /// The kinds of all events with the version each is written in.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $version)),+];

            /// The kind, as stored.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)+ }
            }

            /// The version of the shape, as stored.
            pub const fn schema(&self) -> u16 {
                match self { $(Self::$name(_) => $version,)+ }
            }

            fn to_json(&self) -> Result<String, serde_json::Error> {
                match self { $(Self::$name(event) => serde_json::to_string(event),)+ }
            }

        }

        /// Reads today's shape of a kind from any format; none for an unknown kind.
        pub fn read<'de, D: Deserializer<'de>>(
            kind: &str,
            from: D,
        ) -> Option<Result<PolicyEvent, D::Error>> {
            match kind {
                $($kind => Some($name::deserialize(from).map(PolicyEvent::$name)),)+
                _ => None,
            }
        }
    };
}

events! {
    /// A rule set was put into force, now or at a moment to come.
    RulesActivated = "rules.activated" v 1 {
        /// Hash of the rule set; its files are stored under it.
        hash: String,
        /// From when it is in force.
        from: Timestamp,
        /// Who decided it: the name of an account.
        by: String,
        /// Why.
        note: Option<String>,
        /// How many files it has.
        files: u64,
        /// Hash of the set that would have been in force then without it; none for the first.
        before: Option<String>,
        /// What differs from that set, by file; for the first, every file.
        changes: Vec<FileChange>,
    }
    /// An activation was taken back before it began.
    RulesActivationCancelled = "rules.activation_cancelled" v 1 {
        /// Which: the version of its event in the stream.
        activation: u64,
        /// Who decided it: the name of an account.
        by: String,
        /// Why.
        note: Option<String>,
    }
    /// Boundaries of districts or wards were imported.
    GeoImported = "geo.imported" v 1 {
        /// What the areas are.
        level: Level,
        /// Hash of the boundaries; they are stored under it.
        hash: String,
        /// The first day they hold; none for "since ever".
        from: Option<Date>,
        /// The last day; none for "until further notice".
        to: Option<Date>,
        /// How many areas they have.
        areas: u64,
        /// How many corners.
        points: u64,
        /// How many features of the file were left out.
        left_out: u64,
        /// Where the file came from, in words.
        source: String,
        /// Under which licence.
        licence: String,
        /// SHA-256 of the file itself, hexadecimal.
        file: String,
        /// Who decided it: the name of an account.
        by: String,
        /// Why.
        note: Option<String>,
    }
}

/// How one file differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileChange {
    /// Path relative to the rules directory.
    pub file: String,
    /// Lines that are new.
    pub added: u64,
    /// Lines that are gone.
    pub removed: u64,
}

/// Writes an event down.
///
/// # Errors
/// [`CodecError::Json`] when it cannot be written.
pub fn encode(event: &PolicyEvent) -> Result<Stored, CodecError> {
    let broken = |error| CodecError::Json { kind: event.kind().to_owned(), error };
    let data = event.to_json().map_err(broken)?;
    Ok(Stored { kind: event.kind(), schema: event.schema(), data })
}

/// Reads an event.
///
/// # Errors
/// [`CodecError`] when the kind, shape or JSON is not known.
pub fn decode(kind: &str, schema: u16, data: &str) -> Result<PolicyEvent, CodecError> {
    let unknown = || CodecError::UnknownKind(kind.to_owned());
    let known = PolicyEvent::KINDS.iter().find(|(name, _)| *name == kind).ok_or_else(unknown)?.1;
    if schema > known {
        return Err(CodecError::NewerShape { kind: kind.to_owned(), found: schema, known });
    }
    let broken = |error| CodecError::Json { kind: kind.to_owned(), error };
    let mut json = serde_json::Deserializer::from_str(data);
    let event = read(kind, &mut json).ok_or_else(unknown)?.map_err(broken)?;
    json.end().map_err(broken)?;
    Ok(event)
}
