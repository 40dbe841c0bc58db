//! Which length each clock has: rows of `limits.toml`, the first that matches wins.

use serde::{Deserialize, Serialize};

use super::span::Span;
use crate::file_error::FileError;

/// The limits of one city, from `limits.toml`.
#[derive(Clone, Debug)]
pub struct Limits {
    pub(crate) desk: Vec<DeskRules>,
}

/// The numbers of the desk's own rules, in force from a date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRules {
    /// Id of the row, e.g. `desk-2025`.
    pub id: String,
    /// First day in force, in the city's zone; absent: from the beginning.
    #[serde(default)]
    pub valid_from: Option<jiff::civil::Date>,
    /// The decree, or `design`.
    pub basis: String,
    /// So many returns, then a coordinator rules.
    pub max_returns: u32,
    /// So many days after the answer the citizen may reopen.
    pub reopen_days: u32,
    /// So many days after the answer the citizen may rate; then the case closes by itself.
    pub rating_window_days: u32,
    /// So many days after the answer the citizen may appeal to the coordinators.
    pub appeal_days: u32,
    /// The longest a question to the citizen stops the agency's clock.
    pub pause_cap: Span,
    /// How many extensions an agency may have.
    pub max_extensions: u32,
    /// How far one extension may move the deadline.
    pub max_extension: Span,
    /// Warn when this share of the time is left, in percent.
    pub warn_percent: u8,
    /// Within which time the city office forwards a matter leaders already gave direction on;
    /// absent where no rule says so.
    #[serde(default)]
    pub leaders_matter: Option<Span>,
}

/// Reads `limits.toml`.
///
/// # Errors
/// Everything that is wrong in the file, with lines.
pub fn parse_limits(file: &str, _text: &str) -> Result<Limits, Vec<FileError>> {
    Err(vec![FileError::whole(file, "not readable")])
}
