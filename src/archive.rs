//! The log as a file of JSON Lines, and such a file as the log of an empty database: the same
//! positions, the same bytes, the same hashes. For backups that outlive a database, for moving
//! between SQLite and PostgreSQL, and for looking at one case.
//!
//! - [`format`]: the lines.
//! - [`export`]: the log, or part of it, into a file.
//! - `proved`: a case as evidence, and its check.
//! - [`import`]: a whole file into an empty database.

mod blobs;
mod check;
mod error;
mod export;
pub mod format;
#[cfg(test)]
mod fuzz;
mod import;
mod lines;
mod proved;
mod scan;
mod spool;

pub use error::ArchiveError;
pub use export::{Exported, Wanted, export};
pub use import::{ImportOptions, Imported, Progress, Stage, import};
pub use proved::{HOW_EN, HOW_VI, ProvedCase, is_export, prove};
pub use spool::{part_name, private, spool};
