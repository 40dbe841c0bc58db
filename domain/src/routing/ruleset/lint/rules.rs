//! The decision tables: rules that never decide, rules that lose some of their categories, rules
//! of which only the order says who decides.

use super::{Lint, Severity};
use crate::routing::directory::{AgencyRef, Category, Validity};
use crate::routing::responsibility::shadow::covers_besides_category;
use crate::routing::responsibility::table::{Condition, Outcome, Rule, Table, UNCLASSIFIED};
use crate::routing::ruleset::RuleSet;
use crate::routing::ruleset::reading::Row;

/// Combinations of listed values tried for one rule and category; with more the check is content
/// with single earlier rules.
const COMBINATIONS: usize = 256;
/// Categories named in one message.
const NAMED: usize = 6;

impl Lint<'_> {
    pub(super) fn tables(&mut self) {
        for table in self.rules.tables.values() {
            let categories = decided_here(self.rules, table);
            for nth in 0..table.rules.len() {
                self.reachable(table, nth, &categories);
                self.overlaps(table, nth, &categories);
            }
        }
    }

    /// Whether an earlier rule takes everything from this one, or all cases of some category.
    fn reachable(&mut self, table: &Table, nth: usize, categories: &[Option<&Category>]) {
        let rule = &table.rules[nth];
        let own: Vec<_> = categories.iter().copied().filter(|c| takes(&rule.when, *c)).collect();
        let place = (Row::Rule, rule.id.as_str());
        if own.is_empty() {
            let vi = format!(
                "Không loại việc nào của bảng {} thỏa điều kiện: không bao giờ quyết định.",
                table.name
            );
            let en =
                format!("no category of the table {} fulfils it: it can never decide", table.name);
            return self.found(Severity::Error, "unreachable", place, vi, en);
        }
        let hidden = |c: Option<&Category>| hiding(self.rules, table, nth, c);
        let lost: Vec<_> = own.iter().filter_map(|c| Some((*c, hidden(*c)?))).collect();
        let Some((_, first)) = lost.first() else { return };
        let by = first.id.clone();
        if lost.len() == own.len() {
            let vi = format!(
                "Không bao giờ quyết định: các quy tắc trước (như `{by}`) luôn quyết định thay."
            );
            let en =
                format!("can never decide: earlier rules (e.g. `{by}`) always decide before it");
            self.found(Severity::Error, "unreachable", place, vi, en);
        } else if !rule.when.category.is_empty() {
            let names = lost.iter().filter_map(|(c, _)| c.map(|c| c.code.as_str()));
            let names = names.take(NAMED).collect::<Vec<_>>().join(", ");
            let vi = format!(
                "Không bao giờ quyết định với {names}: quy tắc trước (như `{by}`) luôn quyết định thay."
            );
            let en =
                format!("can never decide for {names}: an earlier rule (e.g. `{by}`) always does");
            self.found(Severity::Warning, "shadowed", place, vi, en);
        }
    }

    /// Earlier rules that may hold together with this one, decide otherwise, and are neither its
    /// exception nor its general case.
    fn overlaps(&mut self, table: &Table, nth: usize, categories: &[Option<&Category>]) {
        let later = &table.rules[nth];
        for earlier in &table.rules[..nth] {
            let (one, two) = (&earlier.when, &later.when);
            let nested = covers_besides_category(one, two) || covers_besides_category(two, one);
            if nested || !compatible(one, two) {
                continue;
            }
            let both = |c: &&Option<&Category>| takes(one, **c) && takes(two, **c);
            let differ = |c: &&Option<&Category>| result(earlier, **c) != result(later, **c);
            let Some(category) = categories.iter().filter(both).find(differ) else { continue };
            let named = category.map_or_else(String::new, |c| format!(" ({})", c.code));
            let vi = format!(
                "Chồng lấn với `{}`{named}: cùng đúng thì chỉ thứ tự quyết định.",
                earlier.id
            );
            let en = format!(
                "overlaps with `{}`{named}: where both hold only their order decides",
                earlier.id
            );
            self.found(Severity::Note, "overlap", (Row::Rule, &later.id), vi, en);
        }
    }
}

/// The categories a table decides; one "none" in the table for what was not classified.
fn decided_here<'a>(rules: &'a RuleSet, table: &Table) -> Vec<Option<&'a Category>> {
    let own = rules.directory.categories.values().filter(|c| c.route == table.name).map(Some);
    let none = (table.name == UNCLASSIFIED).then_some(None);
    own.chain(none).collect()
}

