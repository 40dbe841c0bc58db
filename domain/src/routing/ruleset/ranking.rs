//! `ranking.toml`: how much each part of an agency's score weighs, and why.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::file_error::FileError;

/// What the weights add up to.
const WHOLE: i64 = 1000;

/// The weights of the ranking of agencies, thousandths that add up to 1000.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Of deadlines kept.
    pub kept: i64,
    /// Of cases not returned.
    pub taken: i64,
    /// Of answers not reopened.
    pub lasting: i64,
    /// Of places that did not come back.
    pub once: i64,
    /// Why these, in Vietnamese; printed beside every ranking.
    pub why: String,
}

impl Default for Weights {
    /// For a set without `ranking.toml`: answers in time weigh as much as all else together.
    fn default() -> Self {
        let why = "Trả lời đúng hạn nặng bằng mọi điều khác cộng lại.".to_owned();
        Self { kept: 500, taken: 150, lasting: 200, once: 150, why }
    }
}

/// Reads the weights.
pub(super) fn weights(reading: &mut Reading<'_>, nth: usize, file: &str) -> Option<Weights> {
    let weights = reading.file::<Weights>(nth)?;
    let Weights { kept, taken, lasting, once, why } = &weights;
    let parts = [*kept, *taken, *lasting, *once];
    // Bounded first, so that the sum cannot overflow.
    let bounded = parts.iter().all(|part| (0..=WHOLE).contains(part));
    if !bounded || parts.iter().sum::<i64>() != WHOLE {
        let message = format!("the weights lie between 0 and {WHOLE} and add up to {WHOLE}");
        reading.errors.push(FileError::whole(file, message));
    }
    if why.trim().is_empty() {
        reading.errors.push(FileError::whole(file, "`why` is empty: say why these weights"));
    }
    Some(weights)
}
