//! From a text to kind, sector, category, urgency and confidentiality, with the words that
//! decided.
//!
//! Two parts that can both be read: a linear model over the words of the example sentences in
//! `routing-rules/phrases/` finds sector and category; lexicons of patterns find what must never
//! depend on statistics, danger to life and sealed matters, and the kind of the case.
//!
//! - [`phrases`]: the files, strictly read.
//! - [`pattern`]: the pattern language of the lexicons.

mod features;
mod lexicon;
mod masking;
mod model;
pub mod pattern;
pub mod phrases;

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::{CategoryCode, SectorCode};
use crate::kinds::{Handoff, Kind};

use features::{Family, Prepared, Spelling, features, prepare};
use lexicon::{Findings, Lexicon};
use masking::Names;
use model::{Example, Model};

pub use phrases::{Phrases, TrainingPhrase, parse_phrases};

/// How many words explain a category.
const REASONS: usize = 6;
/// The class of what belongs to no desk.
const NOTHING: usize = 0;
/// A category implies a kind when it is this probable.
const KIND_FROM: f64 = 0.35;
/// A category implies a hand-off when it is this probable.
const HANDOFF_FROM: f64 = 0.55;
/// A sealed category seals the case already when it is this probable.
const SEALED_FROM: f32 = 0.25;

/// A category that was considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The category.
    pub category: CategoryCode,
    /// Its sector.
    pub sector: SectorCode,
    /// How sure, 0 to 1.
    pub confidence: f64,
}

/// What a text was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// The kind of case.
    pub kind: Kind,
    /// The sector; `None` when the text says nothing about any.
    pub sector: Option<SectorCode>,
    /// The category; `None` when the text says nothing about any.
    pub category: Option<CategoryCode>,
    /// How sure sector and category are: the share of right categories to expect among texts
    /// with this figure. 0 to 1.
    pub confidence: f64,
    /// Danger to life by the words of the text. A category may make a case urgent besides.
    pub urgent: bool,
    /// Only for the sealed stream.
    pub confidential: bool,
    /// The emergency service to call at once, when the text speaks of danger to life or of a
    /// crime going on.
    pub handoff: Option<Handoff>,
    /// The words that decided, folded, the most telling first.
    pub because: Vec<String>,
    /// The best three categories, the chosen one first.
    pub alternatives: Vec<Candidate>,
}

/// Classifies texts; built once from the phrases, then read only.
#[derive(Clone, Debug)]
pub struct Classifier {
    classes: Vec<Option<(CategoryCode, SectorCode)>>,
    model: Model,
    spelling: Spelling,
    names: Names,
    lexicon: Lexicon,
    implied: Implied,
}

/// What a category says of itself when no pattern decided, for the classes of the model.
#[derive(Clone, Debug, Default)]
struct Implied {
    /// Only for the sealed stream.
    sealed: Vec<bool>,
    kind: Vec<Option<Kind>>,
    /// The service, and whether also when it is over.
    handoff: Vec<Option<(Handoff, bool)>>,
}

impl Implied {
    fn new(classes: &[Option<(CategoryCode, SectorCode)>], phrases: &Phrases) -> Self {
        let code = |class: &Option<(CategoryCode, SectorCode)>| class.as_ref().map(|c| c.0.clone());
        let codes: Vec<Option<CategoryCode>> = classes.iter().map(code).collect();
        let within = |code: &Option<CategoryCode>, list: &[CategoryCode]| {
            code.as_ref().is_some_and(|code| list.contains(code))
        };
        let kind = |code| phrases.kinds.iter().find(|rule| within(code, &rule.categories));
        let danger = |code| phrases.danger.iter().find(|rule| within(code, &rule.categories));
        Self {
            sealed: codes.iter().map(|code| within(code, &phrases.sealed_categories)).collect(),
            kind: codes.iter().map(|code| kind(code).map(|rule| rule.kind)).collect(),
            handoff: codes
                .iter()
                .map(|code| danger(code).map(|rule| (rule.handoff, rule.also_past)))
                .collect(),
        }
    }
}

impl Classifier {
    /// Builds the classifier from all phrase files together. The same phrases always build the
    /// same classifier.
    pub fn build(phrases: &Phrases) -> Self {
        let names = Names::new(&phrases.names, &phrases.name_before, &phrases.name_parts);
        let sectors: BTreeMap<&CategoryCode, &SectorCode> =
            phrases.sections.iter().map(|s| (&s.category, &s.sector)).collect();
        // Class 0 is "nothing for this desk".
        let mut classes: Vec<Option<(CategoryCode, SectorCode)>> = vec![None];
        classes.extend(sectors.iter().map(|(c, s)| Some(((*c).clone(), (*s).clone()))));
        let class_of: BTreeMap<&CategoryCode, usize> =
            sectors.keys().zip(1_usize..).map(|(category, class)| (*category, class)).collect();
        let prepared: Vec<(usize, Prepared)> = phrases
            .training
            .iter()
            .filter_map(|phrase| {
                let class = match &phrase.category {
                    None => NOTHING,
                    Some(category) => *class_of.get(category)?,
                };
                Some((class, prepare(&phrase.text, &names)))
            })
            .collect();
        let examples: Vec<Example> = prepared
            .iter()
            .map(|(class, text)| Example { class: *class, features: features(text, None) })
            .collect();
        Self {
            implied: Implied::new(&classes, phrases),
            model: Model::train(&examples, sector_numbers(&classes)),
            spelling: Spelling::new(&vocabulary(&prepared)),
            classes,
            names,
            lexicon: Lexicon::new(phrases),
        }
    }

