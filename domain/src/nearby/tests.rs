//! Prints and keys: tables, and laws over any text. The labelled pairs are judged in [`labelled`].

mod labelled;

use proptest::prelude::*;

use super::*;

fn print(text: &str) -> Print {
    Print::of(text, None, &unkeyed)
}

/// Whether the two texts name a place in common, and with the same number.
fn same_place(one: &str, two: &str) -> (bool, bool) {
    let (one, two) = (print(one).places, print(two).places);
    let pairs = || one.iter().flat_map(|a| two.iter().map(move |b| (a, b)));
    let street = pairs().any(|(a, b)| a.words == b.words);
    let house = pairs().any(|(a, b)| a == b && a.number.is_some());
    (street, house)
}

#[test]
fn places_are_read_however_they_are_typed() {
    let table = [
        ("819/13 Quang Trung, P.12, Q.GV", "trước nhà 819/13 quang trung gò vấp", true, true),
        ("Đường Lê Văn Chí kẹt xe", "cây đổ chắn đường lê văn chí rồi", true, false),
        ("hẻm 47 Bùi Đình Túy", "hem 47 bui dinh tuy p12", true, true),
        ("45 Cao Lỗ bể nắp cống", "nhà số 12 Cao Lỗ mất nước", true, false),
        ("Bến xe Miền Tây dơ quá", "nhà vệ sinh bến xe miền tây", true, false),
        ("đường số 9 ngập", "cuối đường số 9 Linh Chiểu", true, false),
        ("đường số 9 ngập", "đường số 17 ngập", false, false),
        ("Lê Văn Sỹ ngập", "Lê Văn Việt ngập", false, false),
        ("5 ngày nay mất nước", "5 ngày nay chưa có điện", false, false),
        ("đường bị hư nặng", "đường bị hư nặng", false, false),
    ];
    for (one, two, street, house) in table {
        assert_eq!(same_place(one, two), (street, house), "{one} / {two}");
    }
}

#[test]
fn what_is_typed_without_marks_has_the_same_words() {
    let accented = print("Nắp cống bể, nước tràn ra ngoài, hôi thối");
    assert_eq!(accented.words, print("nap cong be, nuoc tran ra ngoai, hoi thoi").words);
    assert_eq!(
        accented.words,
        print("Nawps coongs beer, nuwowcs tranf ra ngoaif, hoois thoois").words
    );
    assert_eq!(accented.shared("nước cống tràn vô nhà", &unkeyed), ["nuoc", "cong", "tran"]);
}

#[test]
fn stored_hashes_never_change() {
    let print = Print::of(
        "Ổ gà trước nhà 210 Bùi Đình Túy",
        Some("210 Bùi Đình Túy, Bình Thạnh"),
        &unkeyed,
    );
    let (words, places) = print.written();
    insta::assert_snapshot!(format!("{words} {places}"));
    let filing = filing(&print, Some((10.8061, 106.7049)), Some(("BTH", "GT01")));
    insta::assert_debug_snapshot!(filing);
}

#[test]
fn distances_are_right() {
    let (one, two) = ((10.7769, 106.7009), (10.7869, 106.7109));
    assert!((metres(one, two) - 1_558.0).abs() < 2.0, "{}", metres(one, two));
}

proptest! {
    #[test]
    fn a_print_reads_back(text in "\\PC{0,200}", address in proptest::option::of("\\PC{0,60}")) {
        let print = Print::of(&text, address.as_deref(), &unkeyed);
        let (words, places) = print.written();
        prop_assert_eq!(Print::read(&words, &places), print);
    }

    #[test]
    fn what_does_not_read_breaks_nothing(words in "\\PC{0,40}", places in "\\PC{0,40}") {
        let _ = Print::read(&words, &places);
    }

    #[test]
    fn comparing_does_not_depend_on_the_order(
        one in "[a-zđăâêôơư ]{0,60}", two in "[a-zđăâêôơư ]{0,60}",
        lat in 10.3..11.2_f64, lon in 106.3..107.1_f64, hours in 0..900_i64,
    ) {
        let at = jiff::Timestamp::UNIX_EPOCH;
        let sight = |text: &str, point, hours| Sight {
            print: Print::of(text, None, &unkeyed), point,
            category: None, sector: None, district: None, ward: None,
            received_at: at + jiff::SignedDuration::from_hours(hours),
        };
        let a = sight(&one, Some((lat, lon)), 0);
        let b = sight(&two, Some((10.8, 106.7)), hours);
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert!((0.0..=1.0).contains(&there.score));
        prop_assert!((there.score - back.score).abs() < 1e-9);
        prop_assert_eq!(there.reasons, back.reasons);
    }

    #[test]
    fn neighbours_meet_on_the_map(
        lat in 10.3..11.2_f64, lon in 106.3..107.1_f64,
        north in -180.0..180.0_f64, east in -180.0..180.0_f64,
    ) {
        let near = (lat + north / 111_195.0, lon + east / 109_200.0);
        let filed = filing(&Print::default(), Some(near), None).fixed;
        let mut sought = filing(&Print::default(), Some((lat, lon)), None).fixed;
        sought.extend(around((lat, lon)));
        prop_assert!(filed.iter().all(|key| sought.contains(key)));
    }

    #[test]
    fn the_same_words_meet_whatever_their_order(
        words in proptest::collection::btree_set("[a-z]{5,9}", 6..40),
    ) {
        let words: Vec<String> = words.into_iter().collect();
        let there = print(&words.join(" "));
        let back = print(&words.iter().rev().cloned().collect::<Vec<_>>().join(" "));
        prop_assert_eq!(&there.words, &back.words);
        let keys = |print: &Print| filing(&Print { places: Vec::new(), ..print.clone() }, None, None);
        prop_assert_eq!(keys(&there), keys(&back));
    }
}
