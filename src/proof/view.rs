//! What the log shows of itself: the last checkpoint, tiles, proofs, receipts. Everything is looked
//! at before it is given: what does not fit what was signed is refused, not served.
//!
//! A proof reads the tiles on its path and on the right edge, a few a level of 256: its cost grows
//! with the logarithm of the log.

use std::collections::BTreeSet;

use super::ProofError;
use super::checkpoint::Checkpoint;
use super::note::{Note, Signature, VerifierKey};
use super::receipt::{Proof, Receipt};
use super::store::checkpoints::{self, StoredCheckpoint};
use super::store::{tiles, witnesses};
use super::tile::{Asked, needed};
use super::tree::{Hash, Head, Range, consistency_ranges, continues, includes, inclusion_ranges};
use crate::log::{Log, Pool, RecordedEvent, leaf_hash};

/// The view of a log.
#[derive(Clone, Debug)]
pub struct View {
    log: Log,
}

/// A checkpoint that fits the tiles, with every signature there is.
#[derive(Clone, Debug)]
pub struct Signed {
    /// How many events, and the root over them.
    pub head: Head,
    /// The note, cosignatures included.
    pub note: Note,
    /// When it was made, microseconds since 1970.
    pub made_at: i64,
}

impl View {
    /// Of a log.
    pub fn of(log: &Log) -> Self {
        Self { log: log.clone() }
    }

    fn pool(&self) -> &Pool {
        self.log.pool()
    }

    /// The key the log is signed with.
    ///
    /// # Errors
    /// When it has none yet, or the database fails.
    pub async fn key(&self) -> Result<VerifierKey, ProofError> {
        let stored = checkpoints::identity(self.pool()).await?;
        let key = stored.ok_or(ProofError::NoCheckpoint)?;
        Ok(key.parse()?)
    }

    /// The last checkpoint.
    ///
    /// # Errors
    /// [`ProofError::Forked`] when it does not fit the tiles, or they not what witnesses cosigned.
    pub async fn last(&self) -> Result<Signed, ProofError> {
        let signed = self.last_of_own().await?;
        if let Some(objection) = witnesses::objection(self.pool()).await? {
            return Err(ProofError::Forked(objection));
        }
        Ok(signed)
    }

    /// As [`View::last`], also while a witness objects.
    pub(super) async fn last_of_own(&self) -> Result<Signed, ProofError> {
        let key = self.key().await?;
        let last = checkpoints::latest(self.pool()).await?.ok_or(ProofError::NoCheckpoint)?;
        if self.log.head().await? < last.head.size {
            let why = format!("{} events were signed, the log has fewer", last.head.size);
            return Err(ProofError::Forked(why));
        }
        let signed = self.checked(last, &key).await?;
        self.check_cosigned(&key, signed.head.size).await?;
        Ok(signed)
    }

    /// The consistency proof between two sizes the tiles have.
    pub(super) async fn hashes_between(
        &self,
        first: u64,
        second: u64,
    ) -> Result<Vec<Hash>, ProofError> {
        let ranges = consistency_ranges(first, second);
        self.roots(&ranges.ok_or(ProofError::Beyond { size: second })?).await
    }

    /// The checkpoint of a receipt: the last that a witness cosigned if it covers so many events,
    /// else the last.
    async fn covering(&self, size: u64) -> Result<Option<Signed>, ProofError> {
        let last = match self.last().await {
            Err(ProofError::NoCheckpoint) => return Ok(None),
            last => last?,
        };
        if let Some(cosigned) = witnesses::covering(self.pool(), size).await?
            && let Some(stored) = checkpoints::of_size(self.pool(), cosigned).await?
        {
            return self.checked(stored, &self.key().await?).await.map(Some);
        }
        Ok((last.head.size >= size).then_some(last))
    }

    /// A stored checkpoint, if the log's key signed it and it fits the tiles.
    async fn checked(
        &self,
        stored: StoredCheckpoint,
        key: &VerifierKey,
    ) -> Result<Signed, ProofError> {
        let mut note: Note = stored.note.parse()?;
        let said = Checkpoint::open(&note, key)
            .map_err(|error| ProofError::Forked(format!("a stored checkpoint: {error}")))?;
        if said.head != stored.head || self.root(stored.head.size).await? != stored.head.root {
            let size = stored.head.size;
            let why = format!("the tree of {size} events is not the one that was signed");
            return Err(ProofError::Forked(why));
        }
        for cosigned in witnesses::of_size(self.pool(), stored.head.size).await? {
            note.add(Signature::read_all(&cosigned.lines)?);
        }
        Ok(Signed { head: stored.head, note, made_at: stored.made_at })
    }

    /// Whether the tree continues what witnesses cosigned last.
    async fn check_cosigned(&self, key: &VerifierKey, last: u64) -> Result<(), ProofError> {
        for cosigned in witnesses::latest(self.pool()).await? {
            let size = cosigned.size;
            let forked = |why: &str| {
                let witness = cosigned.witness.split('+').next().unwrap_or_default();
                ProofError::Forked(format!("{witness} cosigned a tree of {size} events, {why}"))
            };
            if size > last {
                return Err(forked("the log has fewer"));
            }
            let stored = checkpoints::of_size(self.pool(), size).await?;
            let stored = stored.ok_or_else(|| forked("its checkpoint is gone"))?;
            let root = stored.head.root;
            let mut note: Note = stored.note.parse()?;
            note.add(Signature::read_all(&cosigned.lines)?);
            let witness: VerifierKey = cosigned.witness.parse()?;
            let said = note
                .signed_by(&witness)
                .and_then(|_| Checkpoint::open(&note, key))
                .map_err(|_| forked("not the stored one"))?;
            if said.head.root != root || self.root(size).await? != root {
                return Err(forked("another than the stored one"));
            }
        }
        Ok(())
    }

