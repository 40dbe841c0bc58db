//! The events as they go by, against tiles and checkpoints.

use std::collections::{BTreeSet, VecDeque};

use super::finding::{Finding, What};
use crate::log::Pool;
use crate::proof::ProofError;
use crate::proof::checkpoint::Checkpoint;
use crate::proof::note::{Note, VerifierKey};
use crate::proof::store::checkpoints::{self, StoredCheckpoint};
use crate::proof::store::{rows, tiles};
use crate::proof::tile::{At, Growing, WIDTH};
use crate::proof::tree::{Edge, Hash};

/// Checkpoints read at once.
const PAGE: u32 = 500;

/// Everything leaves are compared with.
pub(super) struct Against<'v> {
    pool: &'v Pool,
    own: Option<&'v VerifierKey>,
    outside: Option<&'v Checkpoint>,
    /// How many events are in the tiles.
    size: u64,
    edge: Edge,
    /// The tile of leaves that the next one belongs to.
    tile: Option<(u64, Vec<Hash>)>,
    /// Leaves of this page that are in the tiles, and the tree they make.
    leaves: Vec<Hash>,
    growing: Growing,
    next: VecDeque<StoredCheckpoint>,
    read_to: Option<u64>,
    all_read: bool,
    /// The size of the last checkpoint that fitted.
    fitted: u64,
    /// Checkpoints compared.
    pub(super) checkpoints: u64,
}

impl<'v> Against<'v> {
    pub(super) fn new(
        pool: &'v Pool,
        own: Option<&'v VerifierKey>,
        outside: Option<&'v Checkpoint>,
        size: u64,
    ) -> Self {
        Self {
            pool,
            own,
            outside,
            size,
            edge: Edge::default(),
            tile: None,
            leaves: Vec::new(),
            growing: Growing::default(),
            next: VecDeque::new(),
            read_to: None,
            all_read: false,
            fitted: 0,
            checkpoints: 0,
        }
    }

    /// The root over all leaves so far.
    pub(super) fn root(&self) -> Hash {
        self.edge.root()
    }

    /// What was said of the log before its first event.
    pub(super) async fn begin(&mut self) -> Result<Option<Finding>, ProofError> {
        self.signed().await
    }

    /// The next leaf, as its row's bytes have it. Nothing is kept of one that does not fit.
    pub(super) async fn leaf(&mut self, leaf: Hash) -> Result<Option<Finding>, ProofError> {
        let index = self.edge.size();
        if index < self.size {
            let (number, place) = (index / WIDTH as u64, index % WIDTH as u64);
            if self.tile.as_ref().is_none_or(|(known, _)| *known != number) {
                let at = At { level: 0, index: number };
                let read = tiles::read(self.pool, &BTreeSet::from([at])).await?;
                self.tile = Some((number, read.0.get(&at).cloned().unwrap_or_default()));
            }
            let place = usize::try_from(place).unwrap_or(0);
            let known = self.tile.as_ref().and_then(|(_, hashes)| hashes.get(place)).copied();
            match known {
                None => return Ok(Some(Finding::of(What::Tile, index + 1))),
                Some(known) if known != leaf => {
                    return self.classified(index, leaf, known).await.map(Some);
                }
                Some(_) => self.leaves.push(leaf),
            }
        }
        self.edge.push(leaf);
        Ok(None)
    }

    /// What became of an event that is not the one in the tree.
    async fn classified(&self, index: u64, leaf: Hash, known: Hash) -> Result<Finding, ProofError> {
        let position = index + 1;
        let appended = rows::index_of(self.pool, &leaf).await?;
        let belongs = rows::with_leaf(self.pool, &known, position).await?;
        let what = match (appended, belongs) {
            (Some(_), Some(_)) => What::Reordered,
            (Some(_), None) => What::Missing,
            (None, Some(_)) => What::Inserted,
            (None, None) => What::Altered,
        };
        Ok(Finding::of(what, position).because("the tree has another event here"))
    }

    /// Checkpoints of the size reached.
    pub(super) async fn signed(&mut self) -> Result<Option<Finding>, ProofError> {
        let size = self.edge.size();
        let about = |what, from| Finding::to(what, size.min(from + 1), size);
        if let Some(outside) = self.outside
            && outside.head.size == size
            && outside.head.root != self.edge.root()
        {
            return Ok(Some(about(What::Outside, self.fitted)));
        }
        loop {
            if self.next.is_empty() && !self.all_read {
                let page = checkpoints::after(self.pool, self.read_to, PAGE).await?;
                self.all_read = page.len() < PAGE as usize;
                self.read_to = page.last().map(|row| row.head.size).or(self.read_to);
                self.next = page.into();
            }
            let Some(next) = self.next.pop_front_if(|next| next.head.size <= size) else {
                return Ok(None);
            };
            let said = next
                .note
                .parse::<Note>()
                .ok()
                .and_then(|note| self.own.and_then(|own| Checkpoint::open(&note, own).ok()));
            if said.is_none_or(|said| said.head != next.head) {
                return Ok(Some(Finding::of(What::CheckpointAltered, next.head.size)));
            }
            if next.head.root != self.edge.root() {
                return Ok(Some(about(What::Checkpoint, self.fitted)));
            }
            self.fitted = next.head.size;
            self.checkpoints += 1;
        }
    }

    /// The tiles above those of leaves, as far as this page made them.
    pub(super) async fn page(&mut self) -> Result<Option<Finding>, ProofError> {
        let leaves = std::mem::take(&mut self.leaves);
        let first = self.growing.size() + 1;
        let made = self.growing.extend(&leaves);
        for (at, hashes) in made {
            // Those of leaves were compared hash by hash; others are wider where the tree went on.
            if at.level == 0 {
                continue;
            }
            let stored = tiles::read(self.pool, &BTreeSet::from([at])).await?;
            if stored.0.get(&at).is_none_or(|stored| !stored.starts_with(&hashes)) {
                return Ok(Some(Finding::to(What::Tile, first, self.growing.size())));
            }
        }
        Ok(None)
    }
}
