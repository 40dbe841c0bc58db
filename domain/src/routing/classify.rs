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
use model::{Example, Model, Settings};

pub use phrases::{Phrases, TrainingPhrase, parse_phrases};

/// How many words explain a category.
const REASONS: usize = 6;
/// A sealed category seals the case already when it is this probable.
const SEALED_FROM: f64 = 0.12;

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
    sealed_classes: Vec<bool>,
    model: Model,
    spelling: Spelling,
    names: Names,
    lexicon: Lexicon,
}

impl Classifier {
    /// Builds the classifier from all phrase files together. The same phrases always build the
    /// same classifier.
    pub fn build(phrases: &Phrases) -> Self {
        Self::build_with(phrases, &Settings::MEASURED)
    }

    fn build_with(phrases: &Phrases, settings: &Settings) -> Self {
        let names = Names::new(&phrases.names, &phrases.name_before, &phrases.name_parts);
        let sectors: BTreeMap<&CategoryCode, &SectorCode> =
            phrases.sections.iter().map(|s| (&s.category, &s.sector)).collect();
        // Class 0 is "nothing for this desk".
        let mut classes: Vec<Option<(CategoryCode, SectorCode)>> = vec![None];
        classes.extend(sectors.iter().map(|(c, s)| Some(((*c).clone(), (*s).clone()))));
        let class_of: BTreeMap<&CategoryCode, u16> =
            sectors.keys().zip(1_u16..).map(|(category, class)| (*category, class)).collect();
        let prepared: Vec<(u16, bool, Prepared)> = phrases
            .training
            .iter()
            .filter_map(|phrase| {
                let class = match &phrase.category {
                    None => 0,
                    Some(category) => *class_of.get(category)?,
                };
                Some((class, !phrase.keyword, prepare(&phrase.text, &names)))
            })
            .collect();
        let examples: Vec<Example> = prepared
            .iter()
            .map(|(class, sentence, text)| Example {
                class: *class,
                features: features(text, None),
                sentence: *sentence,
            })
            .collect();
        let sealed: BTreeSet<&CategoryCode> = phrases.sealed_categories.iter().collect();
        Self {
            sealed_classes: classes
                .iter()
                .map(|class| class.as_ref().is_some_and(|(category, _)| sealed.contains(category)))
                .collect(),
            model: Model::train(&examples, classes.len(), settings),
            spelling: Spelling::new(&vocabulary(&prepared)),
            classes,
            names,
            lexicon: Lexicon::new(phrases),
        }
    }

    /// What this text is about. Never fails; what says nothing comes back with confidence near 0.
    pub fn classify(&self, text: &str) -> Classification {
        let prepared = prepare(text, &self.names);
        let findings = self.lexicon.find(&prepared.words);
        let features = features(&prepared, Some(&self.spelling));
        let scores = self.model.scores(&features);
        let probabilities = probabilities(&scores, &features);
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
        let known = features.iter().any(|f| self.model.weight(f, 0).is_some());
        let best = order.first().copied().filter(|_| known).unwrap_or(0);
        let alternatives: Vec<Candidate> = order
            .iter()
            .filter(|_| known)
            .filter_map(|class| {
                let (category, sector) = self.classes.get(*class)?.clone()?;
                let confidence = rounded(probabilities[*class]);
                Some(Candidate { category, sector, confidence })
            })
            .take(3)
            .collect();
        let sealed_class = self
            .sealed_classes
            .iter()
            .zip(&probabilities)
            .any(|(sealed, probability)| *sealed && known && *probability >= SEALED_FROM);
        let because = self.because(&prepared, &features, best, &findings);
        let chosen = self.classes.get(best).cloned().flatten();
        let confidence = if chosen.is_some() { rounded(probabilities[best]) } else { 0.0 };
        let (category, sector) = chosen.unzip();
        assemble(
            findings,
            sealed_class,
            Chosen { category, sector, confidence, because, alternatives },
        )
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
        let class = u16::try_from(class).unwrap_or(0);
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

/// What the model chose.
struct Chosen {
    category: Option<CategoryCode>,
    sector: Option<SectorCode>,
    confidence: f64,
    because: Vec<String>,
    alternatives: Vec<Candidate>,
}

/// Puts what the lexicons and the model found together.
fn assemble(findings: Findings, sealed_class: bool, chosen: Chosen) -> Classification {
    let kind = match (&findings.danger[..], findings.kind) {
        ([_, ..], _) => Kind::Emergency,
        (_, Some((kind, _))) => kind,
        _ => Kind::Incident,
    };
    let confidential = sealed_class
        || findings.sealed.is_some()
        || matches!(kind, Kind::Denunciation | Kind::Complaint);
    Classification {
        kind,
        sector: chosen.sector,
        category: chosen.category,
        confidence: chosen.confidence,
        urgent: !findings.danger.is_empty(),
        confidential,
        handoff: findings.danger.first().map(|(handoff, _)| *handoff),
        because: chosen.because,
        alternatives: chosen.alternatives,
    }
}

/// Words of the examples that are no names, with how often they occur.
fn vocabulary(prepared: &[(u16, bool, Prepared)]) -> BTreeMap<String, u32> {
    let mut words = BTreeMap::new();
    for (_, _, text) in prepared {
        for (word, masked) in text.words.iter().zip(&text.masked) {
            if !masked {
                *words.entry(word.word.clone()).or_insert(0) += 1;
            }
        }
    }
    words
}

/// Scores as probabilities. The temperature grows with the number of features, because features
/// of one text repeat each other.
fn probabilities(scores: &[f32], features: &[features::Feature]) -> Vec<f64> {
    let words = features.iter().filter(|f| f.family == Family::Word).count();
    let temperature = 1.2 + 0.08 * (words as f64);
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f64> =
        scores.iter().map(|s| (f64::from(*s - top) / temperature).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

/// To two decimals.
fn rounded(probability: f64) -> f64 {
    (probability * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
