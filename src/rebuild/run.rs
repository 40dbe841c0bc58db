//! One rebuild from its beginning, or from where an interrupted one stopped, to the exchange.

mod fill;
mod sums;

use std::time::Duration;

use hoiam_projections::table::Table;

use super::compare::{self, Compared, Outcome};
use super::fills::{self, Fill, Stage};
use super::fold::Folder;
use super::status::{self, Status};
use super::target::Target;
use super::unit::Unit;
use super::{NotCompared, Phase, Progress, RebuildError, RebuildOptions, Rebuilt};
use crate::followers;
use crate::log::Log;

/// Events that may be missing when the exchange begins; they are folded while appends wait.
const CLOSE: u64 = 200;
/// How often to catch up before the exchange is tried anyway.
const ROUNDS: usize = 8;
/// How often to look again where what is served moved on while it was compared.
const LOOKS: usize = 5;
/// How often to try to lock the tables.
const LOCKS: u32 = 200;
/// How often to let go again because too much is missing.
const PATIENT: u32 = 10;
/// How long to wait before locking is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// Is told how far a rebuild is.
pub(super) type Told<'p> = &'p mut (dyn FnMut(Progress) + Send);

/// A rebuild under way.
pub(super) struct Run<'a> {
    log: &'a Log,
    units: &'a [Unit],
    options: RebuildOptions,
    tables: Vec<&'static Table>,
    target: Option<Target>,
    folder: Option<Folder>,
    stage: Stage,
    head: u64,
}

pub(super) async fn run(
    log: &Log,
    units: &[Unit],
    options: RebuildOptions,
    progress: Told<'_>,
) -> Result<Rebuilt, RebuildError> {
    let target = open(log).await?;
    let mut run = Run::begin(log, units, options, target).await?;
    let resumed_from = run.position();
    run.catch_up(progress).await?;
    if run.stage == Stage::Rows {
        run.tell(progress, Phase::Indexing);
        run.finish().await?;
        run.stage = Stage::Whole;
        run.note().await?;
        run.catch_up(progress).await?;
    }
    let (compared, not_compared) = run.compare(progress).await?;
    if options.check {
        run.clean().await?;
    } else {
        run.exchange(progress).await?;
    }
    let position = run.position();
    if let Some(target) = run.target.take() {
        target.close().await;
    }
    Ok(Rebuilt {
        projections: units.iter().map(|unit| unit.name()).collect(),
        resumed_from,
        position,
        replaced: !options.check,
        compared,
        not_compared,
    })
}

/// A rebuild that was just interrupted may take a moment to let go of its lock.
async fn open(log: &Log) -> Result<Target, RebuildError> {
    for _ in 0..LOCKS / 4 {
        match Target::open(log.pool()).await {
            Err(RebuildError::Busy) => tokio::time::sleep(PAUSE).await,
            other => return other,
        }
    }
    Err(RebuildError::Busy)
}

impl<'a> Run<'a> {
    /// Goes on with a fill of the same projections, versions and shape; otherwise begins anew.
    async fn begin(
        log: &'a Log,
        units: &'a [Unit],
        options: RebuildOptions,
        mut target: Target,
    ) -> Result<Self, RebuildError> {
        let tables: Vec<&'static Table> =
            units.iter().flat_map(|unit| unit.tables()).copied().collect();
        target.drop_replaced(&tables).await?;
        let (mut position, mut stage) = (0, Stage::Rows);
        match same_fill(units, &fills::all(log.pool()).await?) {
            Some(fill) if fill.position > 0 && target.fits(&tables).await? => {
                (position, stage) = (fill.position, fill.stage);
            }
            _ => {
                target.clean(&tables).await?;
                target.make(&tables).await?;
            }
        }
        let options = RebuildOptions { rows: target.batch_bytes(options.rows), ..options };
        let folder = Some(Folder::new(units, position, options.cases));
        let head = log.head().await?;
        let mut run =
            Self { log, units, options, tables, target: Some(target), folder, stage, head };
        run.note().await?;
        Ok(run)
    }

    fn position(&self) -> u64 {
        self.folder.as_ref().map_or(0, Folder::position)
    }

    fn target(&mut self) -> Result<&mut Target, RebuildError> {
        self.target.as_mut().ok_or(RebuildError::Stopped)
    }

    fn tell(&self, progress: Told<'_>, phase: Phase) {
        progress(Progress { phase, position: self.position(), head: self.head });
    }

    /// How far the fill is once everything up to `position` is written, a note a projection.
    fn fills(&self, position: u64) -> Vec<Fill> {
        let fill = |unit: &Unit| Fill {
            name: unit.name().to_owned(),
            version: unit.version(),
            stage: self.stage,
            position,
            target: self.head,
        };
        self.units.iter().map(fill).collect()
    }

