//! Samples by line and callers, their medians, and how they stand to their references.

use crate::measure::Sample;

/// What is measured: a load, and how many do it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    pub callers: usize,
}

impl Line {
    pub fn new(name: impl Into<String>, callers: usize) -> Self {
        Self { name: name.into(), callers }
    }
}

/// In the order measured.
#[derive(Default)]
pub struct Results {
    lines: Vec<(Line, Vec<Sample>)>,
    /// What else was seen: a line's name and what is to be said of it.
    pub remarks: Vec<(String, String)>,
}

impl Results {
    pub fn add(&mut self, name: impl Into<String>, callers: usize, sample: Sample) {
        let line = Line::new(name, callers);
        println!(
            "{:<44} {callers:>3} {:>11.0}/s {:>9.2} ms {:>9.2} ms",
            line.name, sample.per_second, sample.p50_ms, sample.p99_ms
        );
        match self.lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, samples)) => samples.push(sample),
            None => self.lines.push((line, vec![sample])),
        }
    }

    pub fn remark(&mut self, name: impl Into<String>, remark: impl Into<String>) {
        let (name, remark) = (name.into(), remark.into());
        println!("{name}: {remark}");
        self.remarks.retain(|(known, _)| *known != name);
        self.remarks.push((name, remark));
    }

    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().map(|(line, _)| line)
    }

    fn samples(&self, line: &Line) -> &[Sample] {
        self.lines.iter().find(|(known, _)| known == line).map_or(&[], |(_, samples)| samples)
    }

    /// The median over the rounds; none when it was not measured.
    pub fn median(&self, line: &Line, value: fn(&Sample) -> f64) -> Option<f64> {
        median(self.samples(line).iter().map(value).collect())
    }

    /// The median of what each round came to beside its reference in the same round.
    pub fn ratio(&self, line: &Line, to: &Line, value: fn(&Sample) -> f64) -> Option<f64> {
        let both = self.samples(line).iter().zip(self.samples(to));
        median(both.map(|(one, other)| value(one) / value(other)).collect())
    }
}

pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
