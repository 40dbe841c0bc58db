//! The rule sets in use: the one activated in the log, else the one of the source, which a watcher
//! exchanges when its directory changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use hoiam_domain::policy::{Activation, Schedule};
use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::Boundaries;
use jiff::Timestamp;

use super::ground::Ground;
use super::timetable::Timetable;
use super::{RulesError, Source};
use crate::log::Log;
use crate::policy::geo::Imported;
use crate::policy::{PolicyError, activation};

/// How often the directory is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// The rule sets in use; a cheap handle.
#[derive(Clone)]
pub struct Rules(Arc<Shared>);

struct Shared {
    source: Source,
    /// What the source says; decides where no set is activated.
    base: ArcSwap<RuleSet>,
    /// What the log says; wins.
    timetable: ArcSwap<Timetable>,
    /// What the log says about boundaries.
    ground: Ground,
    /// One refresh at a time.
    refreshing: tokio::sync::Mutex<()>,
    /// How far the rules stream was read.
    seen: tokio::sync::watch::Sender<u64>,
    /// Tells that the source says something else.
    base_changed: tokio::sync::watch::Sender<()>,
    refused: AtomicU64,
    /// What was last refused, so that it is said once and not every two seconds.
    last_refused: Mutex<String>,
}

/// What a look at the directory found.
#[derive(Debug)]
pub enum Polled {
    /// Nothing new.
    Unchanged,
    /// A good new set is in use; its hash.
    Taken(String),
    /// A bad new set was refused; the old one stays.
    Refused(RulesError),
}

/// What a look at the log found.
#[derive(Debug, Default)]
pub struct Refreshed {
    /// Activations that are new.
    pub new: Vec<Activation>,
    /// Sets that were activated and cannot be used: what is in force stays instead. They are tried
    /// again at each look.
    pub failures: Vec<PolicyError>,
}

impl Rules {
    /// Reads the rules for the first time.
    ///
    /// # Errors
    /// A set that cannot be read or is wrong: a server does not start without rules.
    pub fn open(source: Source) -> Result<Self, RulesError> {
        let first = Arc::new(source.load()?);
        Ok(Self::with(source, first, Timetable::default()))
    }

    /// As [`Rules::open`], with what was activated in the log. An activated set in force wins, so
    /// that a source that is broken meanwhile does not keep a server from starting.
    ///
    /// # Errors
    /// When no set is in force and the source's cannot be read or is wrong, or the log cannot be
    /// read.
    pub async fn open_with(source: Source, log: &Log, now: Timestamp) -> Result<Self, PolicyError> {
        let schedule = activation::schedule(log).await?;
        let nothing = Timetable::default();
        let (timetable, failures) = Timetable::read(log, schedule, now, &nothing, None).await?;
        for failure in failures {
            tracing::error!("an activated rule set cannot be used: {failure}");
        }
        let first = match (source.load(), timetable.at(now)) {
            (Ok(first), _) => Arc::new(first),
            (Err(error), Some(activated)) => {
                tracing::warn!(rules = %source, %error, "not used: an activated set is in force");
                activated.clone()
            }
            (Err(error), None) => return Err(error.into()),
        };
        let rules = Self::with(source, first, timetable);
        for failure in rules.refresh_boundaries(log).await?.1 {
            tracing::error!("imported boundaries cannot be used: {failure}");
        }
        Ok(rules)
    }

    fn with(source: Source, first: Arc<RuleSet>, timetable: Timetable) -> Self {
        let seen = tokio::sync::watch::Sender::new(timetable.schedule.version);
        Self(Arc::new(Shared {
            source,
            base: ArcSwap::from(first),
            seen,
            timetable: ArcSwap::from_pointee(timetable),
            ground: Ground::default(),
            refreshing: tokio::sync::Mutex::new(()),
            base_changed: tokio::sync::watch::Sender::new(()),
            refused: AtomicU64::new(0),
            last_refused: Mutex::new(String::new()),
        }))
    }

    /// The set in force at a moment: the activated one, else the source's. Hold it for the whole
    /// of one decision. Sets of the past are not kept: an earlier moment than the last refresh's
    /// may get the source's.
    pub fn at(&self, moment: Timestamp) -> Arc<RuleSet> {
        let timetable = self.0.timetable.load();
        timetable.at(moment).cloned().unwrap_or_else(|| self.base())
    }

    /// What the source says, whether it is in force or not.
    pub fn base(&self) -> Arc<RuleSet> {
        self.0.base.load_full()
    }

    /// Tells when the source says something else.
    pub fn base_changed(&self) -> tokio::sync::watch::Receiver<()> {
        self.0.base_changed.subscribe()
    }

