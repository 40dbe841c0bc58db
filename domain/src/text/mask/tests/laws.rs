//! Laws over any text, and numbers planted in any text.

use proptest::prelude::*;

use super::*;

/// How the digits of a number are grouped; the rest stands together.
const SHAPES: [&[usize]; 9] =
    [&[], &[4, 3], &[3, 3], &[3, 4], &[2, 4], &[4, 2, 2], &[5], &[2, 2, 2], &[1; 9]];
const SIGNS: [&str; 8] = ["", " ", ".", "-", " - ", "\u{a0}", "–", ". "];
const PREFIXES: [&str; 12] =
    ["03", "05", "07", "08", "09", "+843", "+849", "848", "0283", "0121", "00849", "+84 9"];

/// A telephone number of any shape.
fn phone() -> impl Strategy<Value = String> {
    let parts = (0..PREFIXES.len(), 0..SHAPES.len(), 0..SIGNS.len(), "[2-9]{8}", any::<bool>());
    parts.prop_map(|(prefix, shape, sign, rest, chat)| {
        // 03 is followed by 2 to 9, a city's number by seven digits.
        let digits = format!("{}{}", PREFIXES[prefix], rest);
        let digits = if PREFIXES[prefix].starts_with("02") { &digits[..11] } else { &digits };
        let digits = if PREFIXES[prefix].starts_with("01") { &digits[..11] } else { digits };
        let mut out = String::new();
        let mut left = SHAPES[shape].iter();
        let mut size = left.next().copied();
        let mut count = 0;
        for c in digits.chars() {
            if size == Some(count) {
                out.push_str(SIGNS[sign]);
                size = left.next().copied();
                count = 0;
            }
            out.push(if chat && c == '0' { 'o' } else { c });
            count += usize::from(c.is_ascii_digit());
        }
        out
    })
}

/// Texts of words, numbers, titles and signs, so that something is found.
fn written() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zđăâêôơư]{1,6}",
        "[A-ZĐĂÂ][a-zếạ]{1,5}",
        "[0-9oO]{1,13}",
        "[0-9]{2}[A-Zx][0-9]",
        "anh|chị|Bà|tên là|stk|cmnd|gọi|đồng|HCM-26-000123-4|ngày 12.05.2024|a@b.vn",
        "\\PC{1,3}",
    ];
    let sign = prop_oneof![Just(" "), Just(""), Just("."), Just("-"), Just(", "), Just("\n")];
    prop::collection::vec((piece, sign), 0..14)
        .prop_map(|all| all.into_iter().map(|(piece, sign)| piece + sign).collect())
}

/// What is not covered stands in the text as written, in order.
fn kept(text: &str, masked: &str) -> bool {
    let mut from = 0;
    masked.split(SIGN).all(|part| match text.get(from..).and_then(|rest| rest.find(part)) {
        Some(at) => {
            from += at + part.len();
            true
        }
        None => false,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn twice_changes_nothing(text in prop_oneof![written(), "\\PC{0,80}"]) {
        let once = plain(&text);
        prop_assert_eq!(plain(&once), once);
    }

    #[test]
    fn the_rest_stays_and_nothing_grows(text in prop_oneof![written(), "[^*]{0,80}"]) {
        let masked = mask(&text, &Known::default());
        prop_assert!(masked.text.len() <= text.len() + 2 * masked.counts.total());
        prop_assert_eq!(masked.counts.total() == 0, masked.text == text);
        if !text.contains('*') {
            prop_assert!(kept(&text, &masked.text), "{} {}", text, masked.text);
        }
    }

    #[test]
    fn no_number_survives(number in phone(), before in "(|.*[a-zđ] |[^0-9oO+(]{0,30}[ ,:])",
                          after in "(|[ ,][a-zđ][^0-9]{0,30})") {
        let got = plain(&format!("{before}{number}{after}"));
        let digits: String = got.chars().filter(char::is_ascii_digit).collect();
        let rest: String = number.chars().filter(char::is_ascii_digit).collect();
        prop_assert!(!digits.contains(&rest[rest.len() - 7..]), "{} in {}", number, got);
    }

    #[test]
    fn small_letters_stay(text in "[a-zà-ỹđ ,.!?\\n]{0,80}") {
        let small = text.to_lowercase();
        prop_assert_eq!(plain(&small), small);
    }

    #[test]
    fn a_known_name_never_survives(before in "[a-z ]{0,10}", upper: bool, marks: bool) {
        let mut known = Known::default();
        known.name("Trần Quốc Toản");
        let name = if marks { "Trần Quốc Toản" } else { "tran quoc toan" };
        let name = if upper { name.to_uppercase() } else { name.to_owned() };
        let got = mask(&format!("{before} {name}, nha"), &known).text;
        prop_assert!(!crate::text::fold_for_search(&got).contains("toan"), "{}", got);
    }
}

#[test]
fn long_texts_take_no_longer_a_letter() {
    // Anything but linear would not end.
    for piece in ["0 ", "9-", "a@", "anh Anh ", "51F", "Nguyễn ", "o", "("] {
        let text = piece.repeat(200_000 / piece.len());
        assert!(plain(&text).len() <= 2 * text.len());
    }
}