/// Whether a category fulfils what a condition demands of the category.
fn takes(when: &Condition, category: Option<&Category>) -> bool {
    match category {
        None => when.category.is_empty() && when.sector.is_empty() && when.primary.is_none(),
        Some(c) => {
            (when.category.is_empty() || when.category.contains(&c.code))
                && (when.sector.is_empty() || when.sector.contains(&c.sector))
                && when.primary.as_ref().is_none_or(|primary| c.primary.contains(primary))
        }
    }
}

/// The earlier rule that takes all cases of a category from a rule, alone or with others.
fn hiding<'t>(
    rules: &RuleSet,
    table: &'t Table,
    nth: usize,
    category: Option<&Category>,
) -> Option<&'t Rule> {
    let when = &table.rules[nth].when;
    let earlier: Vec<&Rule> = table.rules[..nth]
        .iter()
        .filter(|rule| takes(&rule.when, category) && decides(rules, rule, category))
        .collect();
    let covering = |narrow: &Condition| {
        earlier.iter().copied().find(|rule| covers_besides_category(&rule.when, narrow))
    };
    if let Some(rule) = covering(when) {
        return Some(rule);
    }
    let combinations = combinations(when)?;
    let mut last = None;
    for narrow in &combinations {
        last = Some(covering(narrow)?);
    }
    last
}

/// Whether a rule certainly decides where its condition holds.
fn decides(rules: &RuleSet, rule: &Rule, category: Option<&Category>) -> bool {
    match &rule.then {
        Outcome::Desk(_) | Outcome::Agency(_) => true,
        Outcome::Primary(nth) => category.is_some_and(|c| c.primary.len() >= *nth),
        Outcome::Attribute(name) => {
            let Some((category, values)) = category.zip(rule.when.attribute.get(name)) else {
                return false;
            };
            values.iter().all(|value| {
                let agency = rules.attributes.agency(name, value);
                agency.is_some_and(|a| category.primary.contains(&AgencyRef::Code(a.clone())))
            })
        }
    }
}

/// A condition with lists as conditions with one value each; none when it has no lists of several
/// or there are too many combinations.
fn combinations(when: &Condition) -> Option<Vec<Condition>> {
    let attributes = when.attribute.values().map(|values| values.len().max(1));
    let lists = [when.district.len(), when.kind.len(), when.handoff.len()];
    let all: usize = lists.into_iter().map(|n| n.max(1)).chain(attributes).product();
    if !(2..=COMBINATIONS).contains(&all) {
        return None;
    }
    let mut list = vec![when.clone()];
    list = each(list, &when.district, |one, value| one.district = vec![value]);
    list = each(list, &when.kind, |one, value| one.kind = vec![value]);
    list = each(list, &when.handoff, |one, value| one.handoff = vec![value]);
    for (name, values) in &when.attribute {
        list = each(list, values, |one, value| {
            one.attribute.insert(name.clone(), vec![value]);
        });
    }
    Some(list)
}

fn each<T: Clone>(
    list: Vec<Condition>,
    values: &[T],
    set: impl Fn(&mut Condition, T),
) -> Vec<Condition> {
    if values.len() < 2 {
        return list;
    }
    let mut out = Vec::with_capacity(list.len() * values.len());
    for one in list {
        for value in values {
            let mut one = one.clone();
            set(&mut one, value.clone());
            out.push(one);
        }
    }
    out
}

/// Whether two conditions can hold together for a case of one category. A text can hold the words
/// of both.
fn compatible(a: &Condition, b: &Condition) -> bool {
    let attributes = a
        .attribute
        .iter()
        .all(|(name, values)| b.attribute.get(name).is_none_or(|others| meet(values, others)));
    meet(&a.district, &b.district)
        && meet(&a.kind, &b.kind)
        && meet(&a.handoff, &b.handoff)
        && attributes
        && meet_in_time(a.validity, b.validity)
}

/// Whether two lists, of which an empty one demands nothing, allow a common value.
fn meet<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|value| b.contains(value))
}

/// Whether two stretches of days have a day in common.
pub(super) fn meet_in_time(a: Validity, b: Validity) -> bool {
    let before =
        |x: Validity, y: Validity| x.to.is_some_and(|to| y.from.is_some_and(|from| to < from));
    !before(a, b) && !before(b, a)
}

/// What a rule decides for a category, comparable.
fn result(rule: &Rule, category: Option<&Category>) -> Outcome {
    match (&rule.then, category) {
        (Outcome::Primary(nth), Some(c)) => match nth.checked_sub(1).and_then(|n| c.primary.get(n))
        {
            Some(agency) => Outcome::Agency(agency.clone()),
            None => rule.then.clone(),
        },
        (outcome, _) => outcome.clone(),
    }
}
