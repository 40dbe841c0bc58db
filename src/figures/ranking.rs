//! Agencies in an order that anybody can recompute: whole numbers in, whole numbers out.
//!
//! Each part is a share in thousandths, rounded down; the score is the sum of parts by weight,
//! divided by 1000 and rounded down, so it lies between 0 and 1000. Nobody is ranked by lateness
//! alone: returning cases and having to do them again count as well.
//!
//! - `kept` = `on_time` ÷ (`on_time` + `late`)
//! - `taken` = 1 − `returned` ÷ (`returned` + `received`)
//! - `lasting` = 1 − `reopened` ÷ (`reopened` + `answered`)
//! - `once` = 1 − `repeats` ÷ `received`
//!
//! The weights are policy: `ranking.toml` of the rule set.
//!
//! An agency none of whose deadlines was decided in the period has no score and comes last. Equal
//! scores are in the order of more kept deadlines, then of the code.

use hoiam_domain::routing::ruleset::ranking::Weights;
use serde::Serialize;

/// The formula with its weights, as it is printed beside every ranking.
pub fn formula(weights: &Weights) -> String {
    let Weights { kept, taken, lasting, once, .. } = weights;
    format!(
        "score = ({kept}*kept + {taken}*taken + {lasting}*lasting + {once}*once) div 1000; \
         kept = 1000*on_time div (on_time+late); taken = 1000 - 1000*returned div (returned+received); \
         lasting = 1000 - 1000*reopened div (reopened+answered); once = 1000 - 1000*repeats div received; \
         a division by 0 counts as 0; no score if on_time+late = 0"
    )
}

/// What the score of an agency is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inputs {
    /// Cases received in the period that it has or had last.
    pub received: i64,
    /// Answered in the period.
    pub answered: i64,
    /// Answered in the period, in time.
    pub on_time: i64,
    /// Deadlines of the period that passed while it held the case.
    pub late: i64,
    /// Returned by it in the period.
    pub returned: i64,
    /// Reopened in the period.
    pub reopened: i64,
    /// Came back at the same place within 30 days.
    pub repeats: i64,
}

/// The score, and the shares it is made of, thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Deadlines kept.
    pub kept: i64,
    /// Not returned.
    pub taken: i64,
    /// Not reopened.
    pub lasting: i64,
    /// Did not come back.
    pub once: i64,
    /// 0 to 1000; none without a decided deadline.
    pub score: Option<i64>,
}

/// The score of an agency by these weights.
pub fn score(inputs: &Inputs, weights: &Weights) -> Score {
    let share = |part: i64, whole: i64| (part * 1000).checked_div(whole).unwrap_or(0);
    let decided = inputs.on_time + inputs.late;
    let kept = share(inputs.on_time, decided);
    let taken = 1000 - share(inputs.returned, inputs.returned + inputs.received);
    let lasting = 1000 - share(inputs.reopened, inputs.reopened + inputs.answered);
    let once = 1000 - share(inputs.repeats, inputs.received);
    let sum = weights.kept * kept
        + weights.taken * taken
        + weights.lasting * lasting
        + weights.once * once;
    Score { kept, taken, lasting, once, score: (decided > 0).then_some(sum / 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_what_the_formula_says() {
        let inputs = Inputs {
            received: 40,
            answered: 30,
            on_time: 27,
            late: 3,
            returned: 10,
            reopened: 10,
            repeats: 4,
        };
        let expected = Score { kept: 900, taken: 800, lasting: 750, once: 900, score: Some(855) };
        let usual = Weights::default();
        assert_eq!(score(&inputs, &usual), expected);
        let only = Weights { kept: 0, taken: 0, lasting: 1000, once: 0, ..Weights::default() };
        assert_eq!(score(&inputs, &only).score, Some(750));
        assert_eq!(score(&Inputs::default(), &usual).score, None);
        let best = Inputs { received: 1, answered: 1, on_time: 1, ..Inputs::default() };
        assert_eq!(score(&best, &usual).score, Some(1000));
    }

    #[test]
    fn the_formula_names_the_weights() {
        let weights = Weights { kept: 400, taken: 250, lasting: 200, once: 150, why: "x".into() };
        let begins = "score = (400*kept + 250*taken + 200*lasting + 150*once) div 1000;";
        assert!(formula(&weights).starts_with(begins));
    }
}
