//! Finds rules that can never decide, because an earlier one always decides first.

use super::table::{Condition, Table};
use crate::routing::directory::Validity;

/// For each rule that can never be reached: its index and the index of the rule that hides it.
pub fn hidden(table: &Table) -> Vec<(usize, usize)> {
    let rules = &table.rules;
    (1..rules.len())
        .filter_map(|later| {
            let earlier = (0..later).find(|e| {
                // An outcome that may decide nothing lets later rules through.
                !matches!(rules[*e].then, super::table::Outcome::Attribute(_))
                    && covers(&rules[*e].when, &rules[later].when)
            })?;
            Some((later, earlier))
        })
        .collect()
}

/// Whether everything that fulfils `narrow` fulfils `wide`.
fn covers(wide: &Condition, narrow: &Condition) -> bool {
    superset(&wide.category, &narrow.category)
        && superset(&wide.sector, &narrow.sector)
        && (wide.primary.is_none() || wide.primary == narrow.primary)
        && covers_besides_category(wide, narrow)
}

/// As [`covers`] for cases of one category that fulfils what both demand of the category.
pub fn covers_besides_category(wide: &Condition, narrow: &Condition) -> bool {
    superset(&wide.district, &narrow.district)
        && superset(&wide.kind, &narrow.kind)
        && superset(&wide.handoff, &narrow.handoff)
        && superset(&wide.word.written, &narrow.word.written)
        && wide.attribute.iter().all(|(name, values)| {
            narrow.attribute.get(name).is_some_and(|inner| superset(values, inner))
        })
        && wide
            .known
            .iter()
            .all(|name| narrow.known.contains(name) || narrow.attribute.contains_key(name))
        && contains(wide.validity, narrow.validity)
}

/// Empty demands nothing; otherwise every value of `narrow`, which must demand something, is one
/// of `wide`'s.
fn superset<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|value| wide.contains(value)))
}

fn contains(wide: Validity, narrow: Validity) -> bool {
    let from = wide.from.is_none_or(|from| narrow.from.is_some_and(|f| from <= f));
    let to = wide.to.is_none_or(|to| narrow.to.is_some_and(|t| t <= to));
    from && to
}
