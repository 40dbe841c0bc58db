//! Policy in the log: what was put into force, by whom, from when.
//!
//! - [`blobs`]: what events name by hash, kept once beside the log.
//! - [`stream`]: the policy streams: read, append.
//! - [`activation`]: activating a rule set, taking an activation back.
//! - [`geo`]: boundaries of districts and wards.
//! - [`worker`]: keeps a running node's rule sets and boundaries up to date with the log.

pub mod activation;
pub mod blobs;
mod error;
pub mod geo;
pub mod loaded;
pub mod stream;
pub mod worker;

pub use blobs::{BlobKind, blob, store_blob};
pub use error::PolicyError;
pub use stream::{PolicyStream, Recorded};
