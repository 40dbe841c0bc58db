//! What commands that touch the desk need: a runtime, the rule set, the desk itself.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use hoiam_domain::routing::RuleSet;

use super::Failure;
use crate::accounts::openid::Provider;
use crate::accounts::ways::Ways;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::desk::Desk;
use crate::log::{Database, Log};
use crate::mail::Mail;
use crate::mail::send::Sender;
use crate::person::Journal;
use crate::random::SystemRandom;
use crate::rules::{Rules, Source};

/// Runs a future to its end on a runtime of its own.
///
/// # Errors
/// What the future gives, or that no runtime could be started.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// The rule set the configuration names.
///
/// # Errors
/// Everything that is wrong with it, a line each.
pub fn rule_set(config: &Config) -> Result<RuleSet, Failure> {
    Ok(Source::choose(config.rules.as_deref()).load()?)
}

/// The desk the configuration describes, by the machine's clock.
///
/// # Errors
/// When the rules are bad or the database cannot be opened.
pub async fn desk(config: &Config) -> Result<Desk, Failure> {
    desk_at(config, Arc::new(SystemClock)).await
}

/// As [`desk`], by another clock.
///
/// # Errors
/// As [`desk`].
pub async fn desk_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Desk, Failure> {
    let log = Log::open(&config.database, config.log_options()).await?;
    let source = Source::choose(config.rules.as_deref());
    let rules = Rules::open_with(source, &log, clock.now()).await?;
    Ok(Desk::new(log, rules, &config.prefix, clock, Arc::new(SystemRandom)))
}

/// The ways in besides passwords.
///
/// # Errors
/// What is wrong with a provider's entry, or that there is no key.
pub fn ways(config: &Config) -> Result<Ways, Failure> {
    let providers = config.openid.iter().map(|entry| {
        let clock = Arc::new(SystemClock);
        let provider = Provider::new(entry.clone(), &config.public_url, clock);
        provider.map(|known| known.reaching(config.reach)).map_err(Failure::usage)
    });
    let providers = providers.collect::<Result<_, _>>()?;
    let sender = Sender::new(&config.mail, &spool(config));
    let sender = sender.map_err(|error| Failure::usage(format!("mail: {error}")))?;
    let ways = Ways::new(&config.public_url, providers);
    Ok(ways.with_mail(Mail::new(sender)))
}

/// Where mails are without a mail server, or were before there was one.
fn spool(config: &Config) -> PathBuf {
    let beside = || match &config.database {
        Database::Sqlite(path) => path.with_file_name("mail"),
        Database::Postgres(_) => PathBuf::from("data/mail"),
    };
    config.mail.spool.clone().unwrap_or_else(beside)
}

/// The journal of erasures, and the mails that lie beside the database.
pub fn journal(config: &Config) -> Journal {
    Journal::at(config.erasures()).with_spool(spool(config))
}

/// Checks that an agency and a focal point are in the directory and belong together.
///
/// # Errors
/// What is not there.
pub fn check_codes(
    config: &Config,
    agency: Option<&AgencyCode>,
    focal_point: Option<&FocalPointCode>,
) -> Result<(), Failure> {
    let directory = rule_set(config)?.directory;
    if let Some(code) = agency
        && directory.agency(code).is_none()
    {
        return Err(Failure::usage(format!("--agency: no agency {code} in the directory")));
    }
    if let (Some(point), Some(agency)) = (focal_point, agency)
        && !directory.belongs(point, agency)
    {
        return Err(Failure::usage(format!("--focal-point: {agency} has no focal point {point}")));
    }
    Ok(())
}
