//! The rule set in use, and the watcher that exchanges it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use hoiam_domain::routing::RuleSet;

use super::{RulesError, Source};

/// How often the directory is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// The rule set in use; a cheap handle.
#[derive(Clone)]
pub struct Rules(Arc<Shared>);

struct Shared {
    source: Source,
    current: ArcSwap<RuleSet>,
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

impl Rules {
    /// Reads the rules for the first time.
    ///
    /// # Errors
    /// A set that cannot be read or is wrong: a server does not start without rules.
    pub fn open(source: Source) -> Result<Self, RulesError> {
        let first = source.load()?;
        Ok(Self(Arc::new(Shared {
            source,
            current: ArcSwap::from_pointee(first),
            refused: AtomicU64::new(0),
            last_refused: Mutex::new(String::new()),
        })))
    }

    /// The set in use now. Hold it for the whole of one decision.
    pub fn current(&self) -> Arc<RuleSet> {
        self.0.current.load_full()
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
                if hash == self.current().hash {
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
                shared.current.store(Arc::new(rules));
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
                tracing::info!(rules = %self.0.source, hash = %hash, "a new rule set is in use");
            }
            Polled::Refused(error) => {
                metrics::counter!("hoiam_rules_refused_total").increment(1);
                let kept = self.current();
                for line in error.to_string().lines() {
                    tracing::error!(rules = %self.0.source, kept = %kept.hash, "rules refused: {line}");
                }
            }
        }
    }
}
