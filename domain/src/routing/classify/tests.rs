//! The classifier with the city's own phrases: measures that must not fall, tables of danger,
//! figures of speech and sealed matters, and laws over any text.

mod files;
mod tables;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// All phrase files of the city, in the order of their names.
fn phrases() -> Phrases {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../routing-rules/phrases");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut all = Phrases::default();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        all.merge(parse_phrases(&path.to_string_lossy(), &text).unwrap());
    }
    all
}

static CITY: LazyLock<Classifier> = LazyLock::new(|| Classifier::build(&phrases()));

/// Every fifth example is held back and judged by a classifier built from the others. The
/// examples were written to differ, so this is harder than the city's mail.
#[test]
fn held_back_examples_are_recognised() {
    let mut rest = phrases();
    let sections = rest.sections.clone();
    let mut held = Vec::new();
    let mut count = 0_usize;
    rest.training.retain(|phrase| {
        if phrase.keyword || phrase.category.is_none() {
            return true;
        }
        count += 1;
        let hold = count.is_multiple_of(5);
        if hold {
            held.push(phrase.clone());
        }
        !hold
    });
    let classifier = Classifier::build(&rest);
    let (mut sectors, mut categories) = (0_usize, 0_usize);
    for phrase in &held {
        let got = classifier.classify(&phrase.text);
        let section = sections.iter().find(|s| Some(&s.category) == phrase.category.as_ref());
        sectors += usize::from(got.sector.as_ref() == section.map(|s| &s.sector));
        categories += usize::from(got.category == phrase.category);
    }
    let percent = |right: usize| 100 * right / held.len();
    assert!(held.len() > 300, "{}", held.len());
    assert!(percent(sectors) >= 75, "sectors {} %", percent(sectors));
    assert!(percent(categories) >= 57, "categories {} %", percent(categories));
}

#[test]
fn the_same_phrases_build_the_same_classifier() {
    let (one, other) = (Classifier::build(&phrases()), Classifier::build(&phrases()));
    for text in ["đường ngập, kẹt xe", "chay nha", "cây đổ đè trúng người", "xin chào", ""]
    {
        assert_eq!(one.classify(text), other.classify(text));
    }
}

#[test]
fn nothing_and_chatter_are_not_sure_of_anything() {
    for text in ["", "   ", "😀😀", "xin chào ad", "zzz qqq", "alo 1 2 3", "12345", "\u{0}\u{202e}"]
    {
        let got = CITY.classify(text);
        assert!(got.confidence < 0.35, "{text}: {got:?}");
        assert_eq!((got.handoff, got.confidential), (None, false), "{text}");
    }
}

#[test]
fn says_what_decided() {
    let got = CITY.classify("Nắp cống bị mất trước nhà số 5 đường Điện Biên Phủ");
    assert_eq!(got.category, Some(CategoryCode::new("TN01")));
    assert!(got.because.iter().any(|words| words.contains("cong")), "{:?}", got.because);
    assert!(!got.because.iter().any(|words| words.contains("dien")), "{:?}", got.because);
    assert_eq!(got.alternatives.first().map(|a| a.category.as_str()), Some("TN01"));
    assert!(got.alternatives.is_sorted_by(|a, b| a.confidence >= b.confidence));
}

#[test]
fn long_texts_are_read_at_both_ends() {
    let filler = "tiếp theo là chuyện khác ".repeat(3000);
    let got = CITY.classify(&format!("{filler} nhà đang cháy cứu với"));
    assert_eq!(got.handoff, Some(Handoff::Fire));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_classified(text in any::<String>()) {
        let got = CITY.classify(&text);
        prop_assert!((0.0..=1.0).contains(&got.confidence));
        prop_assert_eq!(got.handoff.is_some(), got.urgent);
        prop_assert_eq!(got.kind == Kind::Emergency, got.handoff.is_some());
    }
}
