//! Retention: what people wrote is erased when the rules of the city (`retention.toml`) say that it
//! was kept long enough; a merged case counts from the end of the one it finally went into, by the
//! rules of its own kind. Each case is erased as a person's is, with the rule as its legal ground;
//! an old backup needs no journal for it, the same rules find the same cases again.

use hoiam_domain::case::command::{Erase, ErasedPart};
use hoiam_domain::kinds::Kind;
use hoiam_domain::routing::ruleset::retention::{Retention, rule_for};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Duration, MissedTickBehavior, interval};

use crate::desk::Desk;
use crate::person::erase::{erase_cases, forget};
use crate::person::{PersonError, store};
use crate::queries::{ToErase, cases_to_erase, count_to_erase};

/// Cases erased at once; between two such batches everything else goes first.
const BATCH: i64 = 200;
/// How often the worker looks.
const EVERY: Duration = Duration::from_secs(3_600);

/// What a rule would erase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The rule.
    pub rule: String,
    /// The kind of cases.
    pub kind: Kind,
    /// What would be erased.
    pub erase: ErasedPart,
    /// Cases that ended before then.
    pub before: Timestamp,
    /// How many.
    pub cases: u64,
    /// When the first of them ended.
    pub oldest: Option<Timestamp>,
    /// The provision.
    pub legal_ground: String,
}

/// What the rules in force would erase at a time, by kind of case; nothing is erased.
///
/// # Errors
/// When the database does not answer.
pub async fn preview(desk: &Desk, at: Timestamp) -> Result<Vec<Due>, PersonError> {
    let rules = desk.rules_handle().at(desk.now());
    let mut all = Vec::new();
    for (kind, rule) in in_force(&rules.retention) {
        let before = cut(at, rule);
        let asked =
            ToErase { kind: kind.as_str(), before: before.as_microsecond(), what: rule.erase };
        let (cases, oldest) = count_to_erase(desk.log().pool(), &asked).await?;
        all.push(Due {
            rule: rule.id.clone(),
            kind,
            erase: rule.erase,
            before,
            cases: u64::try_from(cases).unwrap_or(0),
            oldest: oldest.and_then(|at| Timestamp::from_microsecond(at).ok()),
            legal_ground: rule.legal_ground.clone(),
        });
    }
    Ok(all)
}

/// Erases what is due now. Returns how many cases.
///
/// # Errors
/// [`PersonError`]; what was erased stays erased.
pub async fn run(desk: &Desk) -> Result<u64, PersonError> {
    let mut erased = 0;
    let rules = desk.rules_handle().at(desk.now());
    // Everything first: what it erases needs no contact erased before.
    for (kind, rule) in in_force(&rules.retention) {
        let before = cut(desk.now(), rule).as_microsecond();
        let asked = ToErase { kind: kind.as_str(), before, what: rule.erase };
        let legal_ground = format!("{} ({})", rule.legal_ground, rule.id);
        let command = Erase { what: rule.erase, legal_ground };
        loop {
            if store::is_filling(desk.log().pool()).await? {
                return Err(PersonError::Rebuilding);
            }
            let cases = cases_to_erase(desk.log().pool(), &asked, BATCH).await?;
            if cases.is_empty() {
                break;
            }
            let batch = erase_cases(desk, &cases, &command).await?;
            erased += batch as u64;
            if batch == 0 {
                // The list and the log differ; a rebuild mends that, going on would not.
                tracing::error!(rule = rule.id, "the list names cases that are erased already");
                break;
            }
        }
    }
    Ok(erased)
}

/// Finishes what was broken off between an erasing event and what had been made of the words.
/// Returns how many cases that were.
///
/// # Errors
/// [`PersonError`]; calling again goes on.
pub async fn finish(desk: &Desk) -> Result<u64, PersonError> {
    let mut finished = 0;
    loop {
        if store::is_filling(desk.log().pool()).await? {
            return Err(PersonError::Rebuilding);
        }
        let cases = store::left_over(desk.log().pool(), BATCH).await?;
        if cases.is_empty() {
            return Ok(finished);
        }
        forget(desk, &cases, ErasedPart::Everything).await?;
        finished += cases.len() as u64;
    }
}

/// Looks every hour until `stop` changes, having finished what was broken off before it started.
pub async fn work(desk: Desk, mut stop: watch::Receiver<bool>) {
    match finish(&desk).await {
        Ok(0) => {}
        Ok(cases) => tracing::info!(cases, "finished erasing what was broken off"),
        Err(error) => tracing::error!(%error, "what was broken off is not erased to the end"),
    }
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = stop.changed() => return,
        }
        match run(&desk).await {
            Ok(0) => {}
            Ok(cases) => tracing::info!(cases, "erased what was kept long enough"),
            Err(PersonError::Rebuilding) => tracing::info!("retention waits for a rebuild"),
            Err(error) => tracing::error!(%error, "retention cannot go on"),
        }
    }
}

/// The rule of every kind and part, everything before the contact.
fn in_force(rules: &[Retention]) -> Vec<(Kind, &Retention)> {
    let of = |part| {
        let kinds = Kind::ALL.iter().copied();
        kinds.filter_map(move |kind| rule_for(rules, kind, part).map(|rule| (kind, rule)))
    };
    of(ErasedPart::Everything).chain(of(ErasedPart::Contact)).collect()
}

/// Cases finished before this are old enough; months are those of the calendar.
fn cut(at: Timestamp, rule: &Retention) -> Timestamp {
    let then = at.to_zoned(TimeZone::UTC).checked_sub(i64::from(rule.months).months());
    then.map_or(Timestamp::MIN, |then| then.timestamp())
}
