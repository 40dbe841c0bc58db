//! Which of many areas a point lies in.

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::point::{METRES, Point};
use super::ring::Side;
use super::shape::{Polygon, Shape};

/// A point this near to an area belongs to it when it lies in none: boundaries drawn or thinned
/// one by one leave slivers between them.
pub const SLIVER_METRES: f64 = 25.0;

type Entry = GeomWithData<Rectangle<[i64; 2]>, usize>;

/// Areas in a fixed order, found by point. Where several hold a point (a shared border, a sliver
/// of overlap) it belongs to the first of them.
#[derive(Clone, Debug)]
pub struct AreaIndex {
    polygons: Vec<(usize, Polygon)>,
    tree: RTree<Entry>,
}

impl AreaIndex {
    /// An index over areas; their order decides ties.
    pub fn new<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Self {
        let polygons: Vec<_> = shapes
            .into_iter()
            .enumerate()
            .flat_map(|(nth, shape)| shape.polygons.iter().map(move |p| (nth, p.clone())))
            .collect();
        let entries = polygons.iter().enumerate().map(|(at, (_, polygon))| {
            let frame = polygon.frame();
            Entry::new(Rectangle::from_corners(corner(frame.min), corner(frame.max)), at)
        });
        Self { tree: RTree::bulk_load(entries.collect()), polygons }
    }

    /// The area the point belongs to, as its place in the order given; exactly one where any
    /// holds it or is as near as [`SLIVER_METRES`].
    pub fn find(&self, point: Point) -> Option<usize> {
        let hit = self
            .tree
            .locate_all_at_point(corner(point))
            .filter_map(|entry| self.polygons.get(entry.data))
            .filter(|(_, polygon)| polygon.side(point) != Side::Outside)
            .map(|(area, _)| *area)
            .min();
        hit.or_else(|| self.nearest(point))
    }

    fn nearest(&self, point: Point) -> Option<usize> {
        let (lat, _) = point.degrees();
        let north = SLIVER_METRES / METRES;
        let east = north / lat.to_radians().cos().max(0.01);
        #[allow(clippy::cast_possible_truncation, reason = "a few thousand at most")]
        let (north, east) = (north.ceil() as i64, east.ceil() as i64);
        let [lon, lat] = corner(point);
        let around = AABB::from_corners([lon - east, lat - north], [lon + east, lat + north]);
        self.tree
            .locate_in_envelope_intersecting(around)
            .filter_map(|entry| self.polygons.get(entry.data))
            .map(|(area, polygon)| (polygon.metres_to_edge(point), *area))
            .filter(|(metres, _)| *metres <= SLIVER_METRES)
            .min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
            .map(|(_, area)| area)
    }
}

fn corner(point: Point) -> [i64; 2] {
    [i64::from(point.lon), i64::from(point.lat)]
}
