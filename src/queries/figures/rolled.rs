//! Which sums answer a question about whole days.
//!
//! By one dimension, of the whole city, of one value of it, or of one agency, figures are read from
//! sums by that dimension: by month as far as the period has whole months, by day at its ends. So what
//! is read goes with values and days. Questions with more filters read the sums by every combination.

use hoiam_projections::facts::sums::{BLOCK, block_of, month_after, month_of, scope_of};

use super::sql::Sql;
use crate::figures::{By, Question, Sums};

/// A part of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Sums by one dimension, by day or by month.
    Rolled { span: &'static str, source: Source, days: (i64, i64), recorded_before: i64 },
    /// Sums by every combination, recorded at or after and before these days.
    Combined { days: (i64, i64), recorded: (i64, i64) },
}

/// Whose sums, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    scope: String,
    dimension: &'static str,
    /// Only this one.
    value: Option<String>,
    /// Whether there are sums by day.
    by_day: bool,
}

/// The sums by one dimension that know the answer, if any do.
fn source(question: &Question) -> Option<Source> {
    let agency = question.agency.iter().map(|agency| (By::Agency, agency));
    let mut filters = agency.chain(question.only.iter().map(|(by, value)| (*by, value)));
    let (first, more) = (filters.next(), filters.next());
    let city = |dimension, value: Option<&String>| Source {
        scope: String::new(),
        dimension,
        value: value.cloned(),
        by_day: true,
    };
    let by = |by: By| if by == By::Day { "" } else { by.as_str() };
    match (first, more) {
        (None, _) => Some(city(by(question.by), None)),
        // Only lateness has a holder, so what has none is in no sum by holder.
        (Some((By::Holder, value)), _) if value.is_empty() => None,
        (Some((only, value)), None) if only == question.by || question.by == By::Day => {
            Some(city(by(only), Some(value)))
        }
        (Some((By::Agency, code)), None) if !code.is_empty() => Some(Source {
            scope: scope_of(Some(code)),
            dimension: by(question.by),
            value: None,
            by_day: false,
        }),
        _ => None,
    }
}

/// The parts that together are the answer. `rolled`: whether there are sums by one dimension.
pub(super) fn parts(question: &Question, sums: &Sums, rolled: bool) -> Vec<Part> {
    let all = (sums.from, sums.to);
    let combined = |days| Part::Combined { days, recorded: (i64::MIN, sums.recorded_to) };
    let Some(source) = source(question).filter(|_| rolled) else { return vec![combined(all)] };
    // Of whole blocks of recording; what was recorded since is in the sums by combination.
    let (recorded_before, since) = match sums.recorded_to {
        i64::MAX => (i64::MAX, None),
        day => (block_of(day), Some((block_of(day).saturating_mul(BLOCK), day))),
    };
    let months = if question.by == By::Day { None } else { whole_months(sums) };
    let mut parts = Vec::new();
    let mut rolled = |span, days: (i64, i64)| {
        if days.0 >= days.1 {
            return;
        }
        if span == "day" && !source.by_day {
            return parts.push(combined(days));
        }
        parts.push(Part::Rolled { span, source: source.clone(), days, recorded_before });
        if let Some(recorded) = since {
            parts.push(Part::Combined { days, recorded });
        }
    };
    match months {
        None => rolled("day", all),
        Some((from, to)) => {
            rolled("day", (sums.from, from));
            rolled("month", (from, to));
            rolled("day", (to, sums.to));
        }
    }
    parts
}

/// From the first day of a month to before the first of another: all whole months of the period whose
/// lateness counts in full.
fn whole_months(sums: &Sums) -> Option<(i64, i64)> {
    let from = match sums.from {
        i64::MIN => i64::MIN,
        day if month_of(day) == day => day,
        day => month_after(month_of(day)),
    };
    let to = month_of(sums.to.min(sums.late_to));
    (from < to).then_some((from, to))
}

/// Conditions on sums by one dimension.
pub(super) fn conditions(
    sql: &mut Sql,
    question: &Question,
    (span, source): (&str, &Source),
    days: (i64, i64),
    recorded_before: i64,
) {
    sql.text_is("d.scope", &source.scope);
    sql.text_is("d.dimension", source.dimension);
    sql.text_is("d.span", span);
    sql.bounds("d.day", days.0, days.1);
    sql.bounds("d.recorded_block", i64::MIN, recorded_before);
    if let Some(value) = &source.value {
        sql.text_is("d.value", value);
    }
    if !question.sealed {
        sql.push(" AND d.sealed = 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(by: By, agency: Option<&str>, only: &[(By, &str)]) -> Question {
        Question {
            by,
            from: None,
            to: None,
            as_of: None,
            now: 0,
            agency: agency.map(str::to_owned),
            only: only.iter().map(|(by, value)| (*by, (*value).to_owned())).collect(),
            sealed: true,
        }
    }

    fn told(parts: &[Part]) -> Vec<(&str, i64, i64)> {
        let one = |part: &Part| match part {
            Part::Rolled { span, days, .. } => (*span, days.0, days.1),
            Part::Combined { days, recorded: (i64::MIN, _) } => ("every", days.0, days.1),
            Part::Combined { days, .. } => ("since", days.0, days.1),
        };
        parts.iter().map(one).collect()
    }

    #[test]
    fn months_are_whole_and_days_the_rest() {
        // 1970-01-16 to 1970-04-11, late up to 1970-03-12.
        let sums = Sums { from: 15, to: 100, late_to: 70, recorded_to: i64::MAX };
        let by = question(By::Agency, None, &[]);
        let expected = vec![("day", 15, 31), ("month", 31, 59), ("day", 59, 100)];
        assert_eq!(told(&parts(&by, &sums, true)), expected);
        assert_eq!(told(&parts(&by, &sums, false)), [("every", 15, 100)]);
        let all = Sums { from: i64::MIN, to: i64::MAX, late_to: 70, recorded_to: 61 };
        let own = question(By::Kind, Some("A"), &[]);
        let expected =
            vec![("month", i64::MIN, 59), ("since", i64::MIN, 59), ("every", 59, i64::MAX)];
        assert_eq!(told(&parts(&own, &all, true)), expected);
        let days = question(By::Day, None, &[(By::Kind, "x")]);
        assert_eq!(told(&parts(&days, &sums, true)), [("day", 15, 100)]);
    }

    #[test]
    fn more_filters_are_answered_by_combination() {
        let source = |by, agency, only: &[(By, &str)]| super::source(&question(by, agency, only));
        assert!(source(By::Kind, Some("A"), &[(By::Sector, "B")]).is_none());
        assert!(source(By::Kind, None, &[(By::Sector, "B")]).is_none());
        assert!(source(By::Kind, Some(""), &[]).is_none());
        assert!(source(By::Day, None, &[(By::Holder, "")]).is_none());
        assert!(source(By::Agency, Some(""), &[]).is_some());
        assert!(source(By::Holder, Some("A"), &[]).is_some());
    }
}
