//! Figures: what they count, as of when, for whom.

mod past;
mod stats;
mod story;
mod sums;