    /// The root over the first events.
    pub(super) async fn root(&self, size: u64) -> Result<Hash, ProofError> {
        Ok(self.roots(&[Range { from: 0, to: size }]).await?[0])
    }

    async fn roots(&self, ranges: &[Range]) -> Result<Vec<Hash>, ProofError> {
        let tiles = tiles::read(self.pool(), &needed(ranges)).await?;
        let roots = tiles.roots(ranges);
        roots.ok_or_else(|| ProofError::Forked("a part of the tree is missing".to_owned()))
    }

    /// Why a leaf is in the tree of a size; by default that of the last checkpoint.
    ///
    /// # Errors
    /// [`ProofError::Beyond`] when there is no such leaf.
    pub async fn inclusion(
        &self,
        index: u64,
        size: Option<u64>,
    ) -> Result<(Hash, Head, Vec<Hash>), ProofError> {
        let last = self.last().await?.head;
        let size = size.unwrap_or(last.size);
        let ranges = inclusion_ranges(index, size).filter(|_| size <= last.size);
        let ranges = ranges.ok_or(ProofError::Beyond { size: last.size })?;
        let leaf = Range { from: index, to: index + 1 };
        let all = [ranges.as_slice(), &[leaf, Range { from: 0, to: size }]].concat();
        let mut hashes = self.roots(&all).await?;
        let (root, leaf) = (hashes.pop(), hashes.pop());
        let (root, leaf) = (root.unwrap_or_default(), leaf.unwrap_or_default());
        if !includes(&leaf, index, size, &hashes, &root) {
            return Err(ProofError::Forked("the tree contradicts itself".to_owned()));
        }
        Ok((leaf, Head { size, root }, hashes))
    }

    /// Why the tree of one size begins with that of another; `second` is by default that of the
    /// last checkpoint.
    ///
    /// # Errors
    /// [`ProofError::Beyond`] when a size is larger than the log's, or the first than the second.
    pub async fn consistency(
        &self,
        first: u64,
        second: Option<u64>,
    ) -> Result<(Head, Head, Vec<Hash>), ProofError> {
        let last = self.last().await?.head;
        let second = second.unwrap_or(last.size);
        let ranges = consistency_ranges(first, second).filter(|_| second <= last.size);
        let ranges = ranges.ok_or(ProofError::Beyond { size: last.size })?;
        let ends = [first, second].map(|to| Range { from: 0, to });
        let mut hashes = self.roots(&[ranges.as_slice(), &ends].concat()).await?;
        let roots = hashes.split_off(ranges.len());
        let (first, second) =
            (Head { size: first, root: roots[0] }, Head { size: second, root: roots[1] });
        if !continues(&first, &second, &hashes) {
            return Err(ProofError::Forked("the tree contradicts itself".to_owned()));
        }
        Ok((first, second, hashes))
    }

    /// The hashes of a tile.
    ///
    /// # Errors
    /// [`ProofError::Beyond`] when the last checkpoint does not have it.
    pub async fn tile(&self, asked: Asked) -> Result<Vec<Hash>, ProofError> {
        let size = self.last().await?.head.size;
        if asked.needs().is_none_or(|needs| needs > size) {
            return Err(ProofError::Beyond { size });
        }
        let tiles = tiles::read(self.pool(), &BTreeSet::from([asked.at])).await?;
        let hashes = tiles.0.get(&asked.at).and_then(|hashes| hashes.get(..asked.width));
        let missing = || ProofError::Forked("a part of the tree is missing".to_owned());
        hashes.map(<[Hash]>::to_vec).ok_or_else(missing)
    }

    /// A receipt for an event, with its bytes and their proof once a checkpoint covers it.
    ///
    /// # Errors
    /// [`ProofError::Forked`] when the event is not the one that is in the tree.
    pub async fn receipt(
        &self,
        number: &str,
        event: &RecordedEvent,
    ) -> Result<Receipt, ProofError> {
        let RecordedEvent { position, leaf_hash: leaf, ref payload, .. } = *event;
        let mut receipt = Receipt::pending(number, position, leaf);
        if let Some(signed) = self.covering(position).await? {
            // A row is read as it is: its bytes may be altered while its hash is not.
            if leaf_hash(payload.as_bytes()) != leaf {
                return Err(ProofError::Forked(format!("event {position} was altered")));
            }
            receipt.event = Some(payload.clone());
            receipt.proof = Some(self.proof(position, leaf, signed.head).await?);
            receipt.checkpoint = Some(signed.note.to_string());
        }
        Ok(receipt)
    }

    /// Why the event at a position, with this leaf hash, is in a tree.
    pub(crate) async fn proof(
        &self,
        position: u64,
        leaf_hash: Hash,
        head: Head,
    ) -> Result<Proof, ProofError> {
        let index = position.saturating_sub(1);
        let ranges = inclusion_ranges(index, head.size);
        let ranges = ranges.ok_or(ProofError::Beyond { size: head.size })?;
        let hashes = self.roots(&ranges).await?;
        if !includes(&leaf_hash, index, head.size, &hashes, &head.root) {
            let why = format!("event {position} is not the one that was signed");
            return Err(ProofError::Forked(why));
        }
        Ok(Proof { leaf_index: index, tree_size: head.size, hashes })
    }

    /// What an export is proved with: the last checkpoint, none before the first.
    pub(crate) async fn for_export(&self) -> Result<Option<Signed>, ProofError> {
        match self.last().await {
            Err(ProofError::NoCheckpoint) => Ok(None),
            last => last.map(Some),
        }
    }
}
