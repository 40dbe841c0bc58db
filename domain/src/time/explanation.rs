//! Deadlines, and the reasons they carry: a clerk or a citizen can follow each one by hand.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::span::{Span, promised};
use crate::kinds::Clock;

/// A day that did not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SkippedDay {
    /// The day, in the city's zone.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Why, in Vietnamese, e.g. `Chủ nhật`.
    pub reason_vi: String,
    /// Why, in English, e.g. `Sunday`.
    pub reason_en: String,
}

/// A pause that moved a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PauseNote {
    /// When the clock stopped.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// When it went on.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// What the pause cost and why, in Vietnamese.
    pub vi: String,
    /// What the pause cost and why, in English.
    pub en: String,
}

/// Why a deadline is what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The whole reason in Vietnamese.
    pub vi: String,
    /// The whole reason in English.
    pub en: String,
    /// Id of the row of `limits.toml` (or `category:CODE` for a category's own limit) that gave
    /// the length; empty for bare arithmetic.
    pub policy: String,
    /// The decree the length comes from, or `design`; empty for bare arithmetic.
    pub basis: String,
    /// Revision of the calendar it was counted on; empty where none was needed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calendar: String,
    /// Days that did not count, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<SkippedDay>,
    /// Pauses that moved the deadline, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<PauseNote>,
}

/// The end of a period, by bare arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Due {
    /// The last moment in time; 23:59:59 of the last day for periods in days.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How it was counted.
    pub explanation: Explanation,
}

/// A promise: one clock of one case, until when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Deadline {
    /// Which clock.
    pub clock: Clock,
    /// The length promised; says how pauses are counted. None, `0 days`, where another system set
    /// the target.
    #[serde(deserialize_with = "promised")]
    pub span: Span,
    /// When the clock started.
    #[schema(value_type = String, format = DateTime)]
    pub start: Timestamp,
    /// The last moment in time.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// When to warn the holder that little time is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub warn_at: Option<Timestamp>,
    /// Why.
    pub explanation: Explanation,
}
