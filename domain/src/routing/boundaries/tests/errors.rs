//! What is refused, with the feature and the reason, and what may be left out when asked.

use jiff::civil::date;

use super::*;

fn refused(text: &str, options: &ImportOptions) -> Vec<String> {
    match city().read_boundaries(text, options) {
        Ok(import) => panic!("taken: {:?}", areas(&import)),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn district(name: &str, coordinates: &str) -> String {
    feature(&format!(r#""n":"{name}""#), coordinates)
}

#[test]
fn everything_wrong_is_said_by_feature() {
    let good = district("Quận 1", &box_of(0, 0, 1, 1));
    let eight = "[[[106.61,10.7],[106.63,10.71],[106.63,10.7],[106.61,10.74],[106.61,10.7]]]";
    for (bad, expected) in [
        (district("Quận 99", &box_of(1, 0, 1, 1)), "feature 1 (Quận 99): is no district"),
        (district("", &box_of(1, 0, 1, 1)), "feature 1 (): has no name"),
        (feature("", &box_of(1, 0, 1, 1)), "feature 1: has no name"),
        (district("Quận 1", &box_of(1, 0, 1, 1)), "is Quận 1 again, after feature 0"),
        (district("Quận 3", "[[[106.6,10.7],[106.61,10.7]]]"), "feature 1 (Quận 3): part 1"),
        (district("Quận 3", "[[[10.7,106.6],[10.7,106.61]]]"), "swapped"),
        (district("Quận 3", "[[[603000,1190000],[603001,1190000]]]"), "projected system"),
        (
            district("Quận 3", "[[[105.8,21],[105.9,21],[105.9,21.1],[105.8,21]]]"),
            "out of the city",
        ),
        (district("Quận 3", eight), "crosses itself"),
        (district("Quận 3", &box_of(0, 0, 1, 1)), "overlaps Quận 3 by 12"),
        (
            feature(r#""n":"Quận 3""#, "[1]"),
            "feature 1 (Quận 3): has coordinates that do not make a Polygon",
        ),
    ] {
        let said = refused(&file(&[good.clone(), bad.clone()]), &options());
        assert!(said.iter().any(|line| line.contains(expected)), "{bad}: {said:?}");
    }
}

#[test]
fn files_without_sense_are_refused_as_a_whole() {
    let limits = Limits { bytes: 10, features: 1, points: 1 };
    let small = ImportOptions { limits, ..options() };
    assert!(refused(&file(&[]), &small)[0].contains("at most 10"));
    assert!(refused(&file(&[]), &options())[0].contains("no area of this city"));
    assert!(refused("{", &options())[0].contains("no GeoJSON"));
    let unknown = row_of(&[r#""n":"Hoàn Kiếm""#, r#""n":"Ba Đình""#]);
    assert!(refused(&unknown, &options())[0].contains("--name-property"));
    let asked = ImportOptions { name_property: Some("x".to_owned()), ..options() };
    let said = refused(&row_of(&[r#""n":"Quận 1""#]), &asked);
    assert!(said[0].contains("has no name"), "{said:?}");
    let mut days = options();
    (days.from, days.to) = (Some(date(2025, 1, 1)), Some(date(2024, 1, 1)));
    let said = refused(&row_of(&[r#""n":"Quận 1""#]), &days);
    assert!(said[0].contains("would begin on 2025-01-01"), "{said:?}");
}

#[test]
fn gaps_between_areas_are_found_and_small_ones_accepted() {
    let names = ["Quận 1", "Quận 3", "Quận 4", "Quận 5"];
    let boxes = [box_of(0, 0, 11, 5), box_of(0, 6, 11, 5), box_of(0, 5, 5, 1), box_of(6, 5, 5, 1)];
    let features: Vec<_> = names.iter().zip(&boxes).map(|(n, b)| district(n, b)).collect();
    let around = file(&features);
    let said = refused(&around, &options());
    assert!(said[0].starts_with("no area covers 12"), "{said:?}");
    let import = read(&around, &ImportOptions { tolerance: 2e6, ..options() });
    assert!(import.largest.1 > 1.2e6, "{:?}", import.largest);
}

#[test]
fn a_name_of_several_needs_its_district_and_a_code_its_own_name() {
    let asked = ImportOptions { to: Some(date(2025, 6, 30)), ..options() };
    let said = refused(&row_of(&[r#""w":"Phường 5""#, r#""w":"Phường Bến Nghé""#]), &asked);
    assert!(said[0].contains("feature 0 (Phường 5): can be any of Phường 5 ("), "{said:?}");
    let text = row_of(&[
        r#""w":"Phường Đa Kao","c":"26740""#,
        r#""w":"Phường Tân Định","c":"26734""#,
        r#""w":"Phường Bến Thành","c":"26743""#,
    ]);
    let said = refused(&text, &asked);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("the code of Phường Bến Nghé (26740) but another"), "{said:?}");
}

#[test]
fn what_is_not_of_the_city_is_left_out_only_when_asked() {
    let point = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[106.7,10.8]}}"#;
    let text = file(&[
        district("Quận 1", &box_of(0, 0, 1, 1)),
        point.to_owned(),
        district("Hoàn Kiếm", &box_of(1, 0, 1, 1)),
        district("Quận 3", "[[[105.8,21],[105.9,21],[105.9,21.1],[105.8,21]]]"),
    ]);
    assert_eq!(refused(&text, &options()).len(), 3);
    let import = read(&text, &ImportOptions { leave_out: true, ..options() });
    assert_eq!(areas(&import), ["Q1=Quận 1"]);
    let left: Vec<_> = import.left_out.iter().map(|problem| problem.feature).collect();
    assert_eq!(left, [Some(1), Some(2), Some(3)]);
    // What is wrong in itself is never left out.
    let broken = district("Quận 4", "[[[106.6,10.7],[106.61,10.7]]]");
    let text = file(&[district("Quận 1", &box_of(0, 0, 1, 1)), broken]);
    assert_eq!(refused(&text, &ImportOptions { leave_out: true, ..options() }).len(), 1);
}
