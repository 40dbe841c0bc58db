//! Asking witnesses to cosign (C2SP `tlog-witness`, the log's side). What a witness answers is
//! checked with its key before it is kept; what it objects to stops the log from serving.

mod post;

use std::path::Path;
use std::sync::Arc;

use post::post;

use super::ProofError;
use super::note::{Kind, Note, VerifierKey};
use super::store::checkpoints;
use super::store::witnesses::{self, Cosigned};
use super::view::{Signed, View};
use super::witness::{ADD_CHECKPOINT, AddCheckpoint, SIZE_MEDIA, cosignatures};
use crate::clock::Clock;
use crate::log::{Log, Pool};
use crate::outside::guard::Reach;
use crate::outside::{Outside, Unanswered};

/// Somebody who cosigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The key its cosignatures are made with.
    pub key: VerifierKey,
    /// Its submission prefix, e.g. `https://witness.example`.
    pub url: String,
}

/// `KEY URL`, with a space between.
impl std::str::FromStr for Witness {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, url) =
            text.trim().split_once(' ').ok_or("a witness is its key, a space and its URL")?;
        let key: VerifierKey = key.parse().map_err(|error| format!("{key}: {error}"))?;
        let url = url.trim().trim_end_matches('/');
        if key.kind() != Kind::Cosignature {
            return Err(format!("{key} is no key for cosignatures (Ed25519, type 4)"));
        }
        let scheme = url.starts_with("https://") || url.starts_with("http://");
        if !scheme || url.contains(['@', '?', '#', ' ']) {
            return Err(format!("{url} is no URL with https:// or http://"));
        }
        Ok(Self { key, url: url.to_owned() })
    }
}

/// The witnesses of a log.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    list: Arc<[Witness]>,
    reach: Reach,
    /// Who asks, where other authorities are believed than the public ones.
    outside: Option<Outside>,
}

/// What a witness said to a submission.
enum Said {
    /// It cosigned: its lines and the time.
    Cosigned(Vec<super::note::Signature>, u64),
    /// It knows a tree of this size.
    Knows(u64),
    /// The log does not continue what it knows.
    Objects(String),
}

impl Witnesses {
    /// These, at addresses that may be asked.
    pub fn new(list: Vec<Witness>, reach: Reach) -> Self {
        Self { list: list.into(), reach, outside: None }
    }