    /// Where the base comes from.
    pub fn source(&self) -> &Source {
        &self.0.source
    }

    /// What the log says about activations, as of the last refresh.
    pub fn schedule(&self) -> Schedule {
        self.0.timetable.load().schedule.clone()
    }

    /// Takes in what was activated or cancelled in the log since the last refresh.
    ///
    /// # Errors
    /// When the log cannot be read; what was known stays in force then.
    pub async fn refresh(&self, log: &Log, now: Timestamp) -> Result<Refreshed, PolicyError> {
        let _alone = self.0.refreshing.lock().await;
        let known = self.0.timetable.load_full();
        let mut schedule = known.schedule.clone();
        let version = schedule.version;
        if !activation::catch_up(log, &mut schedule).await? && known.complete() {
            return Ok(Refreshed::default());
        }
        let base = self.base();
        let (read, failures) = Timetable::read(log, schedule, now, &known, Some(&base)).await?;
        let new = read.schedule.activations.iter().filter(|one| one.id > version).cloned();
        let refreshed = Refreshed { new: new.collect(), failures };
        let version = read.schedule.version;
        self.0.timetable.store(Arc::new(read));
        self.0.seen.send_replace(version);
        Ok(refreshed)
    }

    /// The imported boundaries. Hold them for the whole of one decision.
    pub fn boundaries(&self) -> Arc<Boundaries> {
        self.0.ground.boundaries()
    }

    /// Takes in what was imported since the last look; gives the new imports and the sets that
    /// cannot be had, which are tried again at each look.
    ///
    /// # Errors
    /// When the log cannot be read; what was known stays in use then.
    pub async fn refresh_boundaries(
        &self,
        log: &Log,
    ) -> Result<(Vec<Imported>, Vec<PolicyError>), PolicyError> {
        self.0.ground.refresh(log).await
    }

    /// Tells how far the stream of boundaries was read: what it says up to there is in use here.
    pub fn boundaries_seen(&self) -> tokio::sync::watch::Receiver<u64> {
        self.0.ground.seen()
    }

    /// Tells how far the rules stream was read: what it says up to there is in force here.
    pub fn seen(&self) -> tokio::sync::watch::Receiver<u64> {
        self.0.seen.subscribe()
    }

    /// How many sets were refused since the start.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    /// Looks at the directory once. Reads files: not for an async thread.
    pub fn poll(&self) -> Polled {
        let shared = &self.0;
        if shared.source == Source::Embedded {
            return Polled::Unchanged;
        }
        let (sign, loaded) = match shared.source.files() {
            Ok(files) => {
                let hash = RuleSet::hash_of(&files);
                if hash == self.base().hash {
                    self.remember(String::new());
                    return Polled::Unchanged;
                }
                if self.is_remembered(&hash) {
                    return Polled::Unchanged;
                }
                (hash, RuleSet::load(&files).map_err(RulesError::Wrong))
            }
            Err(error) => (error.to_string(), Err(error)),
        };
        match loaded {
            Ok(rules) => {
                self.remember(String::new());
                shared.base.store(Arc::new(rules));
                shared.base_changed.send_replace(());
                Polled::Taken(sign)
            }
            Err(_) if self.is_remembered(&sign) => Polled::Unchanged,
            Err(error) => {
                self.remember(sign);
                shared.refused.fetch_add(1, Ordering::Relaxed);
                Polled::Refused(error)
            }
        }
    }

    fn remember(&self, sign: String) {
        *self.0.last_refused.lock().unwrap_or_else(PoisonError::into_inner) = sign;
    }

    fn is_remembered(&self, sign: &str) -> bool {
        *self.0.last_refused.lock().unwrap_or_else(PoisonError::into_inner) == sign
    }

    /// Follows the directory until the task is dropped or aborted.
    pub async fn watch(self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let rules = self.clone();
            if let Ok(polled) = tokio::task::spawn_blocking(move || rules.poll()).await {
                self.report(&polled);
            }
        }
    }

    fn report(&self, polled: &Polled) {
        match polled {
            Polled::Unchanged => {}
            Polled::Taken(hash) => {
                metrics::counter!("hoiam_rules_taken_total").increment(1);
                let wins = !self.0.timetable.load().schedule.activations.is_empty();
                let what = if wins {
                    "a new rule set was read; activated sets win"
                } else {
                    "a new rule set is in use"
                };
                tracing::info!(rules = %self.0.source, hash = %hash, "{what}");
            }
            Polled::Refused(error) => {
                metrics::counter!("hoiam_rules_refused_total").increment(1);
                let kept = self.base();
                for line in error.to_string().lines() {
                    tracing::error!(rules = %self.0.source, kept = %kept.hash, "rules refused: {line}");
                }
            }
        }
    }
}
