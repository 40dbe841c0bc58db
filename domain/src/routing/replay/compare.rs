//! The new verdict beside the recorded one.
//!
//! Events do not hold everything the rules were told on receipt: attributes an operator gave (the
//! district, the class of the road) and a kind somebody chose are not in them. So when the new
//! verdict differs, the set that decided then is asked again if it is at hand, with less and more
//! taken as given, until it says what is recorded; only with the same input is the new verdict
//! compared. Where it is not at hand, the recorded kind and place are taken as given.

use crate::codes::{CategoryCode, SectorCode};
use crate::kinds::Kind;
use crate::routing::boundaries::Boundaries;
use crate::routing::ruleset::RuleSet;
use crate::routing::verdict::{RouteInput, Verdict};

use super::past::{Destination, Past, People};

/// How sure it is that the new verdict was asked the same as the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// It comes out as recorded, or the old set confirmed the input.
    Sure,
    /// The old set is not at hand; kind and place were taken from the record where the words alone
    /// give others.
    Assumed,
    /// The old set does not say what is recorded, whatever is taken as given: something it was told
    /// then is missing, and nothing is concluded.
    Unknown,
}

/// One side of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Where it goes.
    pub destination: Destination,
    /// Its kind.
    pub kind: Kind,
    /// Its sector.
    pub sector: Option<SectorCode>,
    /// Its category.
    pub category: Option<CategoryCode>,
    /// The rule that decides.
    pub rule: Option<String>,
}

/// A past case, old and new.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// As recorded.
    pub old: Side,
    /// As the changed set has it.
    pub new: Side,
    /// How sure the comparison is.
    pub ground: Ground,
    /// What people said afterwards.
    pub people: People,
    /// Either side seals it: it is counted, never named.
    pub sealed: bool,
}

impl Compared {
    /// Whether it would go elsewhere.
    pub fn moved(&self) -> bool {
        self.ground != Ground::Unknown && self.old.destination != self.new.destination
    }

    /// Whether it would be read otherwise: another kind, sector or category.
    pub fn reread(&self) -> bool {
        let same = self.old.kind == self.new.kind
            && self.old.sector == self.new.sector
            && self.old.category == self.new.category;
        self.ground != Ground::Unknown && !same
    }
}

/// Asks the changed set about a past case. `old` is the set that decided then, if it is at hand:
/// only a set with the recorded hash is used. Both look points up in `boundaries`.
pub fn compare(
    past: &Past,
    changed: &RuleSet,
    old: Option<&RuleSet>,
    boundaries: &Boundaries,
) -> Compared {
    let old = old.filter(|set| set.hash == past.rule_set());
    let plain = changed.explain_with(&past.input, boundaries);
    if as_recorded(past, &plain) {
        return compared(past, &plain, Ground::Sure);
    }
    let Some(old) = old else {
        let told = assumed(past, &plain);
        let ground = if told == past.input { Ground::Sure } else { Ground::Assumed };
        let verdict =
            if told == past.input { plain } else { changed.explain_with(&told, boundaries) };
        return compared(past, &verdict, ground);
    };
    let told = inputs(past)
        .into_iter()
        .find(|input| as_recorded(past, &old.explain_with(input, boundaries)));
    match told {
        Some(input) if input == past.input => compared(past, &plain, Ground::Sure),
        Some(input) => compared(past, &changed.explain_with(&input, boundaries), Ground::Sure),
        None => compared(past, &plain, Ground::Unknown),
    }
}

/// Whether a verdict says what is recorded.
fn as_recorded(past: &Past, verdict: &Verdict) -> bool {
    let found = &past.recorded.found;
    Destination::of(verdict) == past.recorded.destination
        && verdict.kind == found.kind
        && verdict.category == found.category
        && verdict.sector == found.sector
        && verdict.district == found.district
}

/// What may have been asked, the least taken as given first.
fn inputs(past: &Past) -> Vec<RouteInput> {
    let found = &past.recorded.found;
    let kind = |mut input: RouteInput| {
        input.kind = Some(found.kind);
        input
    };
    let place = |mut input: RouteInput| {
        let district = found.district.as_ref().map(|code| ("district", code.to_string()));
        let ward = found.ward.as_ref().map(|code| ("ward", code.to_string()));
        for (name, code) in district.into_iter().chain(ward) {
            input.attributes.insert(name.to_owned(), code);
        }
        input
    };
    let plain = past.input.clone();
    vec![plain.clone(), kind(plain.clone()), place(plain.clone()), place(kind(plain))]
}

/// The input with the recorded kind and place where the words alone give others: a kind the words
/// do not show was chosen, a district they do not name was asked for.
fn assumed(past: &Past, plain: &Verdict) -> RouteInput {
    let found = &past.recorded.found;
    let [mut input, _, placed, _]: [RouteInput; 4] =
        inputs(past).try_into().unwrap_or_else(|_| std::array::from_fn(|_| past.input.clone()));
    if plain.district.is_none() && found.district.is_some() {
        input = placed;
    }
    if plain.kind != found.kind {
        input.kind = Some(found.kind);
    }
    input
}

fn compared(past: &Past, verdict: &Verdict, ground: Ground) -> Compared {
    let found = &past.recorded.found;
    let old = Side {
        destination: past.recorded.destination.clone(),
        kind: found.kind,
        sector: found.sector.clone(),
        category: found.category.clone(),
        rule: found.rule.clone(),
    };
    let new = Side {
        destination: Destination::of(verdict),
        kind: verdict.kind,
        sector: verdict.sector.clone(),
        category: verdict.category.clone(),
        rule: verdict.rule.clone(),
    };
    let sealed = found.confidential || verdict.confidential;
    Compared { old, new, ground, people: past.people.clone(), sealed }
}
