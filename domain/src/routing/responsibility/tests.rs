//! Who is responsible, in the demonstration city.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::codes::CategoryCode;
use crate::kinds::{Desk, Handoff, Kind};
use crate::routing::ruleset::tests::city;
use crate::routing::{RouteInput, Verdict};

/// The verdict for a text of a known category in 2024.
fn route(category: &str, text: &str) -> Verdict {
    route_with(category, text, &[])
}

fn route_with(category: &str, text: &str, attributes: &[(&str, &str)]) -> Verdict {
    let at: Timestamp = "2024-05-13T09:00:00+07:00".parse().unwrap();
    let attributes: BTreeMap<String, String> =
        attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let category = Some(CategoryCode::from(category));
    city().explain(&RouteInput { category, attributes, ..RouteInput::text(text, at) })
}

fn agency(verdict: &Verdict) -> &str {
    verdict.agency.as_ref().map_or("-", |code| code.as_str())
}

#[test]
fn the_text_says_whose_it_is() {
    for (category, text, expected) in [
        ("GT01", "hẻm 51 Cao Thắng quận 3 đầy ổ gà", "UBND-Q3"),
        ("GT01", "quốc lộ 13 Thủ Đức đầy ổ gà", "TTHTGT"),
        ("GT01", "đường Đồng Đen quận Tân Bình ổ gà", "TTHTGT"),
        ("GT01", "819/13 Quang Trung, P.12, Q.GV lồi lõm", "UBND-GVA"),
        ("GT01", "ngày 12/5 trên đường Lê Lợi quận 1 có ổ gà", "TTHTGT"),
        ("TN05", "cống trước hẻm 220 Xô Viết Nghệ Tĩnh Bình Thạnh nghẹt", "UDC"),
        ("TN07", "trong hẻm nhà tôi ở Bình Thạnh cống hôi", "UBND-BTH"),
        ("CN01", "bể ống nước quận 8", "CN-CL"),
        ("CN03", "cúp nước ở Củ Chi", "SAWACO"),
        ("CN03", "mất nước Cần Giờ", "CN-CG"),
        ("DL05", "cúp điện Nhà Bè", "PC-DUHA"),
        ("DL05", "cúp điện gò vấp", "PC-GOVA"),
        ("VT01", "cáp viettel rơi ngang đường", "VIETTEL"),
        ("VT04", "cáp mobifone", "VNPT"),
        ("VT07", "sóng mobi yếu quá", "MOBIFONE"),
        ("GT06", "lô cốt metro trên đường Cách Mạng Tháng Tám", "BQLDAGT"),
        ("BUS11", "tàu metro trễ", "BQLDSDT"),
        ("BUS11", "taxi chém giá", "TTGTCC"),
        ("KCN02", "đường D2 trong khu công nghệ cao hư", "SHTP"),
        ("KCN02", "đường trong KCX Linh Trung hư", "HEPZA"),
        ("KCN09", "khu công nghiệp Tây Bắc Củ Chi mất điện", "PC-CUCH"),
        ("KCN09", "khu công nghiệp Hiệp Phước Nhà Bè cúp nước", "CN-NB"),
        ("GT08", "xe đậu bừa quận 3", "UBND-Q3"),
        ("TT14", "nghe tiếng trẻ khóc ở quận 7", "CATP"),
    ] {
        let verdict = route(category, text);
        assert_eq!(agency(&verdict), expected, "{category} {text}: {:?}", verdict.because);
    }
}

#[test]
fn what_is_missing_is_asked_for() {
    let verdict = route("GT01", "đường Đồng Đen quận Tân Bình ổ gà");
    assert_eq!(verdict.question.unwrap().attribute, "road_class");
    let verdict =
        route_with("GT01", "đường Đồng Đen quận Tân Bình ổ gà", &[("road_class", "alley")]);
    assert_eq!((agency(&verdict), &verdict.question), ("UBND-TBI", &None));

    let verdict = route("CN03", "cúp nước ở phường 1");
    assert_eq!((agency(&verdict), verdict.desk), ("-", Some(Desk::Coordinators)));
    let question = verdict.question.unwrap();
    assert_eq!(question.attribute, "district");
    assert!((10..24).contains(&question.options.len()), "only districts that have such a ward");
    let verdict = route_with("CN03", "cúp nước ở phường 1", &[("district", "GVA")]);
    assert_eq!((agency(&verdict), verdict.ward.as_ref().unwrap().as_str()), ("CN-TA", "26896"));

    let verdict = route_with("VT01", "dây cáp rớt ngang đường", &[("cable_owner", "SCTV")]);
    assert_eq!((agency(&verdict), &verdict.question), ("SCTV", &None));
}

#[test]
fn emergencies_and_sealed_matters_do_not_wait_at_the_coordinators() {
    let verdict = route("GT14", "tai nạn trên quốc lộ 22");
    assert_eq!((verdict.kind, verdict.desk), (Kind::Emergency, Some(Desk::Emergency)));
    assert_eq!((agency(&verdict), verdict.handoff), ("PC08", Some(Handoff::Ambulance)));

    let verdict = route("TT08", "phòng trọ bán ma túy quận 4");
    assert_eq!((agency(&verdict), verdict.desk), ("CATP", Some(Desk::Sealed)));
    assert!(verdict.confidential && verdict.co_agencies.is_empty());
}

#[test]
fn a_denunciation_never_reaches_the_agency_complained_of() {
    let at: Timestamp = "2024-05-13T09:00:00+07:00".parse().unwrap();
    for kind in [Kind::Complaint, Kind::Denunciation] {
        let input = RouteInput {
            kind: Some(kind),
            category: Some("TT04".into()),
            ..RouteInput::text("cán bộ quận 3 bao che xây dựng không phép", at)
        };
        let verdict = city().explain(&input);
        assert_eq!((agency(&verdict), verdict.desk), ("-", Some(Desk::Sealed)));
        assert!(verdict.confidential && verdict.alternatives.is_empty());
        assert_eq!(verdict.focal_point, None);
    }
}

#[test]
fn the_focal_point_is_the_wards_then_the_duty_desks_then_the_sectors() {
    let point = |category, text| route(category, text).focal_point.unwrap().as_str().to_owned();
    assert_eq!(point("TT03", "phường Võ Thị Sáu quận 3"), "UBND-Q3-08");
    assert_eq!(point("GT05", "vỉa hè quận 3 hư"), "UBND-Q3-02");
    assert_eq!(point("TT01", "karaoke quận 3"), "UBND-Q3-01");
    assert_eq!(point("DL05", "cúp điện quận 1"), "PC-SG-01");
    assert_eq!(point("DL09", "tiền điện quận 1"), "PC-SG-02");
}

#[test]
fn a_unit_that_ended_keeps_receiving_and_the_verdict_says_so() {
    let at: Timestamp = "2026-03-02T09:00:00+07:00".parse().unwrap();
    let category = Some(CategoryCode::from("TT03"));
    let input = RouteInput { category, ..RouteInput::text("lấn chiếm vỉa hè quận 3", at) };
    let verdict = city().explain(&input);
    assert_eq!(agency(&verdict), "UBND-Q3");
    assert!(
        verdict.because.iter().any(|line| line.contains("2025-06-30")),
        "{:?}",
        verdict.because
    );
}
