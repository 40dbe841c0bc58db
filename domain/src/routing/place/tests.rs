//! Addresses as people write them.

use std::collections::BTreeMap;

mod ground;

use super::*;
use crate::routing::ruleset::tests::city;

fn find(address: Option<&str>, text: &str, point: Option<(f64, f64)>) -> Place {
    let directory = &city().directory;
    let words: PlaceWords =
        toml::from_str(include_str!("../../../../routing-rules/places.toml")).unwrap();
    let index = PlaceIndex::build(directory, &words);
    let attributes = BTreeMap::new();
    index.find(
        directory,
        &PlaceInput {
            address,
            text: &tokens(text),
            point,
            attributes: &attributes,
            boundaries: &Boundaries::default(),
            day: jiff::civil::date(2026, 3, 2),
        },
    )
}

fn names(place: &Place) -> String {
    let ward = place.ward.as_ref().map(|code| city().directory.wards[code].name.clone());
    let district = place.district.as_ref().map_or("-", DistrictCode::as_str);
    format!("{district} {}", ward.as_deref().unwrap_or("-"))
}

#[test]
fn words_name_the_place() {
    for (text, expected) in [
        ("819/13 Quang Trung, P.12, Q.GV", "GVA Phường 12"),
        ("mat duong truoc so 245 phan van tri p11 binh thanh nhieu o ga", "BTH Phường 11"),
        ("dg phan van tri q bthanh ổ gà quá tr", "BTH -"),
        ("Nhà ở quận 9", "Q9 -"),
        ("TP Thủ Đức", "TDU -"),
        ("phường Thảo Điền, TP Thủ Đức", "Q2 Phường Thảo Điền"),
        ("phường Tân Phú, TP. Thủ Đức", "Q9 Phường Tân Phú"),
        ("phường Tân Phú, quận 7", "Q7 Phường Tân Phú"),
        ("hẻm 12 phường 05 quận 10", "Q10 Phường 5"),
        ("F5 Q10", "Q10 Phường 5"),
        ("p5,q10", "Q10 Phường 5"),
        ("xã Tân Kiên", "BCH Xã Tân Kiên"),
        ("Rạch Xuyên Tâm đoạn qua phường 26", "BTH Phường 26"),
        ("phường Sài Gòn", "Q1 -"),
        ("đường Tân Bình kẹt xe", "- -"),
        ("xe buýt chạy hướng Thủ Đức", "- -"),
        ("p4 tb", "TBI Phường 4"),
        ("tb cho bà con biết", "- -"),
        ("phường 1", "- -"),
        ("quán 1 người", "- -"),
        ("đèn đường D1 hư", "- -"),
        ("Thị trấn Củ Chi", "CCH Thị trấn Củ Chi"),
        ("xã hội ngày nay", "- -"),
        ("bãi rác Đa Phước lan sang Phú Mỹ Hưng", "Q7 -"),
        ("phường Bình Hưng Hoà A", "BTA Phường Bình Hưng Hòa A"),
        ("quan 3 phuong vo thi sau", "Q3 Phường Võ Thị Sáu"),
        ("Chợ Lớn", "- -"),
        ("quận nhất", "Q1 -"),
        ("cháy nhà ở Linh Đông", "TDU Phường Linh Đông"),
        ("đường Linh Đông", "- -"),
        ("đối diện ga Bến Thành", "- -"),
        ("12 Lê Lai gv", "GVA -"),
        ("đg lê đức thọ gv sáng đèn", "GVA -"),
        ("gv chủ nhiệm", "- -"),
        ("Linh Đông, quận 3", "Q3 -"),
        ("duong hoa binh tan phu", "TPH -"),
    ] {
        assert_eq!(names(&find(None, text, None)), expected, "{text}");
    }
}

#[test]
fn a_number_without_a_district_leaves_candidates() {
    let place = find(None, "ngập ở phường 1", None);
    assert_eq!(place.district, None);
    assert!(place.candidates.len() >= 10, "{place:?}");
}

#[test]
fn the_address_beats_the_text_and_words_beat_the_point() {
    let place = find(Some("12 Xuân Thủy, Thảo Điền, Q2"), "ở quận 1", None);
    assert_eq!(names(&place), "Q2 Phường Thảo Điền");
    assert!(place.because.iter().any(|line| line.contains("theo địa chỉ")), "{place:?}");
    let place = find(Some("phường 5"), "quận 3 bị ngập", None);
    assert_eq!(names(&place), "Q3 Phường 5");
    let place = find(None, "quận 3", Some((10.5, 106.87)));
    assert_eq!(names(&place), "Q3 -");
    assert!(place.because.iter().any(|line| line.contains("Tọa độ")), "{place:?}");
}

#[test]
fn a_point_alone_is_an_estimate_and_settles_wards() {
    assert_eq!(names(&find(None, "ngập", Some((10.84, 106.67)))), "GVA -");
    assert_eq!(names(&find(None, "ngập phường 1", Some((10.84, 106.67)))), "GVA Phường 1");
    let outside = find(None, "ngập", Some((21.0, 105.8)));
    assert_eq!(outside.district, None);
    assert!(outside.because[0].contains("ngoài thành phố"));
    assert!(city().directory.check_point(f64::NAN, 106.0).is_err());
}
