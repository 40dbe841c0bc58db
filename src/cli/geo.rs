//! `hoiam geo`: boundaries of districts and wards, imported from GeoJSON and listed.

mod import;
mod list;

use hoiam_domain::routing::boundaries::Boundaries;

use super::Failure;
use super::context::block_on;
use super::rules::FilesCommand;
use crate::config::Config;
use crate::log::{Database, Log, LogOptions};
use crate::policy::geo::{boundaries, imported};

/// Boundaries of districts and wards.
#[derive(Debug, clap::Subcommand)]
pub enum GeoCommand {
    /// Import a GeoJSON file; everything wrong is listed and nothing is imported in part.
    Import(Box<import::ImportArgs>),
    /// What was imported, by whom, and what holds when.
    List(list::ListArgs),
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the file by feature, or a database that fails.
pub fn run(command: &GeoCommand, config: &Config) -> Result<(), Failure> {
    match command {
        GeoCommand::Import(args) => block_on(import::run(args, config)),
        GeoCommand::List(args) => block_on(list::run(args, config)),
    }
}

/// The boundaries `rules explain` looks coordinates up in: those of the configured database, if it
/// is there. No database is made for a question.
///
/// # Errors
/// When the database is there and cannot be read.
pub(super) fn for_explain(command: &FilesCommand, config: &Config) -> Result<Boundaries, Failure> {
    let FilesCommand::Explain(args) = command else { return Ok(Boundaries::default()) };
    let there = match &config.database {
        Database::Sqlite(path) => path.exists(),
        Database::Postgres(_) => true,
    };
    if !args.has_point() || !there {
        return Ok(Boundaries::default());
    }
    block_on(async {
        let log = Log::open(&config.database, LogOptions::default()).await?;
        let imported = imported(&log, 0).await?;
        let (boundaries, failures) = boundaries(&log, &imported, &Boundaries::default()).await?;
        log.close().await;
        for failure in failures {
            eprintln!("hoiam: boundaries left aside: {failure}");
        }
        Ok(boundaries)
    })
}

/// The beginning of a hash, enough to tell sets apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
