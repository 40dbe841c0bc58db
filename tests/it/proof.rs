//! Proof that nothing was altered: checkpoints, proofs, receipts, tampering, witnesses.

mod case;
mod growth;
mod served;
mod tampering;
mod witness;
mod witness_tls;

use std::sync::Arc;

use hoiam::clock::ManualClock;
use hoiam::log::{Expected, Log};
use hoiam::proof::note::{Kind, SigningKey, VerifierKey};
use hoiam::proof::{Keeper, Witnesses};

use crate::support::Bed;
use crate::support::build::{at, ready, stream, stream_append};

pub const ORIGIN: &str = "test.example/log";

pub fn signing(seed: u8) -> SigningKey {
    SigningKey::of(ORIGIN, &[seed; 32]).unwrap()
}

pub fn verifier() -> VerifierKey {
    signing(1).verifier(Kind::Note)
}

pub async fn keeper(log: &Log) -> Keeper {
    keeper_with(log, Witnesses::default()).await
}

pub async fn keeper_with(log: &Log, witnesses: Witnesses) -> Keeper {
    Keeper::of(log, signing(1), Arc::new(ManualClock::at(at())), witnesses).await.unwrap()
}

/// Appends one event to each of so many streams.
pub async fn round(log: &Log, streams: u128) {
    let appends = (0..streams).map(|nr| stream_append(stream(nr), Expected::Any, 1)).collect();
    log.append(ready(appends)).await.unwrap();
}
