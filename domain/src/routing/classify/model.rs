//! The model: for every feature, which categories and sectors it speaks for and how strongly.
//!
//! A linear model whose scores become probabilities (softmax). Its weights begin as log-odds of a
//! category's examples against all examples and are then corrected by gradient steps over the
//! examples. What a word says of a whole sector is learned beside what it says of a category, so
//! that a category with few examples profits from its neighbours. Nothing is drawn at random: the
//! same examples make the same model, bit for bit.

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

/// How much a feature of each family counts, in the order of [`Family`]: measured by
/// cross-validation over the examples.
const VALUE: [f32; Family::COUNT] = [0.9, 0.7, 0.6, 0.5];
/// How strong the log-odds are that the weights begin with; sectors half of it.
const BEGIN: f32 = 0.15;
const BEGIN_SECTOR: f32 = 0.075;
/// Features of a family in an average class, and how many of them the background counts for.
const AVERAGE: f32 = 100.0;
const SMOOTHING: f32 = 6.0;
/// The steps of each round over the examples.
const STEPS: [f32; 2] = [1.5, 1.15];
/// Gradients below this are not worth a step.
const NEGLIGIBLE: f32 = 0.002;
/// Examples are taken in jumps of this many, so that categories come mixed; a prime.
const JUMP: usize = 7919;

/// One example for the model.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) class: usize,
    pub(super) features: Vec<Feature>,
}

/// A trained model over classes `0..sectors.len()`.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// The sector of each class, as a number.
    sectors: Vec<usize>,
    ids: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
    family: Vec<Family>,
    /// By feature, `width` weights: of each class, then of each sector.
    weights: Vec<f32>,
    width: usize,
}

impl Model {
    /// Trains over the examples; `sectors` names the sector of each class.
    pub(super) fn train(examples: &[Example], sectors: Vec<usize>) -> Self {
        let width = sectors.len() + sectors.iter().max().map_or(0, |most| most + 1);
        let mut model = Self {
            sectors,
            ids: HashMap::default(),
            family: Vec::new(),
            weights: Vec::new(),
            width,
        };
        let rows: Vec<(Vec<usize>, usize)> = examples
            .iter()
            .map(|e| (e.features.iter().map(|f| model.id(f)).collect(), e.class))
            .collect();
        model.begin(&rows);
        for step in STEPS {
            let mut at = 0;
            for _ in 0..rows.len() {
                if let Some((row, class)) = rows.get(at) {
                    model.correct(row, *class, step);
                }
                at = (at + JUMP) % rows.len().max(1);
            }
        }
        model
    }

    fn id(&mut self, feature: &Feature) -> usize {
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let id = *self.ids.entry(feature.key).or_insert(next);
        if id == next {
            self.family.push(feature.family);
        }
        id as usize
    }

    /// The log-odds. What a class never showed has weight 0, the least.
    fn begin(&mut self, rows: &[(Vec<usize>, usize)]) {
        let (width, classes) = (self.width, self.sectors.len());
        self.weights = vec![0.0; self.family.len() * width];
        let mut total = [0.0_f32; Family::COUNT];
        let mut size = vec![[0.0_f32; Family::COUNT]; width];
        for (row, class) in rows {
            for id in row {
                let family = self.family[*id] as usize;
                total[family] += 1.0;
                for column in [*class, classes + self.sectors[*class]] {
                    self.weights[id * width + column] += 1.0;
                    size[column][family] += 1.0;
                }
            }
        }
        for (weights, family) in self.weights.chunks_mut(width).zip(&self.family) {
            let family = *family as usize;
            let seen: f32 = weights.iter().take(classes).sum();
            let background = SMOOTHING * seen / total[family].max(1.0);
            for (column, weight) in weights.iter_mut().enumerate().filter(|(_, w)| **w > 0.0) {
                let scaled = *weight * AVERAGE / size[column][family].max(1.0);
                let strength = if column < classes { BEGIN } else { BEGIN_SECTOR };
                *weight = strength * ((scaled + background) / background).ln();
            }
        }
    }

    /// The weights of one feature.
    fn row(&self, id: usize) -> &[f32] {
        self.weights.get(id * self.width..(id + 1) * self.width).unwrap_or_default()
    }

    /// The probability of each class for these features.
    fn judge(&self, ids: impl Iterator<Item = usize>) -> Vec<f32> {
        let classes = self.sectors.len();
        let mut sums = vec![0.0_f32; self.width];
        for id in ids {
            let value = VALUE[self.family[id] as usize];
            for (sum, weight) in sums.iter_mut().zip(self.row(id)) {
                *sum += value * weight;
            }
        }
        let (scores, of_sectors) = sums.split_at_mut(classes);
        let mut top = f32::MIN;
        for (score, sector) in scores.iter_mut().zip(&self.sectors) {
            *score += of_sectors[*sector];
            top = top.max(*score);
        }
        let mut whole = 0.0;
        for score in scores.iter_mut() {
            *score = (*score - top).exp();
            whole += *score;
        }
        sums.truncate(classes);
        sums.iter_mut().for_each(|p| *p /= whole);
        sums
    }

    /// A gradient step towards the right class.
    fn correct(&mut self, row: &[usize], class: usize, step: f32) {
        let classes = self.sectors.len();
        let mut gradient = vec![0.0_f32; self.width];
        for (at, probability) in self.judge(row.iter().copied()).into_iter().enumerate() {
            let by = if at == class { 1.0 - probability } else { -probability };
            gradient[at] = by;
            gradient[classes + self.sectors[at]] += by / 2.0;
        }
        let step = step / (row.len().max(1) as f32).sqrt();
        let moves: Vec<(usize, f32)> = gradient
            .into_iter()
            .enumerate()
            .filter(|(_, g)| g.abs() > NEGLIGIBLE)
            .map(|(column, g)| (column, g * step))
            .collect();
        for id in row {
            let value = VALUE[self.family[*id] as usize];
            for (column, by) in &moves {
                self.weights[id * self.width + column] += value * by;
            }
        }
    }

    /// The probability of each class; `None` when no feature is known.
    pub(super) fn probabilities(&self, features: &[Feature]) -> Option<Vec<f32>> {
        let known: Vec<usize> =
            features.iter().filter_map(|f| self.ids.get(&f.key)).map(|id| *id as usize).collect();
        (!known.is_empty()).then(|| self.judge(known.into_iter()))
    }

    /// How much one feature speaks for a class; `None` for a feature nobody has seen.
    pub(super) fn weight(&self, feature: &Feature, class: usize) -> Option<f32> {
        let id = *self.ids.get(&feature.key)? as usize;
        let row = self.row(id);
        let of_sector = row.get(self.sectors.len() + self.sectors.get(class)?)?;
        Some(VALUE[self.family[id] as usize] * (row.get(class)? + of_sector))
    }
}
