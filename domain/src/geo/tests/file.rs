//! GeoJSON as it comes: what is taken and what is refused, and with which words.

use super::super::geojson::{Feature, FeatureProblem, FileProblem, Limits, read};

fn read_one(geometry: &str) -> Feature {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"a":1}},"geometry":{geometry}}}]}}"#
    );
    let swapped = |lat: f64, lon: f64| lat > 90.0 && lon < 90.0;
    read(&text, &Limits::default(), &swapped).unwrap().remove(0)
}

#[test]
fn areas_are_taken() {
    for geometry in [
        r#"{"type":"Polygon","coordinates":[[[106,10],[107,10],[107,11],[106,10]]]}"#,
        r#"{"type":"Polygon","coordinates":[[[106,10,5.5],[107,10,4],[107,11,3],[106,10,5.5]]]}"#,
        r#"{"coordinates":[[[[106,10],[107,10],[107,11],[106,10]]]],"type":"MultiPolygon"}"#,
    ] {
        let feature = read_one(geometry);
        assert_eq!(feature.shape.unwrap().points(), 3, "{geometry}");
    }
}

#[test]
fn what_is_no_area_is_refused_with_its_reason() {
    for (geometry, expected) in [
        ("null", "is no area but nothing"),
        (r#"{"type":"Point","coordinates":[106,10]}"#, "is no area but Point"),
        (r#"{"type":"MultiPolygon","coordinates":[]}"#, "an empty list"),
        (r#"{"type":"GeometryCollection","geometries":[]}"#, "GeometryCollection"),
        (r#"{"type":"Polygon"}"#, "do not make a Polygon"),
        (r#"{"type":"Polygon","coordinates":[]}"#, "a polygon has no ring"),
        (r#"{"type":"Polygon","coordinates":[[106,10],[107,10]]}"#, "do not make a Polygon"),
        (r#"{"type":"Polygon","coordinates":[[["106","10"]]]}"#, "do not make a Polygon"),
        (r#"{"type":"Polygon","coordinates":[[[106]]]}"#, "do not make a Polygon"),
        (r#"{"type":"Polygon","coordinates":[[[106,[10]]]]}"#, "do not make a Polygon"),
        (r#"{"type":"Polygon","coordinates":{"x":[1]}}"#, "do not make a Polygon"),
        (r#"{"type":"MultiPolygon","coordinates":[[[106,10]]]}"#, "do not make a MultiPolygon"),
        (r#"{"type":"Polygon","coordinates":[[[106,10],[107,10],[107,11]]]}"#, "not closed"),
        (
            r#"{"type":"Polygon","coordinates":[[[106,10],[106.0000001,10],[106,10.0000001],[106,10]]]}"#,
            "fewer than three corners",
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[106,10],[107,11],[107,10],[106,12],[106,10]]]}"#,
            "crosses itself",
        ),
        (
            r#"{"type":"Polygon","coordinates":[[[106,10],[107,10],[107,11],[106,10]],[[100,1],[101,1],[101,2],[100,1]]]}"#,
            "part 1: a hole",
        ),
        (r#"{"type":"Polygon","coordinates":[[[10.8,106.7],[10.9,106.7]]]}"#, "swapped"),
        (
            r#"{"type":"Polygon","coordinates":[[[603000.5,1190000],[603100,1190000]]]}"#,
            "projected system",
        ),
    ] {
        let said = read_one(geometry).shape.unwrap_err().to_string();
        assert!(said.contains(expected), "{geometry}: {said}");
    }
    assert!(matches!(read_one("null").shape, Err(FeatureProblem::NoArea(_))));
}

#[test]
fn files_as_a_whole_are_refused_with_their_reason() {
    let small = Limits { bytes: 400, features: 1, points: 3 };
    let feature = |ring: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
        )
    };
    let collection =
        |features: &str| format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
    let crs = |name: &str| {
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{name}"}}}},"features":[]}}"#
        )
    };
    for (text, expected) in [
        (" ".repeat(401), "at most 400"),
        ("[1,2".to_owned(), "no GeoJSON"),
        ("{}".to_owned(), "no GeoJSON"),
        (r#"{"type":"Topology","objects":{}}"#.to_owned(), "holds a Topology"),
        (crs("urn:ogc:def:crs:EPSG::9210"), "EPSG::9210"),
        (crs("EPSG:3857"), "convert it first"),
        (collection(&format!("{},{}", feature(""), feature(""))), "2 features; at most 1"),
        (collection(&feature("[1,1],[2,1],[2,2],[1,1]")), "4 positions; at most 3"),
        ("[".repeat(300), "no GeoJSON"),
    ] {
        let said = read(&text, &small, &|_, _| false).unwrap_err().to_string();
        assert!(said.contains(expected), "{text}: {said}");
    }
    for name in ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
        assert_eq!(read(&crs(name), &small, &|_, _| false), Ok(vec![]), "{name}");
    }
    let marked = format!("\u{feff}{}", collection(""));
    assert_eq!(read(&marked, &small, &|_, _| false), Ok::<_, FileProblem>(vec![]));
}
