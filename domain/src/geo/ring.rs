//! Closed rings: read, cleaned, checked, and asked on which side of them a point lies.

use super::point::{Frame, Point};

/// Where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Inside.
    Inside,
    /// Exactly on the line.
    Border,
    /// Outside.
    Outside,
}

/// Why points make no ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// The last position must be the first again.
    #[error("a ring is not closed: it begins at {first} and ends at {last}")]
    Open {
        /// First position.
        first: Point,
        /// Last position.
        last: Point,
    },
    /// Fewer than three different corners are left at microdegree precision.
    #[error("a ring has fewer than three corners")]
    TooFew,
    /// It has corners but no area.
    #[error("a ring has no area")]
    Flat,
    /// Two of its edges cross.
    #[error("a ring crosses itself near {0}")]
    Crosses(Point),
    /// So tangled that it was not checked to the end.
    #[error("a ring is too tangled to be checked")]
    Tangled,
}

/// A closed ring of at least three corners. The first corner is not repeated at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    points: Box<[Point]>,
    frame: Frame,
}

impl Ring {
    /// Reads a ring whose last point repeats the first. Corners that fall together at microdegree
    /// precision, and spikes without width, are dropped. Crossings are looked for by
    /// [`super::Polygon::new`].
    ///
    /// # Errors
    /// [`RingError`].
    pub fn closed(mut points: Vec<Point>) -> Result<Self, RingError> {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Err(RingError::TooFew);
        };
        if first != last {
            return Err(RingError::Open { first: *first, last: *last });
        }
        points.pop();
        Self::of_corners(points)
    }

    /// A ring of its corners, the first one not repeated.
    ///
    /// # Errors
    /// [`RingError`].
    pub fn of_corners(points: Vec<Point>) -> Result<Self, RingError> {
        let points = cleaned(points);
        if points.len() < 3 {
            return Err(RingError::TooFew);
        }
        let frame = Frame::around(points.iter().copied()).ok_or(RingError::TooFew)?;
        let ring = Self { points: points.into(), frame };
        if ring.twice_area() == 0 { Err(RingError::Flat) } else { Ok(ring) }
    }

    /// The corners, each once.
    pub fn corners(&self) -> &[Point] {
        &self.points
    }

    /// The box around it.
    pub fn frame(&self) -> Frame {
        self.frame
    }

    /// The edges, each from one corner to the next.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        let next = self.points.iter().skip(1).chain(self.points.first());
        self.points.iter().copied().zip(next.copied())
    }

    /// On which side of the ring the point lies; corners and edges are the border.
    pub fn side(&self, point: Point) -> Side {
        if !self.frame.contains(point) {
            return Side::Outside;
        }
        // Even-odd over the ray to the east; an edge owns its lower end and not its upper one.
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.lat > point.lat) == (b.lat > point.lat) {
                let level = a.lat == point.lat && b.lat == point.lat;
                if point == a || (level && point.between(a, b)) {
                    return Side::Border;
                }
                continue;
            }
            let turn = Point::turn(a, b, point);
            if turn == 0 {
                return Side::Border;
            }
            if (turn > 0) == (b.lat > a.lat) {
                inside = !inside;
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }

    fn twice_area(&self) -> i128 {
        let Some(origin) = self.points.first() else { return 0 };
        self.edges().map(|(a, b)| i128::from(Point::turn(*origin, a, b))).sum()
    }
}

/// Without repeated corners and without spikes (`a b a`), also over the seam.
fn cleaned(points: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        push(&mut out, point);
    }
    // The seam: drop from the end whatever falls together with the beginning.
    let mut start = 0;
    while out.len() - start >= 3 {
        let (first, second) = (out[start], out[start + 1]);
        let (last, before) = (out[out.len() - 1], out[out.len() - 2]);
        if last == first {
            out.pop();
        } else if before == first {
            out.truncate(out.len() - 2);
        } else if last == second {
            start += 1;
        } else {
            break;
        }
    }
    out.split_off(start.min(out.len()))
}

fn push(out: &mut Vec<Point>, point: Point) {
    if out.last() == Some(&point) {
        return;
    }
    if out.len() >= 2 && out[out.len() - 2] == point {
        out.pop();
        return;
    }
    out.push(point);
}

/// So many pairs of edges are compared before a polygon counts as too tangled.
const MOST_COMPARISONS: usize = 400_000_000;

/// Where two edges of these rings cross or run along each other. Touching in a corner is allowed:
/// real boundaries do it at microdegree precision.
pub(super) fn crossing(rings: &[&Ring]) -> Result<(), RingError> {
    let mut edges: Vec<(Point, Point)> = rings
        .iter()
        .flat_map(|ring| ring.edges())
        .map(|(a, b)| if (a.lat, a.lon) <= (b.lat, b.lon) { (a, b) } else { (b, a) })
        .collect();
    edges.sort_unstable_by_key(|(low, high)| (low.lat, low.lon, high.lat, high.lon));
    let mut compared = 0;
    let mut active: Vec<(Point, Point)> = Vec::new();
    for edge in edges {
        compared += active.len();
        if compared > MOST_COMPARISONS {
            return Err(RingError::Tangled);
        }
        active.retain(|(_, high)| high.lat >= edge.0.lat);
        if let Some(other) = active.iter().find(|other| cross(edge, **other)) {
            let at = if edge.0 == other.0 { edge.1 } else { edge.0 };
            return Err(RingError::Crosses(at));
        }
        active.push(edge);
    }
    Ok(())
}

/// Whether two edges share more than a point that is a corner of one of them.
fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    if a.lon.max(b.lon) < c.lon.min(d.lon) || c.lon.max(d.lon) < a.lon.min(b.lon) {
        return false;
    }
    let (abc, abd) = (Point::turn(a, b, c).signum(), Point::turn(a, b, d).signum());
    let (cda, cdb) = (Point::turn(c, d, a).signum(), Point::turn(c, d, b).signum());
    if [abc, abd, cda, cdb] == [0; 4] {
        // On one line, each from its lower to its upper end: do they share more than a point?
        let key = |p: Point| (p.lat, p.lon);
        return key(a).max(key(c)) < key(b).min(key(d));
    }
    abc * abd < 0 && cda * cdb < 0
}
