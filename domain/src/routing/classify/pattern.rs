//! The small pattern language of the lexicons.
//!
//! A pattern is words in order. `a|b` takes either word, `a?` may be missing, `.` lets up to two
//! words lie between, `..` up to four, `...` up to ten. Words are written as Vietnamese is written:
//! with marks they match the same marks or none at all ("cháy" matches "cháy" and "chay", never
//! "chảy"); without marks they match what is written without ("xe", never "xé"). `cháy!` takes the
//! word only where its marks are written, for words that without them are everyday words. Chat
//! spelling needs no entry of its own, both sides are folded.

use std::collections::HashMap;

use crate::text::{Token, tokens};

/// How many words the gaps may stand for.
const GAPS: [(&str, usize); 3] = [(".", 2), ("..", 4), ("...", 10)];

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// One of these words; `optional` when it may be missing.
    Word { any_of: Vec<Choice>, optional: bool },
    /// Up to so many words of no interest.
    Gap(usize),
}

/// A word a step takes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    word: Token,
    /// Only where the marks are written.
    marked: bool,
}

impl Choice {
    fn takes(&self, written: &Token) -> bool {
        let plain = self.word.marks != 0 || written.marks == 0;
        plain && self.word.may_be(written) && (!self.marked || written.marks != 0)
    }
}

/// A parsed pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    steps: Vec<Step>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for part in text.split_whitespace() {
            if let Some((_, words)) = GAPS.iter().find(|(gap, _)| *gap == part) {
                steps.push(Step::Gap(*words));
                continue;
            }
            let (words, optional) = match part.strip_suffix('?') {
                Some(words) => (words, true),
                None => (part, false),
            };
            let mut any_of = Vec::new();
            for word in words.split('|') {
                match tokens(word).as_slice() {
                    [one] => any_of.push(Choice { word: one.clone(), marked: word.ends_with('!') }),
                    _ => return Err(format!("`{word}` in the pattern `{text}` is not one word")),
                }
            }
            steps.push(Step::Word { any_of, optional });
        }
        match (steps.first(), steps.last()) {
            (
                Some(Step::Word { optional: false, .. }),
                Some(Step::Word { optional: false, .. }),
            ) => Ok(Self { steps }),
            _ => Err(format!("the pattern `{text}` must begin and end with a word")),
        }
    }

    /// The positions of the words the pattern takes when it begins at `at`.
    fn match_at(&self, words: &[Token], at: usize) -> Option<Vec<usize>> {
        let mut taken = Vec::new();
        follow(&self.steps, words, at, &mut taken).then_some(taken)
    }

    /// The folded words it may begin with.
    fn beginnings(&self) -> &[Choice] {
        match self.steps.first() {
            Some(Step::Word { any_of, .. }) => any_of,
            _ => &[],
        }
    }
}

/// Whether `steps` match `words` from `at` on; `taken` collects the positions of matched words.
fn follow(steps: &[Step], words: &[Token], at: usize, taken: &mut Vec<usize>) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let depth = taken.len();
    match step {
        Step::Gap(words_between) => (0..=*words_between).any(|skip| {
            taken.truncate(depth);
            follow(rest, words, at + skip, taken)
        }),
        Step::Word { any_of, optional } => {
            if words.get(at).is_some_and(|word| any_of.iter().any(|w| w.takes(word))) {
                taken.push(at);
                if follow(rest, words, at + 1, taken) {
                    return true;
                }
                taken.truncate(depth);
            }
            *optional && follow(rest, words, at, taken)
        }
    }
}

/// A set of patterns, each with a value, found by their first word.
#[derive(Clone, Debug)]
pub struct PatternSet<T> {
    patterns: Vec<(Pattern, T)>,
    by_first: HashMap<String, Vec<usize>>,
}

impl<T> Default for PatternSet<T> {
    fn default() -> Self {
        Self { patterns: Vec::new(), by_first: HashMap::new() }
    }
}

/// A pattern found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<T> {
    /// The value of the pattern.
    pub value: T,
    /// The positions of the words it took.
    pub at: Vec<usize>,
}

impl<T: Clone> PatternSet<T> {
    /// Adds a pattern.
    pub fn add(&mut self, pattern: Pattern, value: T) {
        let index = self.patterns.len();
        for choice in pattern.beginnings() {
            let entry = self.by_first.entry(choice.word.word.clone()).or_default();
            if entry.last() != Some(&index) {
                entry.push(index);
            }
        }
        self.patterns.push((pattern, value));
    }

    /// Every match, in the order of the text.
    pub fn find(&self, words: &[Token]) -> Vec<Hit<T>> {
        let mut hits = Vec::new();
        for (at, word) in words.iter().enumerate() {
            for index in self.by_first.get(&word.word).into_iter().flatten() {
                if let Some((pattern, value)) = self.patterns.get(*index)
                    && let Some(at) = pattern.match_at(words, at)
                {
                    hits.push(Hit { value: value.clone(), at });
                }
            }
        }
        hits
    }
}

/// The words at these positions, as one text.
pub(super) fn words_at(words: &[Token], at: &[usize]) -> String {
    let words: Vec<&str> =
        at.iter().filter_map(|i| words.get(*i)).map(|t| t.word.as_str()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        let mut set = PatternSet::default();
        set.add(Pattern::parse(pattern).unwrap(), ());
        !set.find(&tokens(text)).is_empty()
    }

    #[test]
    fn gaps_alternatives_and_options() {
        assert!(found("cháy .. nhà|xưởng", "chay may can nha"));
        assert!(
            found("có bị? điện giật", "co bi dien giat")
                && found("có bị? điện giật", "co dien giat")
        );
        assert!(!found("cháy .. nhà", "chay a b c d e nha"));
        assert!(found("cháy ... nhà", "chay a b c d e nha"));
    }

    #[test]
    fn marks_tell_words_apart_only_where_both_are_written() {
        assert!(found("cháy nhà", "CHÁY nhà") && found("cháy nhà", "chay nha"));
        assert!(!found("cháy nhà", "chảy nhà"));
        assert!(found("cây ngã", "cây ngả") && found("điện giật", "diện giật"));
        assert!(found("chay nha", "chay nha") && !found("chay nha", "chảy nhà"));
        assert!(found("cháy! to", "cháy to") && !found("cháy! to", "chay to"));
    }

    #[test]
    fn bad_patterns_are_refused() {
        for bad in ["", "..", "a ..", "a? b", "a b?", "a | b"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }
}
