//! The rule sets that decided past cases, as far as they are at hand: the changed one itself, the
//! one in force, the source's, and what was activated and is stored. A few are kept; cases are read
//! in the order they were received, so the same ones are wanted for long.

use std::sync::Arc;

use hoiam_domain::routing::RuleSet;

use crate::desk::Desk;
use crate::policy::activation::stored_set;

/// Stored sets kept in memory at once.
const KEPT: usize = 3;
/// Hashes known not to be stored, remembered at most.
const UNKNOWN: usize = 1_000;

pub(super) struct Sets<'a> {
    desk: &'a Desk,
    /// Always at hand.
    fixed: Vec<Arc<RuleSet>>,
    /// Read from the store, the latest last.
    stored: Vec<Arc<RuleSet>>,
    /// Not stored, or not readable any more.
    unknown: Vec<String>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(desk: &'a Desk, changed: Arc<RuleSet>) -> Self {
        let fixed = vec![changed, desk.rules(), desk.rules_handle().base()];
        Self { desk, fixed, stored: Vec::new(), unknown: Vec::new() }
    }

    /// Those of the sets with these hashes that are at hand.
    pub(super) async fn at_hand(
        &mut self,
        hashes: impl Iterator<Item = &str>,
    ) -> Vec<Arc<RuleSet>> {
        let mut wanted: Vec<&str> = hashes.collect();
        wanted.sort_unstable();
        wanted.dedup();
        for hash in wanted {
            let known = self.fixed.iter().chain(&self.stored).any(|set| set.hash == hash)
                || self.unknown.iter().any(|unknown| unknown == hash);
            if !known {
                self.fetch(hash).await;
            }
        }
        self.fixed.iter().chain(&self.stored).cloned().collect()
    }

    async fn fetch(&mut self, hash: &str) {
        match stored_set(self.desk.log(), hash).await {
            Ok(set) => {
                if self.stored.len() >= KEPT {
                    self.stored.remove(0);
                }
                self.stored.push(Arc::new(set));
            }
            // Not at hand is nothing wrong: most sets were never activated.
            Err(error) => {
                tracing::debug!(%hash, %error, "a rule set is not at hand");
                if self.unknown.len() < UNKNOWN {
                    self.unknown.push(hash.to_owned());
                }
            }
        }
    }
}
