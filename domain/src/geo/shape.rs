//! Polygons with holes, and areas made of one or several of them.

use super::point::{Frame, METRES, Point};
use super::ring::{Ring, RingError, Side, crossing};

/// Why rings make no polygon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolygonError {
    /// A ring is wrong, or two rings cross.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// A hole that does not lie in the outer ring.
    #[error("a hole at {0} lies outside its polygon")]
    HoleOutside(Point),
    /// No outer ring.
    #[error("a polygon has no ring")]
    Empty,
}

/// An outer ring and the holes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polygon {
    outer: Ring,
    holes: Vec<Ring>,
}

impl Polygon {
    /// A polygon of its outer ring and its holes, checked against each other.
    ///
    /// # Errors
    /// [`PolygonError`].
    pub fn new(outer: Ring, holes: Vec<Ring>) -> Result<Self, PolygonError> {
        let rings: Vec<&Ring> = std::iter::once(&outer).chain(&holes).collect();
        crossing(&rings)?;
        for hole in &holes {
            // No edges cross, so one corner that is not on the border speaks for the hole.
            let sides = hole.corners().iter().map(|corner| (corner, outer.side(*corner)));
            let outside = sides.into_iter().find(|(_, side)| *side != Side::Border);
            if let Some((corner, Side::Outside)) = outside {
                return Err(PolygonError::HoleOutside(*corner));
            }
        }
        Ok(Self { outer, holes })
    }

    /// The outer ring, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    /// The box around it.
    pub fn frame(&self) -> Frame {
        self.outer.frame()
    }

    /// Where the point lies; the edge of a hole is the border.
    pub fn side(&self, point: Point) -> Side {
        match self.outer.side(point) {
            Side::Inside => {}
            other => return other,
        }
        for hole in &self.holes {
            match hole.side(point) {
                Side::Inside => return Side::Outside,
                Side::Border => return Side::Border,
                Side::Outside => {}
            }
        }
        Side::Inside
    }

    /// The distance from the point to the nearest edge, in metres; good within a few kilometres.
    pub fn metres_to_edge(&self, point: Point) -> f64 {
        let shrink = point.degrees().0.to_radians().cos();
        let local = |p: Point| {
            let east = f64::from(p.lon) - f64::from(point.lon);
            let north = f64::from(p.lat) - f64::from(point.lat);
            (east * shrink, north)
        };
        let edges = self.rings().flat_map(Ring::edges);
        let nearest = edges
            .map(|(a, b)| {
                let ((ax, ay), (bx, by)) = (local(a), local(b));
                let (dx, dy) = (bx - ax, by - ay);
                let along = -(ax * dx + ay * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
                let along = along.clamp(0.0, 1.0);
                let (x, y) = (ax + along * dx, ay + along * dy);
                x * x + y * y
            })
            .fold(f64::INFINITY, f64::min);
        nearest.sqrt() * METRES
    }
}

/// An area: one polygon or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Its parts.
    pub polygons: Vec<Polygon>,
}

impl Shape {
    /// Whether the point lies in one of the parts or on a border of one.
    pub fn holds(&self, point: Point) -> bool {
        self.polygons.iter().any(|polygon| polygon.side(point) != Side::Outside)
    }

    /// Corners of all rings.
    pub fn points(&self) -> usize {
        self.polygons.iter().flat_map(Polygon::rings).map(|ring| ring.corners().len()).sum()
    }
}
