//! The model: for every feature, which categories it speaks for and how strongly.
//!
//! Weights start as smoothed log-odds of the category's examples against all examples, one
//! language model a feature family, and are then corrected over the examples wherever a wrong
//! category came too near the right one. Nothing is drawn at random: the same examples make the
//! same model, bit for bit.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::{Family, Feature};

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// How the model is built; measured by cross-validation, see the tests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// Weight of each family's log-odds, in the order of [`Family`].
    pub(super) family: [f32; Family::COUNT],
    /// Strength of the background in each family's smoothing.
    pub(super) smoothing: [f32; Family::COUNT],
    /// Rounds of correction over the examples.
    pub(super) rounds: usize,
    /// Step of a correction.
    pub(super) step: f32,
    /// How far ahead the right category must be.
    pub(super) margin: f32,
}

impl Settings {
    pub(super) const MEASURED: Self = Self {
        family: [1.0, 0.6, 0.3, 0.2, 0.3],
        smoothing: [6.0, 6.0, 8.0, 8.0, 6.0],
        rounds: 4,
        step: 0.15,
        margin: 4.0,
    };
}

/// One example for the model.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) class: u16,
    pub(super) features: Vec<Feature>,
    /// Corrections are made for sentences, not for keywords.
    pub(super) sentence: bool,
}

/// A trained model over classes `0..classes`.
#[derive(Clone, Debug)]
pub(super) struct Model {
    classes: usize,
    ids: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
    /// By feature: classes with a weight of their own, sorted by class.
    own: Vec<Vec<(u16, f32)>>,
    /// By feature: how much a class gets that never showed it, in tenths of what
    /// `unseen[family][class]` says; the family.
    family: Vec<Family>,
    /// By family and class: the (negative) weight of a feature the class never showed.
    unseen: Vec<Vec<f32>>,
}

impl Model {
    pub(super) fn train(examples: &[Example], classes: usize, settings: &Settings) -> Self {
        let mut model = Self::count(examples, classes, settings);
        for _ in 0..settings.rounds {
            for example in examples.iter().filter(|e| e.sentence) {
                model.correct(example, settings);
            }
        }
        model
    }

    /// The log-odds.
    fn count(examples: &[Example], classes: usize, settings: &Settings) -> Self {
        let mut ids: HashMap<u64, u32, BuildHasherDefault<AsIs>> = HashMap::default();
        let mut family = Vec::new();
        let mut counts: Vec<Vec<(u16, f32)>> = Vec::new();
        let mut by_class = vec![vec![0.0_f32; classes]; Family::COUNT];
        for example in examples {
            for feature in &example.features {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let id = *ids.entry(feature.key).or_insert_with(|| {
                    family.push(feature.family);
                    counts.push(Vec::new());
                    next
                }) as usize;
                if let Some(own) = counts.get_mut(id) {
                    match own.iter_mut().find(|(class, _)| *class == example.class) {
                        Some((_, count)) => *count += 1.0,
                        None => own.push((example.class, 1.0)),
                    }
                }
                by_class[feature.family as usize][usize::from(example.class)] += 1.0;
            }
        }
        let totals: Vec<f32> =
            by_class.iter().map(|row| row.iter().sum::<f32>().max(1.0)).collect();
        let unseen: Vec<Vec<f32>> = by_class
            .iter()
            .enumerate()
            .map(|(f, row)| {
                let (alpha, weight) = (settings.smoothing[f], settings.family[f]);
                row.iter()
                    .map(|n| {
                        // Counts are scaled to the size of an average class, so that a class with many
                        // examples is not punished for them.
                        let unseen = if *n > 0.0 { alpha / (AVERAGE + alpha) } else { 1.0 };
                        weight * unseen.ln()
                    })
                    .collect()
            })
            .collect();
        let mut own = counts;
        for (id, postings) in own.iter_mut().enumerate() {
            let f = family[id] as usize;
            let total: f32 = postings.iter().map(|(_, n)| n).sum();
            let background = total / totals[f];
            let (alpha, weight) = (settings.smoothing[f], settings.family[f]);
            for (class, count) in postings.iter_mut() {
                let size = by_class[f][usize::from(*class)].max(1.0);
                let scaled = *count * AVERAGE / size;
                *count = weight
                    * ((scaled + alpha * background) / ((AVERAGE + alpha) * background)).ln();
            }
            postings.sort_unstable_by_key(|(class, _)| *class);
        }
        Self { classes, ids, own, family, unseen }
    }

    /// Scores of all classes, and how many features were known.
    pub(super) fn scores(&self, features: &[Feature]) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.classes];
        let mut known = [0.0_f32; Family::COUNT];
        for feature in features {
            let Some(id) = self.ids.get(&feature.key) else { continue };
            let (Some(own), Some(family)) =
                (self.own.get(*id as usize), self.family.get(*id as usize))
            else {
                continue;
            };
            known[*family as usize] += 1.0;
            let unseen = &self.unseen[*family as usize];
            for (class, weight) in own {
                let class = usize::from(*class);
                scores[class] += weight - unseen[class];
            }
        }
        for (family, count) in known.iter().enumerate() {
            if *count > 0.0 {
                for (score, unseen) in scores.iter_mut().zip(&self.unseen[family]) {
                    *score += count * unseen;
                }
            }
        }
        scores
    }

    /// How much one feature speaks for a class; `None` for a feature nobody has seen.
    pub(super) fn weight(&self, feature: &Feature, class: u16) -> Option<f32> {
        let id = *self.ids.get(&feature.key)? as usize;
        let own = self.own.get(id)?;
        match own.binary_search_by_key(&class, |(c, _)| *c) {
            Ok(at) => own.get(at).map(|(_, weight)| *weight),
            Err(_) => Some(self.unseen[self.family[id] as usize][usize::from(class)]),
        }
    }

    /// Moves the weights of an example's features from the nearest wrong class to the right one,
    /// when the right one is not far enough ahead.
    fn correct(&mut self, example: &Example, settings: &Settings) {
        let scores = self.scores(&example.features);
        let right = usize::from(example.class);
        let wrong = (0..self.classes)
            .filter(|class| *class != right)
            .max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)));
        let Some(wrong) = wrong else { return };
        if scores[right] - scores[wrong] >= settings.margin {
            return;
        }
        let wrong = u16::try_from(wrong).unwrap_or(u16::MAX);
        for feature in &example.features {
            let Some(id) = self.ids.get(&feature.key).map(|id| *id as usize) else { continue };
            let family = self.family[id];
            let step = settings.step * settings.family[family as usize];
            for (class, by) in [(example.class, step), (wrong, -step)] {
                let unseen = self.unseen[family as usize][usize::from(class)];
                let own = &mut self.own[id];
                match own.binary_search_by_key(&class, |(c, _)| *c) {
                    Ok(at) => own[at].1 += by,
                    Err(at) => own.insert(at, (class, unseen + by)),
                }
            }
        }
    }
}

/// Features of a family in an average class; smoothing is relative to it.
const AVERAGE: f32 = 100.0;
