//! The same matter nearby: duplicates of a case or of a feedback being typed, precedents of a
//! dispute and the agency they propose, and who has how much open work. Answers for people, out of
//! the followers' read models; nothing here changes anything.

pub mod duplicates;
pub mod precedents;
pub mod workload;

use serde::Serialize;

/// One reason, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Why {
    /// A word for programs.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// Two decimals.
fn rounded(score: f64) -> f64 {
    (score * 100.0).round() / 100.0
}
