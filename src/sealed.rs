//! The sealed stream in the log: its group, and the readings of what is sealed. Nothing is read
//! before the event that says so is on disk.
//!
//! - [`group`]: who belongs to it.
//! - [`reading`]: asking, approving, refusing, reading.
//! - [`refill`](mod@refill): their rows out of the log, after it was imported.

mod error;
pub mod group;
pub mod reading;
pub mod refill;

use uuid::Uuid;

pub use error::SealedError;

/// The namespace of the streams' ids, drawn once.
const NAMESPACE: Uuid = Uuid::from_u128(0x51d7_2f0e_9a64_4c38_b1f5_0d7c_3e88_6a19);
/// How often a decision that lost a race is made again.
const ATTEMPTS: usize = 16;
/// Events read at once.
const PAGE: u32 = 500;
