//! The only place that draws randomness. Everything else gets a [`Random`].

use std::sync::Mutex;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Draws random bytes.
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Sixteen random bytes.
    fn draw(&self) -> [u8; 16];
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn draw(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Secrets must not be guessable: without randomness there is no safe way to go on.
            std::process::abort();
        }
        bytes
    }
}

/// The same bytes for the same seed: for tests and the demo city.
#[derive(Debug)]
pub struct SeededRandom(Mutex<(u64, u64)>);

impl SeededRandom {
    /// A sequence that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((seed, 0)))
    }
}

impl Random for SeededRandom {
    fn draw(&self) -> [u8; 16] {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.1 += 1;
        let digest = Sha256::new()
            .chain_update(state.0.to_be_bytes())
            .chain_update(state.1.to_be_bytes())
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes
    }
}

/// An id that sorts by time (UUID version 7), so that new rows are neighbours in every index.
pub fn sortable_id(random: &dyn Random, at: Timestamp) -> Uuid {
    let drawn = random.draw();
    let mut tail = [0; 10];
    tail.copy_from_slice(&drawn[..10]);
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}
