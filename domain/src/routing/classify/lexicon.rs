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
    open: PatternSet<()>,
}

/// What was found, each with the words that said so.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    pub(super) kind: Option<(Kind, String)>,
    pub(super) danger: Vec<(Handoff, String)>,
    /// The text speaks of the past only.
    pub(super) over: bool,
    pub(super) sealed: Option<String>,
    /// There is a turn of phrase that sounds like danger and is none.
    pub(super) harmless: bool,
    /// A sealed matter was named in a turn of phrase that keeps it open.
    pub(super) open: bool,
}

impl Lexicon {
    pub(super) fn new(phrases: &Phrases) -> Self {
        let mut out = Self::default();
        for (rank, rule) in phrases.kinds.iter().enumerate() {
            rule.patterns.iter().for_each(|p| out.kinds.add(p.clone(), (rank, rule.kind)));
            rule.unless.iter().for_each(|p| out.unless.add(p.clone(), rank));
        }
        for rule in &phrases.danger {
            rule.patterns.iter().for_each(|p| out.danger.add(p.clone(), rule.handoff));
        }
        for (set, patterns) in [
            (&mut out.harmless, &phrases.harmless),
            (&mut out.past, &phrases.past),
            (&mut out.present, &phrases.present),
            (&mut out.sealed, &phrases.sealed),
            (&mut out.open, &phrases.open),
        ] {
            patterns.iter().for_each(|p| set.add(p.clone(), ()));
        }
        out
    }

    /// What the words say; `names` tells which of them are names or numbers.
    pub(super) fn find(&self, words: &[Token], names: &[bool]) -> Findings {
        let over = !self.past.find(words).is_empty() && self.present.find(words).is_empty();
        let open = covered(&self.open, words);
        let (opened, sealed): (Vec<_>, Vec<_>) =
            self.sealed.find(words).into_iter().partition(|hit| touches(hit, &open));
        let (danger, harmless) = self.danger(words, over);
        Findings {
            kind: self.kind(words, names),
            danger,
            harmless,
            over,
            sealed: sealed.first().map(|hit| words_at(words, &hit.at)),
            open: !opened.is_empty(),
        }
    }

    fn kind(&self, words: &[Token], names: &[bool]) -> Option<(Kind, String)> {
        let excluded: Vec<usize> = self.unless.find(words).iter().map(|hit| hit.value).collect();
        self.kinds
            .find(words)
            .into_iter()
            .filter(|hit| !excluded.contains(&hit.value.0) && !touches(hit, names))
            .min_by_key(|hit| hit.value.0)
            .map(|hit| (hit.value.1, words_at(words, &hit.at)))
    }

    /// Dangers that are meant, one of each service, in the order of the text; and whether a turn
    /// of phrase explains some word away.
    fn danger(&self, words: &[Token], over: bool) -> (Vec<(Handoff, String)>, bool) {
        let harmless = covered(&self.harmless, words);
        let mut found: Vec<(Handoff, String)> = Vec::new();
        for hit in self.danger.find(words) {
            // A child that is beaten is in danger also between two beatings.
            let past = over && hit.value != Handoff::ChildProtection;
            if past
                || touches(&hit, &harmless)
                || denied(words, hit.at.first().copied().unwrap_or(0))
                || found.iter().any(|(handoff, _)| *handoff == hit.value)
            {
                continue;
            }
            found.push((hit.value, words_at(words, &hit.at)));
        }
        (found, harmless.contains(&true))
    }
}

/// Which words the patterns of a set take.
fn covered(set: &PatternSet<()>, words: &[Token]) -> Vec<bool> {
    let mut covered = vec![false; words.len()];
    for at in set.find(words).iter().flat_map(|hit| &hit.at) {
        if let Some(word) = covered.get_mut(*at) {
            *word = true;
        }
    }
    covered
}

/// Whether a hit needs a word that is explained away.
fn touches<T>(hit: &Hit<T>, covered: &[bool]) -> bool {
    hit.at.iter().any(|at| covered.get(*at) == Some(&true))
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
