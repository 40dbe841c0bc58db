//! Proof that nothing in the log was altered, for people who do not trust whoever runs it.
//!
//! - [`tree`]: the Merkle tree of RFC 6962. [`tile`]: how it is stored and served (C2SP tlog-tiles).
//! - [`note`], [`checkpoint`]: what the log signs. [`witness`]: how others sign it too.
//! - [`receipt`]: what a citizen holds. All of these are pure: no I/O, no clock.
//! - `store`, `keeper`: tiles and checkpoints, written behind the log. [`key`]: the private key.
//! - `asking`: witnesses over the network. `view`: what is given to those who ask.
//! - [`verify`]: the whole log, read again and compared with all of it.

mod asking;
pub mod checkpoint;
mod error;
#[cfg(test)]
mod fuzz;
mod keeper;
pub mod key;
pub mod note;
pub mod receipt;
mod store;
pub mod text;
pub mod tile;
pub mod tree;
pub mod verify;
mod view;
pub mod witness;

pub use asking::{Witness, Witnesses};
pub use error::ProofError;
pub use keeper::Keeper;
pub use view::{Signed, View};
