//! Coordinates in hand-drawn boundaries, alone and against words.

use jiff::civil::{Date, date};

use super::*;
use crate::routing::boundaries::tests::timeline::indexed;
use crate::routing::boundaries::tests::{TODAY, box_of, feature, file, options};

const BEFORE: Date = date(2024, 5, 1);

fn drawn(rows: &[(&str, [i32; 4])]) -> String {
    let row = |(name, [c, r, w, h]): &(&str, [i32; 4])| {
        feature(&format!(r#""n":"{name}""#), &box_of(*c, *r, *w, *h))
    };
    file(&rows.iter().map(row).collect::<Vec<_>>())
}

fn boundaries() -> Boundaries {
    let districts = drawn(&[
        ("Quận 3", [6, 6, 2, 4]),
        ("Quận 1", [8, 6, 2, 4]),
        ("Quận 8", [4, 2, 3, 3]),
        ("Thành phố Thủ Đức", [11, 8, 10, 10]),
    ]);
    let units = drawn(&[
        ("Phường Bàn Cờ", [6, 6, 2, 2]),
        ("Phường Sài Gòn", [8, 6, 2, 2]),
        ("Phường Bình Đông", [8, 8, 2, 2]),
        ("Xã Bình Hưng", [4, 2, 3, 3]),
        ("Phường An Khánh", [11, 8, 5, 5]),
        ("Xã Thạnh An", [16, 13, 5, 5]),
    ]);
    Boundaries::new(vec![indexed(&districts, &options()), indexed(&units, &options())])
}

fn find_on(day: Date, text: &str, point: (f64, f64)) -> Place {
    let directory = &city().directory;
    let words: PlaceWords =
        toml::from_str(include_str!("../../../../../routing-rules/places.toml")).unwrap();
    let index = PlaceIndex::build(directory, &words);
    index.find(
        directory,
        &PlaceInput {
            address: None,
            text: &tokens(text),
            point: Some(point),
            attributes: &BTreeMap::new(),
            boundaries: &boundaries(),
            day,
        },
    )
}

#[test]
fn a_place_says_where_it_came_from() {
    use PlaceSource::{Address, Alias, Boundary, Box};
    let (q1, q3) = ((10.77, 106.69), (10.775, 106.665));
    for (day, text, point, expected, source, said) in [
        (TODAY, "ngập", q1, "Q1 -", Boundary, "trong ranh giới Phường Sài Gòn."),
        (BEFORE, "ngập", q1, "Q1 -", Boundary, "trong ranh giới Quận 1."),
        (TODAY, "ngập", q3, "Q3 -", Boundary, "Phường Bàn Cờ"),
        (BEFORE, "ngập phường 5", q3, "Q3 Phường 5", Boundary, "Quận 3"),
        // No unit there, but the former district is known.
        (TODAY, "ngập", (10.79, 106.665), "Q3 -", Boundary, "Quận 3 (ranh giới đến 2025-06-30)"),
        // The border belongs to the lower code: Q1 before Q3, "Phường Bàn Cờ" before "Phường Sài Gòn".
        (BEFORE, "ngập", (10.77, 106.68), "Q1 -", Boundary, "Quận 1."),
        (TODAY, "ngập", (10.77, 106.68), "Q3 -", Boundary, "Phường Bàn Cờ."),
        // Clear words win, unclear ones lose.
        (TODAY, "ngập ở quận 1", q1, "Q1 -", Address, "khớp với nơi được nêu"),
        (TODAY, "ngập ở quận 3", q1, "Q3 -", Address, "khác nơi được nêu (Quận 3); lấy theo lời"),
        (TODAY, "kẹt xe ở q. gv", q1, "GVA -", Alias, "lấy theo lời"),
        (TODAY, "kẹt xe cầu Bình Chánh", q1, "Q1 -", Boundary, "không rõ; lấy theo ranh giới"),
        // A unit of several districts: the former district splits it, else it is an estimate.
        (TODAY, "ngập", (10.735, 106.655), "Q8 -", Boundary, "Xã Bình Hưng"),
        (TODAY, "ngập", (10.79, 106.69), "BCH -", Box, "theo ước lượng trong ranh giới đó"),
        // TP Thủ Đức stands for three former districts; the unit tells which.
        (TODAY, "ngập ở TP Thủ Đức", (10.80, 106.73), "Q2 -", Boundary, "khớp"),
        // A unit that took over from one ward only is that ward.
        (TODAY, "ngập", (10.86, 106.79), "CGI Xã Thạnh An", Boundary, "Xã Thạnh An"),
        (TODAY, "ngập", (10.84, 106.67), "GVA -", Box, "không nằm trong ranh giới nào đã nạp"),
    ] {
        let place = find_on(day, text, point);
        let told = place.because.join(" ");
        assert_eq!(
            (names(&place).as_str(), place.source),
            (expected, Some(source)),
            "{text} {place:?}"
        );
        assert!(told.contains(said), "{text}: {told}");
    }
}

#[test]
fn what_was_picked_stays() {
    let rules = city();
    let mut input =
        crate::routing::RouteInput::text("ngập", "2026-03-02T03:00:00Z".parse().unwrap());
    input.point = Some((10.77, 106.69));
    input.attributes.insert("district".to_owned(), "Q3".to_owned());
    let boundaries = boundaries();
    let verdict = rules.explain_with(&input, &boundaries);
    assert_eq!(verdict.district.as_ref().map(DistrictCode::as_str), Some("Q3"));
    assert_eq!(verdict.place_source, Some(PlaceSource::Picked));
    assert_eq!(verdict.rule_set, format!("{}+{}", rules.hash, boundaries.hash()));
    let json = serde_json::to_value(&verdict).unwrap();
    assert_eq!(json["place_source"], "picked");
    // Without coordinates boundaries decide nothing and are not named.
    input.point = None;
    assert_eq!(rules.explain_with(&input, &boundaries).rule_set, rules.hash);
    input.point = Some((10.77, 106.69));
    assert_eq!(rules.explain(&input).rule_set, rules.hash);
}
