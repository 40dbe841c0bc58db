//! Where rebuilt rows go: tables beside the ones that are served, through a connection of their
//! own, which also holds the lock that lets only one rebuild run.

mod ddl;
mod postgres;
mod sqlite;

use hoiam_projections::table::Table;

use super::RebuildError;
use super::buffer::{Batch, TableBatch};
use super::fills::Fill;
use crate::log::Pool;
use crate::log::rows::{Cell, Rows};

/// What the name of a table ends in while it is filled.
pub(crate) const SUFFIX: &str = "__fill";
/// What the name of a table ends in that was replaced and is about to be dropped.
const OLD: &str = "__old";

/// The table that is filled in place of another.
pub(crate) fn beside(table: &str) -> String {
    format!("{table}{SUFFIX}")
}

/// The connection of a rebuild.
pub(crate) enum Target {
    Sqlite(sqlite::Target),
    Postgres(postgres::Target),
}

/// Does the same on whichever database it is.
macro_rules! on_target {
    ($target:expr, $inner:ident => $body:expr) => {
        match $target {
            Target::Sqlite($inner) => $body,
            Target::Postgres($inner) => $body,
        }
    };
}

impl Target {
    /// Connects and takes the lock.
    ///
    /// # Errors
    /// [`RebuildError::Busy`] while another rebuild has it.
    pub(crate) async fn open(pool: &Pool) -> Result<Self, RebuildError> {
        match pool {
            Pool::Sqlite(db) => sqlite::Target::open(db).await.map(Self::Sqlite),
            Pool::Postgres(db) => postgres::Target::open(db).await.map(Self::Postgres),
        }
    }

    /// At how many bytes a batch is to be written, of those allowed. On SQLite the sums of a batch
    /// are one transaction, and every append waits for that.
    pub(crate) fn batch_bytes(&self, allowed: usize) -> usize {
        match self {
            Self::Sqlite(_) => allowed.min(sqlite::BATCH),
            Self::Postgres(_) => allowed,
        }
    }

    /// Drops what an earlier rebuild left of these tables, under either name.
    pub(crate) async fn clean(&mut self, tables: &[&'static Table]) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.clean(tables).await?))
    }

    /// Drops tables that were replaced, if a rebuild did not come to it.
    pub(crate) async fn drop_replaced(
        &mut self,
        tables: &[&'static Table],
    ) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.drop_replaced(tables).await?))
    }

    /// Makes the empty tables beside, with their primary keys only.
    pub(crate) async fn make(&mut self, tables: &[&'static Table]) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.make(tables).await?))
    }

    /// Whether the tables beside exist and have the columns of the served ones.
    pub(crate) async fn fits(&mut self, tables: &[&'static Table]) -> Result<bool, RebuildError> {
        on_target!(self, target => Ok(target.fits(tables).await?))
    }

    /// Writes a batch; `fills` are the notes on how far the fill is then.
    pub(crate) async fn write(
        &mut self,
        batch: &Batch,
        fills: &[Fill],
    ) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.write(batch, fills).await?))
    }

    /// Adds the indexes and whatever else the served tables have.
    pub(crate) async fn finish(&mut self, tables: &[&'static Table]) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.finish(tables).await?))
    }

    /// Begins the exchange: nobody appends until [`Target::exchange`] or [`Target::give_up`].
    /// False if somebody uses the tables for so long that it has to be tried later.
    pub(crate) async fn lock(&mut self, tables: &[&'static Table]) -> Result<bool, RebuildError> {
        on_target!(self, target => Ok(target.lock(tables).await?))
    }

    /// Puts the tables beside in the place of the served ones and ends the exchange. `notes` are
    /// statements run in the same transaction.
    pub(crate) async fn exchange(
        &mut self,
        tables: &[&'static Table],
        notes: &[Note],
    ) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.exchange(tables, notes).await?))
    }

    /// Ends an exchange without having changed anything.
    pub(crate) async fn give_up(&mut self) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.give_up().await?))
    }

    /// Runs a statement by itself.
    pub(crate) async fn note(&mut self, note: &Note) -> Result<(), RebuildError> {
        on_target!(self, target => Ok(target.note(note).await?))
    }

    /// Lets the lock go.
    pub(crate) async fn close(self) {
        on_target!(self, target => target.close().await);
    }
}

/// A small statement with a text and numbers: `$1` is the text, `$2` and so on the numbers.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) sql: &'static str,
    pub(crate) text: String,
    pub(crate) numbers: Vec<i64>,
}

/// Rows for the table beside, as the generic writer takes them. `replace`: a row may be there.
fn rows<'a>(batch: &TableBatch, rows: &'a [Vec<hoiam_projections::table::Value>]) -> Rows<'a> {
    let table = batch.table;
    let mut set = Rows::of(table);
    set.table = beside(table.name).into();
    set.rows = rows.iter().map(|row| row.iter().map(Cell::from).collect()).collect();
    set
}
