//! The boundaries in use beside the rule sets: read from the log, exchanged as a whole.

use std::sync::Arc;

use arc_swap::ArcSwap;
use hoiam_domain::routing::boundaries::Boundaries;

use crate::log::Log;
use crate::policy::PolicyError;
use crate::policy::geo::{self, Imported};

/// What the log says about boundaries.
#[derive(Default)]
struct Known {
    imported: Vec<Imported>,
    boundaries: Arc<Boundaries>,
    /// Whether every set that holds is here.
    complete: bool,
}

/// The boundaries in use.
pub(super) struct Ground {
    known: ArcSwap<Known>,
    /// One look at a time.
    refreshing: tokio::sync::Mutex<()>,
    /// How far the stream was read.
    seen: tokio::sync::watch::Sender<u64>,
}

impl Default for Ground {
    fn default() -> Self {
        let known = Known { complete: true, ..Known::default() };
        let seen = tokio::sync::watch::Sender::new(0);
        Self { known: ArcSwap::from_pointee(known), refreshing: Default::default(), seen }
    }
}

impl Ground {
    /// The boundaries. Hold them for the whole of one decision.
    pub(super) fn boundaries(&self) -> Arc<Boundaries> {
        self.known.load().boundaries.clone()
    }

    /// Tells how far the stream of boundaries was read.
    pub(super) fn seen(&self) -> tokio::sync::watch::Receiver<u64> {
        self.seen.subscribe()
    }

    /// Takes in what was imported since the last look; gives the new imports and the sets that
    /// cannot be had, which are tried again at each look.
    pub(super) async fn refresh(
        &self,
        log: &Log,
    ) -> Result<(Vec<Imported>, Vec<PolicyError>), PolicyError> {
        let _alone = self.refreshing.lock().await;
        let known = self.known.load_full();
        let after = known.imported.last().map_or(0, |last| last.id);
        let new = geo::imported(log, after).await?;
        if new.is_empty() && known.complete {
            return Ok((new, Vec::new()));
        }
        let imported: Vec<_> = known.imported.iter().chain(&new).cloned().collect();
        let (boundaries, failures) = geo::boundaries(log, &imported, &known.boundaries).await?;
        let version = imported.last().map_or(0, |last| last.id);
        let complete = failures.is_empty();
        let boundaries = Arc::new(boundaries);
        self.known.store(Arc::new(Known { imported, boundaries, complete }));
        self.seen.send_replace(version);
        Ok((new, failures))
    }
}
