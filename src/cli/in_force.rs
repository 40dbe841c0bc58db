//! The rule set and boundaries of the database, for commands that answer as the server would.
//!
//! `rules explain` and `hoiam sla` ask the set in force by activation where there is one, unless
//! `--rules` names files; `rules check` and `rules test` look at files unless `--activated` asks
//! for it. No database is made for a question.

use hoiam_domain::policy::Activation;
use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::Boundaries;
use jiff::Timestamp;

use super::Failure;
use super::context::block_on;
use crate::config::Config;
use crate::log::Log;
use crate::policy::activation::{schedule, stored_set};
use crate::policy::geo::{boundaries, imported};

/// Which rule set to ask.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct Which {
    /// Ask the rule set in force in the database, activated by `hoiam rules activate`.
    #[arg(long)]
    pub(super) activated: bool,
}

/// What a command wants to know of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The set in force: whether it must be there, or is not needed at all.
    pub(super) rules: Need,
    /// The imported boundaries.
    pub(super) boundaries: bool,
}

/// How much the set in force is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Need {
    /// Not at all: files are asked.
    #[default]
    No,
    /// If there is one; else files are asked.
    IfThere,
    /// Without one there is no answer.
    Must,
}

impl Which {
    /// For commands that answer as the server would, unless files were named.
    pub(super) const fn as_the_server(self, files_named: bool) -> Need {
        match (self.activated, files_named) {
            (true, _) => Need::Must,
            (false, true) => Need::No,
            (false, false) => Need::IfThere,
        }
    }

    /// For commands about files.
    pub(super) const fn only_if_asked(self) -> Need {
        if self.activated { Need::Must } else { Need::No }
    }
}

/// What the database says.
#[derive(Debug, Default)]
pub(super) struct Known {
    rules: Option<(RuleSet, Activation)>,
    boundaries: Boundaries,
}

impl Known {
    /// The set in force, if it was wanted and there is one, and the boundaries.
    pub(super) fn parts(self) -> (Option<RuleSet>, Boundaries) {
        (self.rules.map(|(rules, _)| rules), self.boundaries)
    }
}

/// Looks it up. Says on the error output which set answers, unless it was asked for by name.
///
/// # Errors
/// When the database is there and cannot be read, or holds no activated set that must be there.
pub(super) fn ask(wanted: &Wanted, config: &Config, now: Timestamp) -> Result<Known, Failure> {
    let mut known = Known::default();
    if *wanted != Wanted::default() {
        known = block_on(look(wanted, config, now))?;
    }
    match (&known.rules, wanted.rules) {
        (None, Need::Must) => Err(Failure::usage(
            "no rule set is in force by activation in this database; see `hoiam rules history`",
        )),
        (Some((rules, activation)), Need::IfThere) => {
            eprintln!(
                "hoiam: by the rule set in force since {}, activated by {}: {} (--rules DIR asks files)",
                activation.from,
                activation.by,
                rules.hash.get(..12).unwrap_or(&rules.hash)
            );
            Ok(known)
        }
        _ => Ok(known),
    }
}

async fn look(wanted: &Wanted, config: &Config, now: Timestamp) -> Result<Known, Failure> {
    if !Log::is_there(&config.database).await? {
        return Ok(Known::default());
    }
    let log = Log::open(&config.database, config.log_options()).await?;
    let read = read(wanted, &log, now).await;
    log.close().await;
    read
}

async fn read(wanted: &Wanted, log: &Log, now: Timestamp) -> Result<Known, Failure> {
    let mut known = Known::default();
    if wanted.rules != Need::No
        && let Some(activation) = schedule(log).await?.in_force(now).cloned()
    {
        known.rules = Some((stored_set(log, &activation.hash).await?, activation));
    }
    if wanted.boundaries {
        let imported = imported(log, 0).await?;
        let (boundaries, failures) = boundaries(log, &imported, &Boundaries::default()).await?;
        for failure in failures {
            eprintln!("hoiam: boundaries left aside: {failure}");
        }
        known.boundaries = boundaries;
    }
    Ok(known)
}
