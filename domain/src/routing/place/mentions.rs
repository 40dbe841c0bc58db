//! Where a text speaks of districts and wards.

use super::index::{Name, Named, PlaceIndex};
use crate::routing::tokens::{Hit, Token};

/// How much a mention of a district weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// "tb" alone: only beside a ward that exists there.
    Short,
    /// "cầu Bình Chánh": only when nothing else is known.
    Weak,
    /// "Gò Vấp", "quận 3".
    Full,
}

/// A district that is spoken of; one name may stand for several ("Chợ Lớn").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DistrictMention {
    /// Word it begins at.
    pub at: usize,
    /// Indexes into the index's districts.
    pub districts: Vec<usize>,
    pub weight: Weight,
    /// Whether it was called by another name than its own.
    pub alias: bool,
}

/// A ward that is spoken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WardMention {
    /// "phường 5".
    Number { at: usize, number: u32 },
    /// "phường Thảo Điền"; indexes the index's ward names.
    Name { at: usize, name: usize },
}

impl WardMention {
    pub(super) const fn at(&self) -> usize {
        match self {
            Self::Number { at, .. } | Self::Name { at, .. } => *at,
        }
    }
}

/// Everything a text says about places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub districts: Vec<DistrictMention>,
    pub wards: Vec<WardMention>,
    /// Wards named without "phường"; they count only when nothing else is known.
    pub unmarked: Vec<WardMention>,
}

/// So many places are read in one text; what a text names after them is a list, not a place.
const MOST: usize = 40;

/// No ward of the country has a higher number.
const HIGHEST_WARD_NUMBER: u32 = 40;

impl PlaceIndex {
    /// Reads a text from left to right. In an address a part between commas that is a ward's name
    /// counts without "phường".
    pub(super) fn mentions(&self, tokens: &[Token], address: bool) -> Mentions {
        let mut found = Mentions::default();
        let mut at = 0;
        while at < tokens.len() && found.few() {
            let bare = if address { self.bare_ward(tokens, at) } else { None };
            at = self
                .ward_at(tokens, at, &mut found)
                .or_else(|| {
                    let end = self.district_at(tokens, at, &mut found)?;
                    // "Thảo Điền" is a ward and stands for its district, too; "Tân Phú" as a part
                    // of an address is the district, not a ward of others.
                    let home = found.districts.last().map(|mention| mention.districts.clone());
                    let bare =
                        bare.as_ref().filter(|(ward, _)| self.lies_in(ward, home.as_deref()));
                    found.wards.extend(bare.map(|(ward, _)| ward.clone()));
                    Some(end)
                })
                .or_else(|| {
                    let (ward, end) = bare.clone()?;
                    found.wards.push(ward);
                    Some(end)
                })
                .or_else(|| self.unmarked_ward(tokens, at, &mut found))
                .unwrap_or(at + 1);
        }
        found
    }

    /// A ward at this word, with "phường" or the like before it; returns where it ends.
    fn ward_at(&self, tokens: &[Token], at: usize, found: &mut Mentions) -> Option<usize> {
        if let Some(number) = glued(tokens.get(at)?, &self.glued_ward).and_then(ward_number) {
            found.wards.push(WardMention::Number { at, number });
            return Some(at + 1);
        }
        let after = self.ward_words.longest_at(tokens, at)?.end;
        if let Some(hit) = self.ward_phrases.longest_at(tokens, after) {
            found.wards.push(WardMention::Name { at, name: hit.value });
            return Some(hit.end);
        }
        let number = ward_number(&tokens.get(after)?.folded)?;
        found.wards.push(WardMention::Number { at, number });
        Some(after + 1)
    }

    /// A ward's name that is a whole part of an address: "12 Xuân Thủy, Thảo Điền, Q2".
    fn bare_ward(&self, tokens: &[Token], at: usize) -> Option<(WardMention, usize)> {
        let hit = self.ward_phrases.longest_at(tokens, at)?;
        let whole = at > 0
            && tokens[at].starts_part
            && tokens.get(hit.end).is_none_or(|next| next.starts_part);
        whole.then_some((WardMention::Name { at, name: hit.value }, hit.end))
    }

    /// A ward's name without "phường", where it cannot well mean anything else: "ở Linh Đông".
    fn unmarked_ward(&self, tokens: &[Token], at: usize, found: &mut Mentions) -> Option<usize> {
        let hit = self.ward_phrases.longest_at(tokens, at)?;
        let name = self.ward_names.get(hit.value)?;
        if !name.alone
            || name.wards.len() != 1
            || self.ends_before(&self.not_place_after, tokens, at)
        {
            return None;
        }
        found.unmarked.push(WardMention::Name { at, name: hit.value });
        Some(hit.end)
    }

