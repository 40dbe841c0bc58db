//! What the lexicons say of a text: its kind, danger to life, whether it is sealed.

use super::pattern::{Hit, PatternSet, words_at};
use super::phrases::Phrases;
use crate::kinds::{Handoff, Kind};
use crate::text::Token;

/// Words that may stand between a denial and what it denies ("không có ai bị thương").
const BETWEEN_DENIAL: &[&str] = &["ai", "bi", "co", "con", "he", "may", "nao", "nguoi", "thay"];
/// Words that deny what follows.
const DENIALS: &[&str] = &["cha", "chang", "chua", "khong"];
/// How far back a denial reaches.
const DENIAL_REACH: usize = 4;

/// The compiled lexicons.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    kinds: PatternSet<(usize, Kind)>,
    unless: PatternSet<usize>,
    danger: PatternSet<Handoff>,
    harmless: PatternSet<()>,
    past: PatternSet<()>,
    present: PatternSet<()>,
    sealed: PatternSet<()>,
}

/// What was found, each with the words that said so.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    pub(super) kind: Option<(Kind, String)>,
    pub(super) danger: Vec<(Handoff, String)>,
    pub(super) sealed: Option<String>,
}

impl Lexicon {
    pub(super) fn new(phrases: &Phrases) -> Self {
        let mut out = Self::default();
        for (rank, (kind, patterns, unless)) in phrases.kinds.iter().enumerate() {
            patterns.iter().for_each(|p| out.kinds.add(p.clone(), (rank, *kind)));
            unless.iter().for_each(|p| out.unless.add(p.clone(), rank));
        }
        for (handoff, patterns) in &phrases.danger {
            patterns.iter().for_each(|p| out.danger.add(p.clone(), *handoff));
        }
        for (set, patterns) in [
            (&mut out.harmless, &phrases.harmless),
            (&mut out.past, &phrases.past),
            (&mut out.present, &phrases.present),
            (&mut out.sealed, &phrases.sealed),
        ] {
            patterns.iter().for_each(|p| set.add(p.clone(), ()));
        }
        out
    }

    pub(super) fn find(&self, words: &[Token]) -> Findings {
        Findings {
            kind: self.kind(words),
            danger: self.danger(words),
            sealed: self.sealed.find(words).first().map(|hit| words_at(words, &hit.at)),
        }
    }

    fn kind(&self, words: &[Token]) -> Option<(Kind, String)> {
        let excluded: Vec<usize> = self.unless.find(words).iter().map(|hit| hit.value).collect();
        self.kinds
            .find(words)
            .into_iter()
            .filter(|hit| !excluded.contains(&hit.value.0))
            .min_by_key(|hit| hit.value.0)
            .map(|hit| (hit.value.1, words_at(words, &hit.at)))
    }

    /// Dangers that are meant, one of each service, in the order of the text.
    fn danger(&self, words: &[Token]) -> Vec<(Handoff, String)> {
        let mut covered = vec![false; words.len()];
        for hit in self.harmless.find(words) {
            hit.at.iter().filter_map(|at| covered.get_mut(*at).map(|c| *c = true)).for_each(drop);
        }
        let hits: Vec<Hit<Handoff>> = self
            .danger
            .find(words)
            .into_iter()
            .filter(|hit| !hit.at.iter().any(|at| covered.get(*at) == Some(&true)))
            .filter(|hit| !denied(words, hit.at.first().copied().unwrap_or(0)))
            .collect();
        let over = !self.past.find(words).is_empty() && self.present.find(words).is_empty();
        let mut found: Vec<(Handoff, String)> = Vec::new();
        for hit in hits {
            // A child that is beaten is in danger also between two beatings.
            if over && hit.value != Handoff::ChildProtection {
                continue;
            }
            if !found.iter().any(|(handoff, _)| *handoff == hit.value) {
                found.push((hit.value, words_at(words, &hit.at)));
            }
        }
        found
    }
}

/// Whether a denial stands right before `at`, with nothing but small words between.
fn denied(words: &[Token], at: usize) -> bool {
    words
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(DENIAL_REACH)
        .find(|word| !BETWEEN_DENIAL.contains(&word.word.as_str()))
        .is_some_and(|word| DENIALS.contains(&word.word.as_str()))
}
