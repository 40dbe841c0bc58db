//! Geometry of a city: points, rings, polygons and areas in whole microdegrees (WGS 84), so that
//! "inside" has one answer on every machine. One microdegree is 11 cm of latitude.
//!
//! - [`ring`]: closed rings, which side of them a point lies on, where they cross themselves.
//! - [`shape`]: polygons with holes; an area may have several.
//! - [`index`]: which of many areas a point lies in.
//! - [`survey`]: where areas overlap and what they leave uncovered between them.
//! - [`geojson`]: the same out of a file of others.

pub mod geojson;
pub mod index;
pub mod point;
pub mod ring;
pub mod shape;
pub mod survey;

pub use index::AreaIndex;
pub use point::Point;
pub use ring::{Ring, RingError, Side};
pub use shape::{Polygon, PolygonError, Shape};

#[cfg(test)]
mod tests;
