//! What a changed rule set would have made of past cases: the recorded verdict beside the new one,
//! and what people said later.
//!
//! The old verdict is what the events recorded, never decided again. The new one is the changed
//! set's for the same words, place, channel and time of receipt.
//!
//! - [`past`]: what the events of a case say: its input, the rules' verdict, people's corrections.
//! - [`compare`]: the new verdict beside the recorded one.
//! - [`sums`]: many of them counted.

pub mod compare;
pub mod past;
pub mod sums;

pub use compare::{Compared, Ground, compare};
pub use past::{Destination, Past, Recorded};
pub use sums::Sums;

#[cfg(test)]
mod tests;
