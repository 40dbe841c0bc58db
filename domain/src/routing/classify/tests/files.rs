//! What the phrase files may hold, and what is said of a mistake.

use super::*;

fn errors(text: &str) -> Vec<String> {
    parse_phrases("gt.toml", text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn mistakes_name_file_and_line() {
    let table = [
        ("sector = \"GT\"\nsektor = 1\n", "gt.toml:2: unknown field `sektor`"),
        (
            "sector = \"GT\"\n[category.GT01]\nphrases = []\n",
            "gt.toml: category GT01 has no phrases",
        ),
        ("[category.GT01]\nphrases = [\"ổ gà\"]\n", "gt.toml:2: a file with categories must name"),
        (
            "sector = \"GT\"\n[category.GT01]\nphrases = [\n\"ổ gà\",\n\"...\"]\n",
            "gt.toml:5: an example without a word",
        ),
        (
            "sector = \"GT\"\n[category.GT01]\nphrases = [\"ổ gà\",\n\"o ga\"]\n",
            "gt.toml:4: `o ga` is already an example of GT01",
        ),
        ("harmless = [\n\"cháy ..\"]\n", "gt.toml:2: the pattern `cháy ..` must begin and end"),
        ("harmless = [\"@house cháy\"]\n", "gt.toml:1: the file has no list `house`"),
        ("[[kind]]\nkind = \"gossip\"\n", "gt.toml:2: unknown variant `gossip`"),
        ("[[danger]]\nhandoff = \"911\"\n", "gt.toml:2: unknown variant `911`"),
    ];
    for (text, message) in table {
        let errors = errors(text);
        assert!(errors.iter().any(|e| e.starts_with(message)), "{message}: {errors:?}");
    }
}

#[test]
fn categories_are_checked_against_the_directory() {
    let text = "sector = \"GT\"\n[category.GT01]\nphrases = [\"ổ gà\"]\n\n\
        [[danger]]\nhandoff = \"115\"\ncategories = [\n\"GT99\"]\n";
    let phrases = parse_phrases("gt.toml", text).unwrap();
    let found: Vec<String> = phrases
        .check(|code| (code.as_str() == "GT01").then(|| SectorCode::new("CN")))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        ["gt.toml:3: GT01 belongs to CN, not GT", "gt.toml:8: there is no category GT99"]
    );
}

#[test]
fn a_classifier_without_phrases_knows_nothing() {
    let got = Classifier::build(&Phrases::default()).classify("ổ gà giữa đường");
    assert_eq!((got.category, got.confidence, got.kind), (None, 0.0, Kind::Incident));
}
