//! The whole log read again, row by row, and compared with everything that was ever said of it: its
//! own hashes and columns, the order of streams, the tiles, every checkpoint, every cosignature,
//! and a checkpoint somebody kept outside. Memory does not grow with the log.
//!
//! Whoever controls the database can make rows, tiles and checkpoints fit each other again. What
//! cannot be made to fit is a checkpoint or cosignature that somebody else holds.

mod finding;
mod order;
mod tree;

use super::ProofError;
use super::checkpoint::Checkpoint;
use super::note::{Note, Signature, VerifierKey};
use super::store::{checkpoints, rows, tiles, witnesses};
use super::tree::Head;
use crate::log::{Log, LogError, Pool, stored_rows};
pub use finding::{Finding, What};
use order::{PAGE, leaf_of};
use tree::Against;

/// How often to tell how far it is.
const TELL: u64 = 50_000;

/// What a verification went through and found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Events that were read and are as they should be.
    pub events: u64,
    /// How many of them the last checkpoint covers.
    pub covered: u64,
    /// Checkpoints compared.
    pub checkpoints: u64,
    /// Cosignatures checked.
    pub cosignatures: u64,
    /// The root over all events.
    pub root: super::tree::Hash,
    /// The first thing that is wrong.
    pub finding: Option<Finding>,
}

/// Verifies a log. `key` is its verifier key as known from elsewhere, `outside` a checkpoint that was kept
/// elsewhere, opened with that key.
///
/// # Errors
/// When the database fails; what is wrong with the log is no error but a finding.
pub async fn verify(
    log: &Log,
    key: Option<&VerifierKey>,
    outside: Option<&Checkpoint>,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Verified, ProofError> {
    let pool = log.pool();
    let stored = checkpoints::identity(pool).await?;
    let mut verified = Verified {
        events: 0,
        covered: 0,
        checkpoints: 0,
        cosignatures: 0,
        root: super::tree::empty_root(),
        finding: None,
    };
    if let (Some(key), Some(stored)) = (key, &stored)
        && *stored != key.to_string()
    {
        verified.finding = Some(Finding::of(What::OtherKey, 0));
        return Ok(verified);
    }
    let own: Option<VerifierKey> = match stored.as_deref().map(str::parse).transpose() {
        Ok(own) => own.or(key.cloned()),
        Err(_) => {
            verified.finding = Some(Finding::of(What::OtherKey, 0));
            return Ok(verified);
        }
    };
    // Smaller things first: meanwhile the log may grow.
    let signed = checkpoints::latest(pool).await?.map_or(0, |row| row.head.size);
    let size = tiles::size(pool).await?;
    let head = log.head().await?;
    let mut walk =
        Walk { pool, against: Against::new(pool, own.as_ref(), outside, size), head, verified };
    walk.run(progress).await?;
    let mut verified = walk.verified;
    if verified.finding.is_none() {
        verified.finding = ends(pool, &verified, [signed, size, head], outside).await?;
    }
    if verified.finding.is_none() {
        let (count, finding) = cosigned(pool, own.as_ref()).await?;
        (verified.cosignatures, verified.finding) = (count, finding);
    }
    verified.covered = signed.min(verified.events);
    Ok(verified)
}

struct Walk<'v> {
    pool: &'v Pool,
    against: Against<'v>,
    head: u64,
    verified: Verified,
}

