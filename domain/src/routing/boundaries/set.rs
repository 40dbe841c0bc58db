//! One set of boundaries in the form that is stored: canonical JSON, so that its hash names it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Level;
use crate::geo::{Point, Polygon, PolygonError, Ring, Shape};
use crate::routing::directory::Validity;

/// The form's name and version; a changed form gets a new one and this one stays readable.
const FORMAT: &str = "hoiam.boundaries.1";

/// One area of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// The directory's code of the district or ward. Absent for a unit that the directory knows
    /// only as the successor of its wards; the name is that unit's.
    pub code: Option<String>,
    /// The directory's name.
    pub name: String,
    /// The ground.
    pub shape: Shape,
}

impl Area {
    /// What decides when two areas hold a point: the lower one has it.
    pub fn rank(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.name)
    }
}

/// Areas of one level, valid in a span of days.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundarySet {
    /// What the areas are.
    pub level: Level,
    /// From when until when they hold, both included.
    pub validity: Validity,
    /// Where they come from, in words.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The areas in the order of their rank.
    pub areas: Vec<Area>,
}

/// Why a stored text is no set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// Not the JSON of a set.
    #[error("no stored boundaries: {0}")]
    Json(String),
    /// A form this program does not know.
    #[error("stored boundaries of the unknown form `{0}`")]
    Format(String),
    /// An area whose rings make no polygon.
    #[error("stored boundaries of {area}: {problem}")]
    Polygon {
        /// Its name.
        area: String,
        /// Why.
        problem: PolygonError,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    level: Level,
    from: Option<Date>,
    to: Option<Date>,
    source: String,
    licence: String,
    areas: Vec<StoredArea>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredArea {
    code: Option<String>,
    name: String,
    /// Polygons of rings of corners: longitude, latitude, longitude, … in microdegrees. The outer
    /// ring comes first; no corner is repeated at the end.
    polygons: Vec<Vec<Vec<i32>>>,
}

impl BoundarySet {
    /// Corners of all areas.
    pub fn points(&self) -> usize {
        self.areas.iter().map(|area| area.shape.points()).sum()
    }

    /// The canonical text.
    ///
    /// # Errors
    /// Never in practice: everything in a set can be written as JSON.
    pub fn to_text(&self) -> Result<String, SetError> {
        let corners = |ring: &Ring| ring.corners().iter().flat_map(|p| [p.lon, p.lat]).collect();
        let polygon = |polygon: &Polygon| polygon.rings().map(corners).collect();
        let stored = Stored {
            format: FORMAT.to_owned(),
            level: self.level,
            from: self.validity.from,
            to: self.validity.to,
            source: self.source.clone(),
            licence: self.licence.clone(),
            areas: self
                .areas
                .iter()
                .map(|area| StoredArea {
                    code: area.code.clone(),
                    name: area.name.clone(),
                    polygons: area.shape.polygons.iter().map(polygon).collect(),
                })
                .collect(),
        };
        serde_json::to_string(&stored).map_err(|error| SetError::Json(error.to_string()))
    }

    /// Reads a canonical text.
    ///
    /// # Errors
    /// [`SetError`].
    pub fn from_text(text: &str) -> Result<Self, SetError> {
        let stored: Stored =
            serde_json::from_str(text).map_err(|error| SetError::Json(error.to_string()))?;
        if stored.format != FORMAT {
            return Err(SetError::Format(stored.format.chars().take(40).collect()));
        }
        let areas = stored.areas.into_iter().map(|area| {
            let shape = shape(area.polygons)
                .map_err(|problem| SetError::Polygon { area: area.name.clone(), problem })?;
            Ok(Area { code: area.code, name: area.name, shape })
        });
        Ok(Self {
            level: stored.level,
            validity: Validity { from: stored.from, to: stored.to },
            source: stored.source,
            licence: stored.licence,
            areas: areas.collect::<Result<_, _>>()?,
        })
    }

    /// The hash of a canonical text: SHA-256, hexadecimal.
    pub fn hash_of(text: &str) -> String {
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn shape(polygons: Vec<Vec<Vec<i32>>>) -> Result<Shape, PolygonError> {
    let ring = |numbers: Vec<i32>| {
        let pairs = numbers.chunks_exact(2);
        Ring::of_corners(pairs.map(|pair| Point { lon: pair[0], lat: pair[1] }).collect())
    };
    let polygon = |rings: Vec<Vec<i32>>| {
        let mut rings = rings.into_iter().map(ring);
        let outer = rings.next().ok_or(PolygonError::Empty)??;
        Polygon::new(outer, rings.collect::<Result<_, _>>()?)
    };
    Ok(Shape { polygons: polygons.into_iter().map(polygon).collect::<Result<_, _>>()? })
}
