//! Many comparisons counted: from where to where, and on which side people were.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::compare::{Compared, Ground};
use super::past::Destination;

/// How often which rules sent cases elsewhere, from where to where.
pub type Pairs = BTreeMap<(String, String), u64>;

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Cases compared.
    pub compared: u64,
    /// Of them, whose recorded kind or place was taken as given ([`Ground::Assumed`]).
    pub assumed: u64,
    /// Cases about which nothing is concluded ([`Ground::Unknown`]).
    pub unknown: u64,
    /// Imported cases, which no rules routed.
    pub imported: u64,
    /// Compared cases that would go elsewhere.
    pub moved: u64,
    /// Compared cases that would be read as another kind, sector or category.
    pub reread: u64,
    /// Where cases went → would go.
    #[serde(serialize_with = "pairs")]
    pub agencies: Pairs,
    /// Category recorded → new.
    #[serde(serialize_with = "pairs")]
    pub categories: Pairs,
    /// Sector recorded → new.
    #[serde(serialize_with = "pairs")]
    pub sectors: Pairs,
    /// For cases that would go elsewhere: the rule that decided → the one that would.
    #[serde(serialize_with = "pairs")]
    pub rules: Pairs,
    /// Agencies people chose instead, against both verdicts.
    pub agency_corrections: Agreement,
    /// Categories people chose instead, against both verdicts.
    pub category_corrections: Agreement,
    /// Cases that the agency of the old verdict returned.
    pub returns: Returns,
    /// Cases that the agency of the old verdict accepted and nobody sent elsewhere.
    pub accepted: Accepted,
}

/// On which side people were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Cases that people corrected or confirmed.
    pub people: u64,
    /// Both verdicts say what people said.
    pub both: u64,
    /// Only the old one does.
    pub old: u64,
    /// Only the new one does.
    pub new: u64,
    /// Neither does.
    pub neither: u64,
}

/// What would have become of returned cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Returns {
    /// Returned by the agency of the old verdict.
    pub returned: u64,
    /// Of them, would go elsewhere.
    pub avoided: u64,
}

/// What would have become of accepted cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Accepted by the agency of the old verdict, and its own to the end.
    pub accepted: u64,
    /// Of them, would go elsewhere.
    pub lost: u64,
}

impl Sums {
    /// Counts an imported case.
    pub const fn add_imported(&mut self) {
        self.imported += 1;
    }

    /// Counts a comparison.
    pub fn add(&mut self, one: &Compared) {
        if one.ground == Ground::Unknown {
            self.unknown += 1;
            return;
        }
        self.compared += 1;
        self.assumed += u64::from(one.ground == Ground::Assumed);
        self.reread += u64::from(one.reread());
        count(
            &mut self.categories,
            show(one.old.category.as_ref()),
            show(one.new.category.as_ref()),
        );
        count(&mut self.sectors, show(one.old.sector.as_ref()), show(one.new.sector.as_ref()));
        if one.moved() {
            self.moved += 1;
            let (old, new) = (&one.old, &one.new);
            count(&mut self.agencies, old.destination.to_string(), new.destination.to_string());
            // The same rule counts as well: what it says may be what changed.
            let by = (show(old.rule.as_ref()), show(new.rule.as_ref()));
            *self.rules.entry(by).or_default() += 1;
        }
        self.add_people(one);
    }

    fn add_people(&mut self, one: &Compared) {
        let people = &one.people;
        let went = match &one.old.destination {
            Destination::Agency(code) => Some(code),
            _ => None,
        };
        if let Some(agency) = &people.agency {
            let said = Destination::Agency(agency.clone());
            self.agency_corrections.add(one.old.destination == said, one.new.destination == said);
        }
        if let Some(category) = &people.category {
            let said = Some(category);
            let (old, new) = (one.old.category.as_ref(), one.new.category.as_ref());
            self.category_corrections.add(old == said, new == said);
        }
        if went.is_some_and(|agency| people.returned.contains(agency)) {
            self.returns.returned += 1;
            self.returns.avoided += u64::from(one.moved());
        } else if people.agency.is_none()
            && went.is_some_and(|agency| people.accepted.contains(agency))
        {
            self.accepted.accepted += 1;
            self.accepted.lost += u64::from(one.moved());
        }
    }

    /// Adds the counts of another part of the cases.
    pub fn merge(&mut self, other: Self) {
        self.compared += other.compared;
        self.assumed += other.assumed;
        self.unknown += other.unknown;
        self.imported += other.imported;
        self.moved += other.moved;
        self.reread += other.reread;
        for (mine, theirs) in [
            (&mut self.agencies, other.agencies),
            (&mut self.categories, other.categories),
            (&mut self.sectors, other.sectors),
            (&mut self.rules, other.rules),
        ] {
            for (pair, count) in theirs {
                *mine.entry(pair).or_default() += count;
            }
        }
        self.agency_corrections.merge(other.agency_corrections);
        self.category_corrections.merge(other.category_corrections);
        self.returns.returned += other.returns.returned;
        self.returns.avoided += other.returns.avoided;
        self.accepted.accepted += other.accepted.accepted;
        self.accepted.lost += other.accepted.lost;
    }
}

impl Agreement {
    fn add(&mut self, old: bool, new: bool) {
        self.people += 1;
        match (old, new) {
            (true, true) => self.both += 1,
            (true, false) => self.old += 1,
            (false, true) => self.new += 1,
            (false, false) => self.neither += 1,
        }
    }

    const fn merge(&mut self, other: Self) {
        self.people += other.people;
        self.both += other.both;
        self.old += other.old;
        self.new += other.new;
        self.neither += other.neither;
    }
}

/// Only what changes is counted as a pair.
fn count(pairs: &mut Pairs, from: String, to: String) {
    if from != to {
        *pairs.entry((from, to)).or_default() += 1;
    }
}

/// A code, or `-` where there is none.
fn show(code: Option<&impl ToString>) -> String {
    code.map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// As a list, the most frequent first.
fn pairs<S: Serializer>(pairs: &Pairs, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Pair<'a> {
        from: &'a str,
        to: &'a str,
        cases: u64,
    }
    serializer.collect_seq(ranked(pairs).into_iter().map(|(from, to, cases)| Pair {
        from,
        to,
        cases,
    }))
}

/// The pairs, the most frequent first.
pub fn ranked(pairs: &Pairs) -> Vec<(&str, &str, u64)> {
    let mut list: Vec<_> = pairs.iter().map(|((f, t), n)| (f.as_str(), t.as_str(), *n)).collect();
    list.sort_by_key(|(from, to, cases)| (std::cmp::Reverse(*cases), *from, *to));
    list
}
