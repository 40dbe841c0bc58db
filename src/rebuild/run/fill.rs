//! Reading, folding and writing, all three at the same time.

use hoiam_domain::case::{Case, evolve};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::{Run, Told, sums};
use crate::desk::read_event;
use crate::log::Log;
use crate::rebuild::buffer::Batch;
use crate::rebuild::fills::{Fill, Stage};
use crate::rebuild::fold::Missing;
use crate::rebuild::source::{Page, Pages};
use crate::rebuild::target::Target;
use crate::rebuild::{Phase, RebuildError};

/// Events of a stream read at once.
const STREAM_PAGE: u32 = 500;

/// A task that writes batches while the next is gathered, and ends with its owner: what it writes
/// to may give no answer any more.
struct Writer {
    batches: mpsc::Sender<(Batch, Vec<Fill>)>,
    task: JoinSet<Result<Target, RebuildError>>,
}

impl Writer {
    fn start(mut target: Target) -> Self {
        let (batches, mut waiting) = mpsc::channel::<(Batch, Vec<Fill>)>(1);
        let mut task = JoinSet::new();
        task.spawn(async move {
            while let Some((batch, fills)) = waiting.recv().await {
                target.write(&batch, &fills).await?;
            }
            Ok(target)
        });
        Self { batches, task }
    }

    /// Hands a batch over; false if the writer has failed, which [`Writer::stop`] then explains.
    async fn write(&self, batch: Batch, fills: Vec<Fill>) -> bool {
        self.batches.send((batch, fills)).await.is_ok()
    }

    /// Waits until everything is written.
    async fn stop(mut self) -> Result<Target, RebuildError> {
        drop(self.batches);
        let written = self.task.join_next().await.ok_or(RebuildError::Stopped)?;
        written.map_err(|_| RebuildError::Stopped)?
    }
}

impl Run<'_> {
    /// Folds and writes everything up to a position, which is the end of an append.
    pub(super) async fn fill(&mut self, to: u64, progress: Told<'_>) -> Result<(), RebuildError> {
        let target = self.target.take().ok_or(RebuildError::Stopped)?;
        let writer = Writer::start(target);
        let outcome = self.fill_through(&writer, to, progress).await;
        let target = writer.stop().await?;
        self.target = Some(target);
        outcome
    }

    async fn fill_through(
        &mut self,
        writer: &Writer,
        to: u64,
        progress: Told<'_>,
    ) -> Result<(), RebuildError> {
        let mut pages = Pages::between(self.log, self.position(), to);
        while let Some(page) = pages.next().await? {
            self.fold(page, to).await?;
            self.tell(progress, Phase::Filling);
            let full = self.folder.as_ref().is_some_and(|f| f.bytes() > self.options.rows);
            if full && !self.hand_over(writer).await? {
                return Ok(());
            }
        }
        self.hand_over(writer).await?;
        self.check_reached(to)
    }

    /// The rows folded since the last time, and once the sums of all rows are made, what these add.
    fn take(&mut self) -> Result<Batch, RebuildError> {
        let mut batch = self.folder.as_mut().ok_or(RebuildError::Stopped)?.take();
        if self.stage == Stage::Whole {
            sums::add(self.units, &mut batch);
        }
        Ok(batch)
    }

    async fn hand_over(&mut self, writer: &Writer) -> Result<bool, RebuildError> {
        let batch = self.take()?;
        let fills = self.fills(batch.position);
        Ok(writer.write(batch, fills).await)
    }

    /// The last few events, inside the exchange.
    pub(super) async fn fill_locked(&mut self, to: u64) -> Result<(), RebuildError> {
        let mut pages = Pages::between(self.log, self.position(), to);
        while let Some(page) = pages.next().await? {
            self.fold(page, to).await?;
        }
        let batch = self.take()?;
        self.target()?.write(&batch, &[]).await?;
        self.check_reached(to)
    }

    async fn fold(&mut self, page: Page, to: u64) -> Result<(), RebuildError> {
        let mut folder = self.folder.take().ok_or(RebuildError::Stopped)?;
        for missing in folder.missing(&page) {
            if let Some(case) = case_at(self.log, missing).await? {
                folder.found(case);
            }
        }
        let last = page.last >= to;
        let folded = tokio::task::spawn_blocking(move || {
            folder.fold(page, last);
            folder
        });
        self.folder = Some(folded.await.map_err(|_| RebuildError::Stopped)?);
        Ok(())
    }

    fn check_reached(&self, to: u64) -> Result<(), RebuildError> {
        let found = self.position();
        if found == to { Ok(()) } else { Err(RebuildError::Short { found, head: to }) }
    }
}

/// A case as it was at a version.
async fn case_at(log: &Log, missing: Missing) -> Result<Option<Case>, RebuildError> {
    let mut case = None;
    let mut after = 0;
    while after < missing.version {
        let page = log.read_stream(missing.stream, after, STREAM_PAGE).await?;
        let Some(last) = page.last() else { break };
        let keys = log.vault().keys(missing.stream, last.keys.as_ref());
        let last = last.version;
        for recorded in page.iter().take_while(|event| event.version <= missing.version) {
            let (event, meta) =
                read_event(&keys, recorded).map_err(|error| RebuildError::Unreadable {
                    position: i64::try_from(recorded.position).unwrap_or(i64::MAX),
                    error,
                })?;
            case = evolve(case, &event, &meta);
        }
        after = last;
    }
    Ok(case)
}
