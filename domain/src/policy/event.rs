//! What happened to the policy. As with cases, names and fields are the storage format: past
//! tense, never renamed, a changed shape gets a new version.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event_family::event_family;
use crate::routing::boundaries::Level;

event_family! {
    /// An event of a policy stream.
    PolicyEvent;

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
    /// The files of a directory came into use where no set was activated: a server began with them,
    /// or they were changed while it ran.
    RulesFilesLoaded = "rules.files_loaded" v 1 {
        /// Hash of the rule set; its files are stored under it.
        hash: String,
        /// Where they were read from, in words.
        source: String,
        /// How many files it has.
        files: u64,
        /// Hash of the set that was loaded before; none for the first.
        before: Option<String>,
        /// What differs from that set, by file; for the first, every file.
        changes: Vec<FileChange>,
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