    /// Whether a street's name ends right before this word: two capital words, or a street word
    /// with two to four words after it.
    fn follows_street(&self, tokens: &[Token], at: usize) -> bool {
        let named = at >= 2 && tokens[at - 2..at].iter().all(|t| t.capital && !t.starts_part);
        let (first, last) = (at.saturating_sub(5), at.saturating_sub(2));
        let after_word = (first..last.max(first)).any(|start| {
            self.street_words.at(tokens, start).any(|hit| hit.end <= last && hit.end > 0)
        });
        named || after_word
    }

    /// Whether a ward of this name lies in one of the districts.
    fn lies_in(&self, ward: &WardMention, districts: Option<&[usize]>) -> bool {
        let WardMention::Name { name, .. } = ward else { return false };
        let Some(name) = self.ward_names.get(*name) else { return false };
        let mut districts =
            districts.unwrap_or_default().iter().filter_map(|d| self.districts.get(*d));
        districts.any(|district| name.homes.contains(district))
    }

    /// A district at this word; returns where it ends.
    fn district_at(&self, tokens: &[Token], at: usize, found: &mut Mentions) -> Option<usize> {
        if let Some(named) =
            glued(tokens.get(at)?, &self.glued_district).and_then(|rest| self.one_word.get(rest))
        {
            found.push(at, named.iter().copied(), Weight::Full);
            return Some(at + 1);
        }
        if let Some(word) = self.district_words.longest_at(tokens, at) {
            let hits = self.longest_names(tokens, word.end);
            if let Some(first) = hits.first() {
                found.push(at, hits.iter().map(|hit| hit.value), Weight::Full);
                return Some(first.end);
            }
        }
        let hits = self.longest_names(tokens, at);
        let end = hits.first()?.end;
        // A bare number is a house number, not a district.
        if tokens[at].folded.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        // "Hòa Bình Tân Phú": of two names that share words the later one is the district, because
        // an address goes from small to large.
        if (at + 1..end).any(|inner| self.longest_names(tokens, inner).iter().any(|h| h.end > end))
        {
            return None;
        }
        let short = hits.iter().all(|hit| hit.value.strength == Name::Short);
        if self.ends_before(&self.not_place_after, tokens, at) {
            return Some(end);
        }
        let weight = match (short, self.ends_before(&self.weak_after, tokens, at)) {
            (true, _) if self.follows_street(tokens, at) => Weight::Weak,
            (true, _) => Weight::Short,
            (false, true) => Weight::Weak,
            (false, false) => Weight::Full,
        };
        found.push(at, hits.iter().map(|hit| hit.value), weight);
        Some(end)
    }

    /// The names that begin at this word and are as long as the longest of them.
    fn longest_names(&self, tokens: &[Token], at: usize) -> Vec<Hit<Named>> {
        let mut hits: Vec<_> = self.names.at(tokens, at).collect();
        let end = hits.iter().map(|hit| hit.end).max().unwrap_or(at);
        hits.retain(|hit| hit.end == end);
        hits
    }

    /// Whether one of these phrases stands right before this word.
    fn ends_before(
        &self,
        phrases: &crate::routing::tokens::PhraseMap<()>,
        tokens: &[Token],
        at: usize,
    ) -> bool {
        const LONGEST: usize = 4;
        (at.saturating_sub(LONGEST)..at)
            .any(|start| phrases.at(tokens, start).any(|hit| hit.end == at))
    }
}

impl Mentions {
    /// The mentions of two texts, the first one's first.
    pub(super) fn joined(mut self, second: Self) -> Self {
        // Far apart, so that words of one text do not count as beside words of the other.
        const APART: usize = 1 << 20;
        self.districts.extend(second.districts.into_iter().map(|mut mention| {
            mention.at += APART;
            mention
        }));
        let apart = |mention| match mention {
            WardMention::Number { at, number } => WardMention::Number { at: at + APART, number },
            WardMention::Name { at, name } => WardMention::Name { at: at + APART, name },
        };
        self.wards.extend(second.wards.into_iter().map(apart));
        self.unmarked.extend(second.unmarked.into_iter().map(apart));
        self
    }

    const fn few(&self) -> bool {
        self.districts.len() + self.wards.len() + self.unmarked.len() < MOST
    }

    fn push(&mut self, at: usize, named: impl Iterator<Item = Named> + Clone, weight: Weight) {
        let alias = named.clone().all(|named| named.alias);
        let districts = named.map(|named| named.district).collect();
        self.districts.push(DistrictMention { at, districts, weight, alias });
    }
}

/// What follows a word glued to it: "p11" → "11", "quan1" → "1", "qgv" → "gv".
fn glued<'a>(token: &'a Token, words: &[String]) -> Option<&'a str> {
    words
        .iter()
        .filter_map(|word| token.folded.strip_prefix(word.as_str()))
        .filter(|rest| {
            rest.len() > 1 && rest.len() <= 8
                || rest.chars().all(|c| c.is_ascii_digit()) && !rest.is_empty()
        })
        .min_by_key(|rest| rest.len())
}

fn ward_number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits)?;
    (1..=HIGHEST_WARD_NUMBER).contains(&number).then_some(number)
}
