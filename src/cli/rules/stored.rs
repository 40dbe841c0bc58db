//! The part of `hoiam rules` that asks the log: which sets are in force from when.

mod activate;
mod history;
mod replay;
mod successors;

use std::path::PathBuf;

use hoiam_domain::time::parse::parse_time;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::Failure;
use crate::cli::context::block_on;
use crate::config::Config;
use crate::policy::PolicyError;

/// What asks the log.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum StoredCommand {
    /// Put a rule set into force, now or at a moment to come.
    Activate(activate::ActivateArgs),
    /// Take back an activation that has not begun.
    Cancel(activate::CancelArgs),
    /// Which rule sets were, are and will be in force, and who said so.
    History(history::HistoryArgs),
    /// What a changed rule set would have made of past cases.
    Replay(replay::ReplayArgs),
    /// Open cases of agencies that ended, and moving them to whoever took over.
    Successors(successors::SuccessorsArgs),
    /// Write the files of a stored rule set into a directory.
    Export {
        /// Its hash, or the beginning of it.
        hash: String,
        /// A directory that is empty or not there yet.
        dir: PathBuf,
    },
}

impl StoredCommand {
    /// Whether the city must be there: a set may be activated before anything else is.
    pub(in crate::cli) fn needs_a_city(&self) -> bool {
        match self {
            Self::Activate(args) => args.only_tries(),
            _ => true,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the rules by file and line, what may not be done, a database that fails.
pub fn run(command: &StoredCommand, config: &Config) -> Result<(), Failure> {
    match command {
        StoredCommand::Activate(args) => block_on(activate::activate(args, config)),
        StoredCommand::Cancel(args) => block_on(activate::cancel(args, config)),
        StoredCommand::History(args) => block_on(history::run(args, config)),
        StoredCommand::Replay(args) => block_on(replay::run(args, config)),
        StoredCommand::Successors(args) => block_on(successors::run(args, config)),
        StoredCommand::Export { hash, dir } => block_on(history::export(hash, dir, config)),
    }
}

/// What a person asked that cannot be is their mistake; the rest is the machine's.
fn failed(error: PolicyError) -> Failure {
    if error.is_callers() { Failure::usage(error) } else { error.into() }
}

fn time(flag: &str, text: &str, zone: &TimeZone) -> Result<Timestamp, Failure> {
    parse_time(text, zone).map_err(|error| Failure::usage(format!("{flag}: {error}")))
}

/// A moment as people of the city read it.
fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// The beginning of a hash, enough to tell sets apart.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