    async fn note(&mut self) -> Result<(), RebuildError> {
        for fill in self.fills(self.position()) {
            self.target()?.note(&fill.note()).await?;
        }
        Ok(())
    }

    /// Fills until almost nothing is missing.
    async fn catch_up(&mut self, progress: Told<'_>) -> Result<(), RebuildError> {
        for _ in 0..ROUNDS {
            self.head = self.log.head().await?;
            if self.head == self.position() {
                break;
            }
            self.fill(self.head, progress).await?;
            if self.log.head().await?.saturating_sub(self.position()) <= CLOSE {
                break;
            }
        }
        Ok(())
    }

    /// Adds indexes, and sums of the rows, which are made once of all of them.
    async fn finish(&mut self) -> Result<(), RebuildError> {
        let sums: Vec<_> = self.units.iter().filter_map(|unit| unit.roll_up()).collect();
        let is_sum = |table: &&'static Table| sums.iter().any(|s| std::ptr::eq(s.into, *table));
        let (into, rows): (Vec<_>, Vec<_>) = self.tables.iter().copied().partition(is_sum);
        let pool = self.log.pool();
        let target = self.target.as_mut().ok_or(RebuildError::Stopped)?;
        target.finish(&rows).await?;
        for sums in sums {
            sums::fill(pool, target, sums).await?;
        }
        target.finish(&into).await
    }

    /// Compares what can be compared: rows that the same version of a projection wrote.
    async fn compare(
        &mut self,
        progress: Told<'_>,
    ) -> Result<(Vec<Compared>, Vec<NotCompared>), RebuildError> {
        let (mut compared, mut not_compared) = (Vec::new(), Vec::new());
        let known = status::status(self.log).await?;
        for unit in self.units {
            self.tell(progress, Phase::Comparing);
            let stored = known.iter().find(|status| status.name == unit.name());
            if let Some(why) = stored.and_then(Status::not_comparable) {
                not_compared.push(NotCompared { projection: unit.name(), why });
                continue;
            }
            for table in unit.tables() {
                match self.compare_table(*unit, table, progress).await? {
                    Some(table) => compared.push(table),
                    None => not_compared.push(NotCompared {
                        projection: unit.name(),
                        why: format!("the rows of {} moved on all the time", table.name),
                    }),
                }
            }
        }
        Ok((compared, not_compared))
    }

    async fn compare_table(
        &mut self,
        unit: Unit,
        table: &'static Table,
        progress: Told<'_>,
    ) -> Result<Option<Compared>, RebuildError> {
        for _ in 0..LOOKS {
            if unit.is_follower() {
                followers::catch_up(self.log).await?;
            }
            match compare::table(self.log.pool(), unit, table, self.position()).await? {
                Outcome::Compared(compared) => return Ok(Some(compared)),
                Outcome::Moved => self.catch_up(progress).await?,
            }
        }
        Ok(None)
    }

    /// Drops what was filled.
    async fn clean(&mut self) -> Result<(), RebuildError> {
        let (units, tables) = (self.units, self.tables.clone());
        let target = self.target()?;
        for unit in units {
            target.note(&fills::forget(*unit)).await?;
        }
        target.clean(&tables).await
    }

    async fn exchange(&mut self, progress: Told<'_>) -> Result<(), RebuildError> {
        let tables = self.tables.clone();
        for attempt in 0..LOCKS {
            self.catch_up(progress).await?;
            self.tell(progress, Phase::Exchanging);
            if !self.target()?.lock(&tables).await? {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            // Nobody appends now. Where more is appended than can be caught up with, they wait.
            self.head = self.log.head().await?;
            if attempt < PATIENT && self.head.saturating_sub(self.position()) > CLOSE * 10 {
                self.target()?.give_up().await?;
                continue;
            }
            self.fill_locked(self.head).await?;
            let mut notes = Vec::new();
            for unit in self.units {
                notes.push(fills::served(*unit, self.head, self.options.now));
                notes.push(fills::forget(*unit));
            }
            let target = self.target()?;
            target.exchange(&tables, &notes).await?;
            return target.drop_replaced(&tables).await;
        }
        Err(RebuildError::InUse)
    }
}

/// The fill that all of these projections share, if they do. Indexes are noted one projection after
/// the other, so they are there for all or count for none; making them again does no harm.
fn same_fill(units: &[Unit], fills: &[Fill]) -> Option<Fill> {
    let of = |unit: &Unit| {
        fills.iter().find(|fill| fill.name == unit.name() && fill.version == unit.version())
    };
    let mut shared = of(units.first()?)?.clone();
    for fill in units.iter().map(of) {
        let fill = fill.filter(|fill| fill.position == shared.position)?;
        if fill.stage == Stage::Rows {
            shared.stage = Stage::Rows;
        }
    }
    Some(shared)
}