    /// The same, believing only the authorities of a PEM file instead of the public ones.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn believing(mut self, file: &Path) -> Result<Self, Unanswered> {
        self.outside = Some(Outside::new()?.believing(file)?);
        Ok(self)
    }

    /// Forgets what others said before.
    pub(super) async fn keep_only(&self, pool: &Pool) -> Result<(), ProofError> {
        let names: Vec<String> = self.list.iter().map(|w| w.key.to_string()).collect();
        Ok(witnesses::keep_only(pool, &names).await?)
    }

    /// Asks each that did not cosign the last checkpoint yet.
    pub(super) async fn ask(
        &self,
        log: &Log,
        own: &VerifierKey,
        clock: &dyn Clock,
    ) -> Result<(), ProofError> {
        if self.list.is_empty() {
            return Ok(());
        }
        let view = View::of(log);
        // Also when one objects: it may be satisfied by now.
        let last = match view.last_of_own().await {
            Err(ProofError::NoCheckpoint) => return Ok(()),
            last => last?,
        };
        let mut outcome = Ok(());
        for witness in &*self.list {
            if let Err(error) = self.ask_one(&view, log.pool(), witness, own, &last, clock).await {
                tracing::warn!(%error, "a witness did not cosign");
                outcome = outcome.and(Err(error));
            }
        }
        outcome
    }

    async fn ask_one(
        &self,
        view: &View,
        pool: &Pool,
        witness: &Witness,
        own: &VerifierKey,
        last: &Signed,
        clock: &dyn Clock,
    ) -> Result<(), ProofError> {
        let name = witness.key.to_string();
        if last.note.signed_by(&witness.key).is_ok() {
            return Ok(());
        }
        let size = last.head.size;
        let now = clock.now().as_microsecond();
        let mut old = witnesses::known(pool, &name).await?.min(size);
        // A second time with the size it says it knows.
        for _ in 0..2 {
            match self.submit(view, witness, old, last).await? {
                Said::Cosigned(lines, time) => {
                    let lines: String = lines.iter().map(ToString::to_string).collect();
                    let new = Cosigned { size, witness: name.clone(), lines };
                    witnesses::add(pool, &new, time).await?;
                    witnesses::said(pool, &name, size, None, now).await?;
                    return Ok(());
                }
                Said::Knows(known) if known <= size && known != old => old = known,
                Said::Knows(known) => {
                    let latest = checkpoints::latest(pool).await?.map_or(0, |row| row.head.size);
                    if known > size && known <= latest {
                        // Another node was faster.
                        return Ok(());
                    }
                    let why = format!("knows a tree of {known} events, {} has another", own.name());
                    return self.objects(pool, witness, known, &why, now).await;
                }
                Said::Objects(why) => return self.objects(pool, witness, old, &why, now).await,
            }
        }
        let reason = "says each time that it knows another tree".to_owned();
        Err(ProofError::Witness { witness: witness.key.name().to_owned(), reason })
    }

    async fn objects(
        &self,
        pool: &Pool,
        witness: &Witness,
        size: u64,
        why: &str,
        now: i64,
    ) -> Result<(), ProofError> {
        let objection = format!("witness {} {why}", witness.key.name());
        witnesses::said(pool, &witness.key.to_string(), size, Some(&objection), now).await?;
        Err(ProofError::Forked(objection))
    }

    async fn submit(
        &self,
        view: &View,
        witness: &Witness,
        old: u64,
        last: &Signed,
    ) -> Result<Said, ProofError> {
        let failed =
            |reason: String| ProofError::Witness { witness: witness.key.name().to_owned(), reason };
        let proof = view.hashes_between(old, last.head.size).await?;
        let submission = AddCheckpoint { old, proof, note: last.note.clone() };
        let url = format!("{}/{ADD_CHECKPOINT}", witness.url);
        let outside = self.outside.clone().map_or_else(Outside::new, Ok);
        let outside = outside.map_err(|error| failed(error.0))?.reaching(self.reach);
        let answer = post(outside, &url, submission.to_string()).await.map_err(failed)?;
        let tells_size = answer.media == SIZE_MEDIA;
        read_answer(answer.status, tells_size, &answer.body, &last.note, &witness.key)
            .map_err(failed)
    }
}

/// What an answer means.
fn read_answer(
    status: u16,
    tells_size: bool,
    body: &str,
    note: &Note,
    witness: &VerifierKey,
) -> Result<Said, String> {
    match status {
        200 => {
            let (lines, time) =
                cosignatures(body, note, witness).map_err(|error| error.to_string())?;
            Ok(Said::Cosigned(lines, time))
        }
        409 if tells_size => {
            let size: i64 = body.trim_end().parse().map_err(|_| "tells no size".to_owned())?;
            Ok(Said::Knows(u64::try_from(size).map_err(|_| "tells no size".to_owned())?))
        }
        409 => Ok(Said::Objects("knows another root for the same size".to_owned())),
        422 => {
            Ok(Said::Objects("does not find that the log continues what it cosigned".to_owned()))
        }
        404 => Err("does not know this log's origin".to_owned()),
        403 => Err("does not trust this log's key".to_owned()),
        other => Err(format!("answers with status {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_a_key_and_a_url() {
        let key = "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
        let witness: Witness = format!("{key} https://w.example/path/").parse().unwrap();
        assert_eq!(
            (witness.key.to_string().as_str(), witness.url.as_str()),
            (key, "https://w.example/path")
        );
        let note_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        for bad in [
            key.to_owned(),
            format!("{key} ftp://w.example"),
            format!("{note_key} https://w.example"),
            "x https://w.example".to_owned(),
        ] {
            assert!(bad.parse::<Witness>().is_err(), "{bad}");
        }
    }
}
