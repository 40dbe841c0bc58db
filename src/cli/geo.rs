//! `hoiam geo`: boundaries of districts and wards, imported from GeoJSON and listed.

mod import;
mod list;

use super::Failure;
use super::context::block_on;
use crate::config::Config;

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

/// The beginning of a hash, enough to tell sets apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
