//! GeoJSON (RFC 7946) as others write it: a FeatureCollection of Polygon and MultiPolygon
//! features, read strictly. Every problem names its feature.

mod nested;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::point::Point;
use super::ring::Ring;
use super::shape::{Polygon, PolygonError, Shape};
use nested::Nested;

/// Limits of a file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Features.
    pub features: usize,
    /// Positions of all rings together.
    pub points: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, features: 5_000, points: 1_000_000 }
    }
}

/// Why a file as a whole cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// Larger than allowed.
    #[error("the file has {actual} {what}; at most {limit} are taken")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        actual: usize,
        /// The limit.
        limit: usize,
    },
    /// No JSON, or not of this shape.
    #[error("the file is no GeoJSON: {0}")]
    Malformed(String),
    /// Another kind of GeoJSON object.
    #[error("the file holds a {0}; a FeatureCollection is wanted")]
    NoCollection(String),
    /// A coordinate reference system other than the one GeoJSON has.
    #[error(
        "the file is in {0}; GeoJSON is in longitude and latitude of WGS 84 (EPSG:4326): convert it first"
    )]
    ReferenceSystem(String),
}

/// Why a feature cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeatureProblem {
    /// A point, a line, or nothing.
    #[error("is no area but {0}")]
    NoArea(String),
    /// Coordinates are nested otherwise than the type says, or hold something else than numbers.
    #[error("has coordinates that do not make a {0}")]
    Coordinates(&'static str),
    /// The first number of a position is a latitude here.
    #[error(
        "has its coordinates swapped: GeoJSON writes [longitude, latitude], e.g. [106.7, 10.78]"
    )]
    Swapped,
    /// Numbers that are no degrees.
    #[error(
        "has {0}, {1} for a position: no degrees; the file seems to be in a projected system (VN-2000, UTM): convert it to WGS 84 first"
    )]
    NoDegrees(String, String),
    /// Rings that make no polygon.
    #[error("part {part}: {problem}")]
    Polygon {
        /// Which part, from 1.
        part: usize,
        /// Why.
        problem: PolygonError,
    },
}

/// One feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its place in the file, from 0.
    pub index: usize,
    /// Its properties.
    pub properties: BTreeMap<String, Value>,
    /// Its area, or why it has none.
    pub shape: Result<Shape, FeatureProblem>,
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    crs: Option<Value>,
    #[serde(default)]
    features: Vec<FileFeature>,
}

#[derive(Deserialize)]
struct FileFeature {
    #[serde(default)]
    properties: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Option<Nested>,
}

/// Reads a file. `swapped` tells of a position whether it would fit with its numbers exchanged
/// and does not as it stands; `(latitude, longitude)` as written.
///
/// # Errors
/// [`FileProblem`]; problems of single features are in the features.
pub fn read(
    text: &str,
    limits: &Limits,
    swapped: &dyn Fn(f64, f64) -> bool,
) -> Result<Vec<Feature>, FileProblem> {
    let too_large = |what, actual, limit| FileProblem::TooLarge { what, actual, limit };
    if text.len() > limits.bytes {
        return Err(too_large("bytes", text.len(), limits.bytes));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: File =
        serde_json::from_str(text).map_err(|error| FileProblem::Malformed(error.to_string()))?;
    if file.kind != "FeatureCollection" {
        return Err(FileProblem::NoCollection(file.kind.chars().take(40).collect()));
    }
    if let Some(other) = file.crs.as_ref().and_then(other_system) {
        return Err(FileProblem::ReferenceSystem(other));
    }
    if file.features.len() > limits.features {
        return Err(too_large("features", file.features.len(), limits.features));
    }
    let geometries = file.features.iter().filter_map(|feature| feature.geometry.as_ref());
    let points = geometries.filter_map(|g| g.coordinates.as_ref()).map(Nested::positions).sum();
    if points > limits.points {
        return Err(too_large("positions", points, limits.points));
    }
    let features = file.features.into_iter().enumerate();
    Ok(features
        .map(|(index, feature)| Feature {
            index,
            properties: feature.properties.unwrap_or_default(),
            shape: shape(feature.geometry, swapped),
        })
        .collect())
}

/// What a file says about its licence, if it says anything.
pub fn notice(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Notice {
        licence: Option<String>,
        license: Option<String>,
        copyright: Option<String>,
        attribution: Option<String>,
    }
    let notice: Notice =
        serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()?;
    notice.licence.or(notice.license).or(notice.copyright).or(notice.attribution)
}

/// The name of a reference system (an old member of GeoJSON) that is not WGS 84.
fn other_system(crs: &Value) -> Option<String> {
    let name = crs.pointer("/properties/name").and_then(Value::as_str);
    let known = |name: &str| {
        let name = name.to_ascii_uppercase();
        name.ends_with(":CRS84") || name.ends_with(":4326")
    };
    match name {
        Some(name) if known(name) => None,
        Some(name) => Some(name.chars().take(80).collect()),
        None if crs.is_null() => None,
        None => Some("an unnamed reference system".to_owned()),
    }
}

fn shape(
    geometry: Option<Geometry>,
    swapped: &dyn Fn(f64, f64) -> bool,
) -> Result<Shape, FeatureProblem> {
    let no_area = |what: &str| FeatureProblem::NoArea(what.chars().take(40).collect());
    let geometry = geometry.ok_or_else(|| no_area("nothing"))?;
    let (kind, polygons) = match (geometry.kind.as_str(), geometry.coordinates) {
        ("Polygon", Some(one)) => ("Polygon", vec![one]),
        ("MultiPolygon", Some(Nested::List(many))) => ("MultiPolygon", many),
        ("Polygon", None) => return Err(FeatureProblem::Coordinates("Polygon")),
        ("MultiPolygon", _) => return Err(FeatureProblem::Coordinates("MultiPolygon")),
        (other, _) => return Err(no_area(other)),
    };
    let mut shape = Shape::default();
    for (nth, polygon) in polygons.into_iter().enumerate() {
        let rings = rings(polygon, kind, swapped)?;
        let polygon = polygon_of(rings)
            .map_err(|problem| FeatureProblem::Polygon { part: nth + 1, problem })?;
        shape.polygons.push(polygon);
    }
    if shape.polygons.is_empty() { Err(no_area("an empty list")) } else { Ok(shape) }
}

fn polygon_of(rings: Vec<Vec<Point>>) -> Result<Polygon, PolygonError> {
    let mut rings = rings.into_iter().map(Ring::closed);
    let outer = rings.next().ok_or(PolygonError::Empty)??;
    let holes = rings.collect::<Result<Vec<_>, _>>()?;
    Polygon::new(outer, holes)
}

fn rings(
    polygon: Nested,
    kind: &'static str,
    swapped: &dyn Fn(f64, f64) -> bool,
) -> Result<Vec<Vec<Point>>, FeatureProblem> {
    let wrong = || FeatureProblem::Coordinates(kind);
    let Nested::List(rings) = polygon else { return Err(wrong()) };
    let mut out = Vec::with_capacity(rings.len());
    for ring in rings {
        let Nested::List(positions) = ring else { return Err(wrong()) };
        let mut points = Vec::with_capacity(positions.len());
        for position in positions {
            let Nested::Position([lon, lat]) = position else { return Err(wrong()) };
            if swapped(lat, lon) {
                return Err(FeatureProblem::Swapped);
            }
            let point = Point::from_degrees(lat, lon)
                .ok_or_else(|| FeatureProblem::NoDegrees(lon.to_string(), lat.to_string()))?;
            points.push(point);
        }
        out.push(points);
    }
    Ok(out)
}
