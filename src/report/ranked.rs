//! The ranking of agencies, with everything it is made of.

use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::ruleset::ranking::Weights;
use hoiam_projections::facts::Measure;
use jiff::Timestamp;
use serde::Serialize;

use super::{Asked, By, ReportError, words};
use crate::figures::ranking::{Inputs, Score, formula, score};
use crate::figures::{counts, repeats};
use crate::followers::catch_up;
use crate::log::Log;

/// A ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ranking {
    /// From this moment on; none: from the beginning.
    pub from: Option<Timestamp>,
    /// Before this moment; none: without end.
    pub to: Option<Timestamp>,
    /// As it was known at this moment; none: as it is now.
    pub as_of: Option<Timestamp>,
    /// How the score is made from the inputs.
    pub formula: String,
    /// The weights in it, and why.
    pub weights: Weights,
    /// The agencies, the best first.
    pub rows: Vec<Ranked>,
}

/// An agency in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ranked {
    /// From 1; equal scores share it, and without a score there is none.
    pub rank: Option<usize>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The score and its parts.
    #[serde(flatten)]
    pub score: Score,
    /// What they are made of.
    pub inputs: Inputs,
}

/// Ranks the agencies by what happened in a period and the weights of a rule set, after taking in what the log holds.
///
/// # Errors
/// When the database does not answer.
pub async fn ranking(log: &Log, rules: &RuleSet, asked: &Asked) -> Result<Ranking, ReportError> {
    catch_up(log).await?;
    let question = Asked { by: By::Agency, ..*asked }.question();
    let mut back = repeats(log.pool(), &question).await?;
    let weights = &rules.ranking;
    let mut rows: Vec<Ranked> = Vec::new();
    for (code, counts) in counts(log.pool(), &question).await? {
        if code.is_empty() {
            continue;
        }
        let inputs = Inputs {
            received: counts.of(Measure::Received),
            answered: counts.of(Measure::Answered),
            on_time: counts.of(Measure::OnTime),
            late: counts.of(Measure::Late),
            returned: counts.of(Measure::Returned),
            reopened: counts.of(Measure::Reopened),
            repeats: back.remove(&code).unwrap_or(0),
        };
        let name = words::name(&rules.directory, By::Agency, &code);
        rows.push(Ranked { rank: None, code, name, score: score(&inputs, weights), inputs });
    }
    rows.sort_by(|a, b| {
        let better = (b.score.score, b.inputs.on_time).cmp(&(a.score.score, a.inputs.on_time));
        better.then_with(|| a.code.cmp(&b.code))
    });
    place(&mut rows);
    let Asked { from, to, as_of, .. } = *asked;
    let (formula, weights) = (formula(weights), weights.clone());
    Ok(Ranking { from, to, as_of, formula, weights, rows })
}

fn place(rows: &mut [Ranked]) {
    let mut last = (None, 0);
    for (at, row) in (1..).zip(rows) {
        if row.score.score != last.0 {
            last = (row.score.score, at);
        }
        row.rank = row.score.score.map(|_| last.1);
    }
}