    /// What this text is about. Never fails; what says nothing comes back with confidence near 0.
    pub fn classify(&self, text: &str) -> Classification {
        let prepared = prepare(text, &self.names);
        let findings = self.lexicon.find(&prepared.words, &prepared.masked);
        let features = features(&prepared, Some(&self.spelling));
        let probabilities = self.model.probabilities(&features).unwrap_or_default();
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
        let best = order.first().copied().unwrap_or(NOTHING);
        let alternatives: Vec<Candidate> = order
            .iter()
            .filter_map(|class| {
                let (category, sector) = self.classes.get(*class)?.clone()?;
                let confidence = rounded(probabilities[*class]);
                Some(Candidate { category, sector, confidence })
            })
            .take(3)
            .collect();
        let (category, sector) = self.classes.get(best).cloned().flatten().unzip();
        let confidence = if category.is_some() { rounded(probabilities[best]) } else { 0.0 };
        let handoff = self.handoff(&findings, best, confidence);
        let kind = self.kind(&findings, handoff, best, confidence);
        let sealed_class = order.iter().any(|class| {
            let enough = if findings.open { *class == best } else { true };
            enough && self.implied.sealed[*class] && probabilities[*class] >= SEALED_FROM
        });
        Classification {
            kind,
            sector,
            category,
            confidence,
            urgent: handoff.is_some(),
            confidential: sealed_class
                || findings.sealed.is_some()
                || matches!(kind, Kind::Denunciation | Kind::Complaint),
            handoff,
            because: self.because(&prepared, &features, best, &findings),
            alternatives,
        }
    }

    /// The service the words call for, else the one the category calls for while it goes on.
    fn handoff(&self, findings: &Findings, class: usize, confidence: f64) -> Option<Handoff> {
        if let Some((handoff, _)) = findings.danger.first() {
            return Some(*handoff);
        }
        // Who asks, proposes or complains does not report what goes on; nor does a figure of
        // speech.
        if findings.kind.is_some() || findings.harmless {
            return None;
        }
        let (handoff, also_past) = self.implied.handoff.get(class).copied().flatten()?;
        (confidence >= HANDOFF_FROM && (also_past || !findings.over)).then_some(handoff)
    }

    /// Danger comes first, then what the text says, then what its category is about.
    fn kind(
        &self,
        findings: &Findings,
        handoff: Option<Handoff>,
        class: usize,
        confidence: f64,
    ) -> Kind {
        match (handoff, &findings.kind) {
            (Some(_), _) => Kind::Emergency,
            (None, Some((kind, _))) => *kind,
            (None, None) => {
                let implied = self.implied.kind.get(class).copied().flatten();
                implied.filter(|_| confidence >= KIND_FROM).unwrap_or(Kind::Incident)
            }
        }
    }

    /// The words that decided: what the lexicons found, then the features that speak most for
    /// the chosen class.
    fn because(
        &self,
        prepared: &Prepared,
        features: &[features::Feature],
        class: usize,
        findings: &Findings,
    ) -> Vec<String> {
        let mut reasons: Vec<String> =
            findings.danger.iter().map(|(_, words)| words.clone()).collect();
        reasons.extend(findings.sealed.clone());
        reasons.extend(findings.kind.as_ref().map(|(_, words)| words.clone()));
        let mut weighed: Vec<(f32, &features::Feature)> = features
            .iter()
            .filter(|f| matches!(f.family, Family::Word | Family::Pair))
            .filter_map(|f| Some((self.model.weight(f, class)?, f)))
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.at.cmp(&b.1.at)));
        for (_, feature) in weighed {
            let mut at = vec![feature.at.0 as usize, feature.at.1 as usize];
            at.dedup();
            let words = pattern::words_at(&prepared.words, &at);
            if reasons.len() < REASONS && !reasons.iter().any(|r| r.contains(&words)) {
                reasons.push(words);
            }
        }
        reasons.truncate(REASONS);
        reasons
    }
}

/// Words of the examples that are no names, with how often they occur.
fn vocabulary(prepared: &[(usize, Prepared)]) -> BTreeMap<String, u32> {
    let mut words = BTreeMap::new();
    for (_, text) in prepared {
        for (word, masked) in text.words.iter().zip(&text.masked) {
            if !masked {
                *words.entry(word.word.clone()).or_insert(0) += 1;
            }
        }
    }
    words
}

/// The sector of each class as a number; what belongs to no desk is a sector of its own.
fn sector_numbers(classes: &[Option<(CategoryCode, SectorCode)>]) -> Vec<usize> {
    let sectors: BTreeSet<&SectorCode> = classes.iter().flatten().map(|(_, s)| s).collect();
    let number = |of: &SectorCode| sectors.iter().position(|sector| *sector == of);
    classes
        .iter()
        .map(|class| class.as_ref().and_then(|(_, of)| number(of)).map_or(0, |n| n + 1))
        .collect()
}

/// To two decimals.
fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