impl Walk<'_> {
    /// Goes through all rows up to the head, or to the first that is wrong.
    async fn run(&mut self, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<(), ProofError> {
        self.verified.finding = self.against.begin().await?;
        let mut after = i64::MIN;
        while self.verified.finding.is_none() && self.verified.events < self.head {
            let page = stored_rows(self.pool, after, PAGE).await?;
            if page.is_empty() {
                break;
            }
            let before = self.verified.events;
            let mut finding = None;
            for row in page {
                if self.verified.events >= self.head {
                    break;
                }
                finding = self.row(row).await?;
                if finding.is_some() {
                    break;
                }
                if self.verified.events.is_multiple_of(TELL) {
                    progress(self.verified.events, self.head);
                }
            }
            let to = finding.as_ref().map_or(self.verified.events, |found| found.position);
            if let Some(position) = rows::out_of_order(self.pool, before, to).await?
                && finding.as_ref().is_none_or(|found| position < found.position)
            {
                finding = Some(Finding::of(What::OutOfOrder, position));
            }
            if finding.is_none() {
                finding = self.against.page().await?;
            }
            self.verified.finding = finding;
            after = i64::try_from(self.verified.events).unwrap_or(i64::MAX);
            self.verified.checkpoints = self.against.checkpoints;
        }
        self.verified.root = self.against.root();
        Ok(())
    }

    /// One row, which must be the next event.
    async fn row(
        &mut self,
        row: Result<crate::log::RecordedEvent, LogError>,
    ) -> Result<Option<Finding>, ProofError> {
        let next = self.verified.events + 1;
        let event = match row {
            Ok(event) => event,
            Err(LogError::Damaged { position, .. }) if position < 1 => {
                return Ok(Some(Finding::of(What::Inserted, next)));
            }
            Err(_) => return Ok(Some(Finding::of(What::Altered, next))),
        };
        if event.position < next {
            return Ok(Some(Finding::of(What::Inserted, event.position)));
        }
        if event.position > next {
            return Ok(Some(Finding::to(What::Missing, next, event.position - 1)));
        }
        let (leaf, own) = leaf_of(&event);
        let found = match (self.against.leaf(leaf).await?, own) {
            // Its own hash or columns tell more than the tree.
            (Some(found), Some(own)) if found.what == What::Altered => {
                Some(found.because(own.reason))
            }
            (found, own) => found.or(own),
        };
        if found.is_none() {
            self.verified.events = next;
            return self.against.signed().await;
        }
        Ok(found)
    }
}

/// Whether the log ends where it should: the head, the tree and every checkpoint say how long it is.
async fn ends(
    pool: &Pool,
    verified: &Verified,
    lengths: [u64; 3],
    outside: Option<&Checkpoint>,
) -> Result<Option<Finding>, ProofError> {
    let longest = lengths.into_iter().max().unwrap_or(0);
    let longest = longest.max(outside.map_or(0, |outside| outside.head.size));
    if longest > verified.events {
        return Ok(Some(Finding::to(What::Truncated, verified.events + 1, longest)));
    }
    let last = rows::last(pool).await?;
    let head = crate::proof::store::head(pool).await?;
    Ok((last > head).then(|| Finding::to(What::Inserted, head + 1, last)))
}

/// Checks every cosignature; gives how many there are.
async fn cosigned(
    pool: &Pool,
    own: Option<&VerifierKey>,
) -> Result<(u64, Option<Finding>), ProofError> {
    const PAGE: u32 = 500;
    let (mut count, mut after) = (0, None);
    loop {
        let page = witnesses::after(pool, after, PAGE).await?;
        let last = page.last().map(|row| row.size);
        let full = page.len() == PAGE as usize;
        for row in page {
            // The rest of this size comes with the next page.
            if full && Some(row.size) == last {
                continue;
            }
            let stored = checkpoints::of_size(pool, row.size).await?;
            let holds = stored.is_some_and(|stored| {
                let check = || -> Option<()> {
                    let mut note: Note = stored.note.parse().ok()?;
                    note.add(Signature::read_all(&row.lines).ok()?);
                    note.signed_by(&row.witness.parse().ok()?).ok()?;
                    let said = Checkpoint::open(&note, own?).ok()?;
                    (said.head == Head { size: row.size, ..stored.head }).then_some(())
                };
                check().is_some()
            });
            if !holds {
                return Ok((count, Some(Finding::of(What::Cosignature, row.size))));
            }
            count += 1;
        }
        if !full {
            return Ok((count, None));
        }
        after = last.map(|size| size.saturating_sub(1));
    }
}
