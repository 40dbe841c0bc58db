//! Recorded events in, rows out: every read model of the desk as a pure function.
//!
//! - [`table`]: what a read model's table looks like, in words both databases understand.
//! - [`change`]: one append to a case, before and after: what inline projections look at.
//! - [`veil`]: what rows hold in place of words that only some may read.
//! - [`case_list`], [`case_text`], [`ledger`], [`timers`], [`outbox`], [`parties`], [`people`]: the
//!   inline projections, named in [`inline`], written in the transaction of the append, so that everybody reads their own
//!   writes.
//! - [`follower`]: projections behind the log, under checkpoints: [`facts`], [`duplicates`],
//!   [`precedents`], [`workload`].
//! - [`case_page`], [`timeline`]: views of one case, made from its events when they are read.

pub mod case_list;
pub mod case_page;
pub mod case_text;
pub mod change;
pub mod duplicates;
pub mod facts;
pub mod follower;
pub mod inline;
pub mod ledger;
pub mod outbox;
pub mod parties;
pub mod people;
pub mod precedents;
pub mod table;
pub mod timeline;
pub mod timers;
pub mod veil;
pub mod workload;

pub use change::Change;
use table::{Row, Table};

/// The tables the inline projections own.
pub const TABLES: &[&Table] = &[
    &case_list::CASES,
    &case_list::CASE_AGENCIES,
    &case_text::CASE_TEXTS,
    &ledger::LEDGER,
    &timers::TIMERS,
    &outbox::OUTBOX,
    &parties::TRACKING,
    &people::CASE_PEOPLE,
];

/// The rows all inline projections write for one append.
pub fn inline_rows(change: &Change<'_>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(16);
    for projection in inline::INLINE {
        projection.rows(change, &mut rows);
    }
    rows
}
