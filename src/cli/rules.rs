//! `hoiam rules`: check the policy files, run their examples, see where a text would go; and put
//! rule sets into force.
//!
//! What only reads files answers here; what asks the log is in [`stored`].

mod explain;
mod lint;
pub mod stored;

use std::io;
use std::path::{Path, PathBuf};

use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::Boundaries;
use jiff::Timestamp;

use crate::rules::{RulesError, Source};
pub use explain::ExplainArgs;

use super::in_force::{Wanted, Which};

/// Check, test, question and activate the routing rules.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum RulesCommand {
    /// What only reads files.
    #[command(flatten)]
    Files(FilesCommand),
    /// What asks the log.
    #[command(flatten)]
    Stored(stored::StoredCommand),
}

/// Check, test and question the files.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum FilesCommand {
    /// Check every file; errors name file and line.
    Check(SetArgs),
    /// Run the examples beside the rules.
    Test(SetArgs),
    /// Find what is doubtful: rules that never decide, vacant focal points, units without successor.
    Lint(lint::LintArgs),
    /// Say where a text goes, and why.
    Explain(Box<ExplainArgs>),
}

/// Which set to look at.
#[derive(Clone, Debug, clap::Args)]
pub struct SetArgs {
    /// The rules directory.
    #[arg(conflicts_with = "activated")]
    dir: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
}

impl FilesCommand {
    /// What of the database the command needs; `files_named` says that `--rules` was given.
    pub(super) fn wanted(&self, files_named: bool) -> Wanted {
        match self {
            Self::Check(args) | Self::Test(args) => {
                Wanted { rules: args.which.only_if_asked(), boundaries: false }
            }
            Self::Lint(_) => Wanted::default(),
            Self::Explain(args) => args.wanted(files_named),
        }
    }
}

/// What the files are asked under.
#[derive(Debug)]
pub struct Setting<'a> {
    /// The global `--rules`.
    pub rules: Option<&'a Path>,
    /// The set in force in the database, where it answers instead of files.
    pub in_force: Option<RuleSet>,
    /// What coordinates are looked up in.
    pub boundaries: Boundaries,
    /// The moment that holds where none is given.
    pub now: Timestamp,
}

impl Setting<'_> {
    /// The set in force, else the one of a directory, and its name.
    fn load(self, dir: Option<&Path>) -> Result<(RuleSet, String), RulesError> {
        let source = Source::choose(dir.or(self.rules));
        match self.in_force {
            Some(rules) => Ok((rules, "(activated)".to_owned())),
            None => Ok((source.load()?, source.to_string())),
        }
    }
}

/// Why `hoiam rules` could not answer, or what it found wrong.
#[derive(Debug, thiserror::Error)]
pub enum RulesCommandError {
    /// The rules cannot be read or are wrong.
    #[error("{0}")]
    Rules(#[from] RulesError),
    /// Examples that come out otherwise; what differs was written to the output.
    #[error("{failed} of {all} examples come out otherwise")]
    Examples {
        /// How many.
        failed: usize,
        /// Of how many.
        all: usize,
    },
    /// The lint found something; what, was written to the output.
    #[error("{errors} errors, {warnings} warnings")]
    Lint {
        /// How many errors.
        errors: usize,
        /// How many warnings.
        warnings: usize,
    },
    /// An argument that says something impossible or unknown.
    #[error("{argument}: {message}")]
    Argument {
        /// The argument, e.g. `--at`.
        argument: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Input could not be read or the answer not be written.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
}

impl RulesCommandError {
    /// The exit code: 2 for what the caller gave, 1 for the rest.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Argument { .. } => 2,
            Self::Rules(_) | Self::Examples { .. } | Self::Lint { .. } | Self::Io { .. } => 1,
        }
    }

    fn write(source: io::Error) -> Self {
        Self::Io { what: "cannot write the answer".to_owned(), source }
    }
}

/// Runs the command and writes the answer to `out`.
///
/// # Errors
/// Rules that are wrong, examples that fail, arguments that are impossible, input and output.
pub fn run(
    command: &FilesCommand,
    setting: Setting<'_>,
    out: &mut dyn io::Write,
) -> Result<(), RulesCommandError> {
    match command {
        FilesCommand::Check(args) => {
            let (rules, name) = setting.load(args.dir.as_deref())?;
            check(&rules, &name, out)
        }
        FilesCommand::Test(args) => test(&setting.load(args.dir.as_deref())?.0, out),
        FilesCommand::Lint(args) => lint::run(args, setting.rules, setting.now, out),
        FilesCommand::Explain(args) => explain::run(args, setting, out),
    }
}

fn check(rules: &RuleSet, name: &str, out: &mut dyn io::Write) -> Result<(), RulesCommandError> {
    let d = &rules.directory;
    writeln!(
        out,
        "{name}: good. {} agencies, {} focal points, {} sectors, {} categories, {} districts, {} wards, {} examples.\nrule set {}",
        d.agencies.len(),
        d.focal_points.len(),
        d.sectors.len(),
        d.categories.len(),
        d.districts.len(),
        d.wards.len(),
        rules.examples.len(),
        rules.hash
    )
    .map_err(RulesCommandError::write)
}

fn test(rules: &RuleSet, out: &mut dyn io::Write) -> Result<(), RulesCommandError> {
    let failed = failures(rules, out).map_err(RulesCommandError::write)?;
    let all = rules.examples.len();
    writeln!(out, "{} of {all} examples come out as expected", all - failed)
        .map_err(RulesCommandError::write)?;
    if failed > 0 { Err(RulesCommandError::Examples { failed, all }) } else { Ok(()) }
}

fn failures(rules: &RuleSet, out: &mut dyn io::Write) -> io::Result<usize> {
    let mut failed = 0;
    for example in &rules.examples {
        let differences = example.differences(rules);
        if differences.is_empty() {
            continue;
        }
        failed += 1;
        writeln!(out, "{}:{}: {}", example.place.file, example.place.line, example.input.text)?;
        for difference in differences {
            writeln!(out, "    {difference}")?;
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests;
