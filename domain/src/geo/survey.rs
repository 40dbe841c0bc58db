//! Where areas overlap and what they leave uncovered between them, measured along many parallel
//! lines from west to east.
//!
//! The lines lie on half microdegrees, where no corner can be, so every crossing counts once. An
//! uncovered stretch is a gap when no way leads from it, line by line, to the outside.

use std::collections::BTreeMap;

use super::point::{Frame, METRES, Point};
use super::shape::Shape;

/// Lines across the height of all areas: 12 m apart in a city of 100 km.
const LINES: i64 = 8_192;

/// So many crossings of lines with edges are looked at.
const MOST_CROSSINGS: usize = 50_000_000;

/// Two areas that cover the same ground, or twice the same area.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// The areas, as places in the order given; equal for two parts of one area.
    pub areas: (usize, usize),
    /// Square metres covered twice.
    pub square_metres: f64,
    /// A point in it.
    pub at: Point,
}

/// Ground that no area covers though areas lie all around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Square metres uncovered.
    pub square_metres: f64,
    /// A point in it.
    pub at: Point,
}

/// What a survey found, the largest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// Ground covered twice, by pair.
    pub overlaps: Vec<Overlap>,
    /// Ground enclosed and uncovered.
    pub gaps: Vec<Gap>,
}

/// The areas together are too tangled to be surveyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the areas are too tangled to be checked for overlaps and gaps")]
pub struct TooTangled;

struct Edge {
    low: Point,
    high: Point,
    polygon: usize,
}

/// Surveys areas.
///
/// # Errors
/// [`TooTangled`].
pub fn survey<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Result<Survey, TooTangled> {
    let (mut edges, owners) = edges(shapes);
    let Some(frame) = Frame::around(edges.iter().flat_map(|e| [e.low, e.high])) else {
        return Ok(Survey::default());
    };
    edges.sort_unstable_by_key(|edge| edge.low.lat);
    let (south, north) = (i64::from(frame.min.lat), i64::from(frame.max.lat));
    let step = ((north - south) / LINES).max(1);
    let mut measure = Measure::new(&owners);
    let mut waiting = edges.iter().peekable();
    let mut active: Vec<&Edge> = Vec::new();
    let mut looked_at = 0;
    let mut crossings: Vec<(f64, usize)> = Vec::new();
    let mut lat = south;
    while lat < north {
        while let Some(edge) = waiting.next_if(|edge| i64::from(edge.low.lat) <= lat) {
            active.push(edge);
        }
        active.retain(|edge| i64::from(edge.high.lat) > lat);
        looked_at += active.len();
        if looked_at > MOST_CROSSINGS {
            return Err(TooTangled);
        }
        crossings.clear();
        crossings.extend(active.iter().map(|edge| (edge.lon_at(lat), edge.polygon)));
        crossings.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        measure.line(lat, step, &crossings);
        lat += step;
    }
    Ok(measure.finish())
}

fn edges<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> (Vec<Edge>, Vec<usize>) {
    let (mut edges, mut owners) = (Vec::new(), Vec::new());
    for (area, shape) in shapes.into_iter().enumerate() {
        for polygon in &shape.polygons {
            for (a, b) in
                polygon.rings().flat_map(super::Ring::edges).filter(|(a, b)| a.lat != b.lat)
            {
                let (low, high) = if a.lat < b.lat { (a, b) } else { (b, a) };
                edges.push(Edge { low, high, polygon: owners.len() });
            }
            owners.push(area);
        }
    }
    (edges, owners)
}

impl Edge {
    /// The longitude at half a microdegree above `lat`, which must lie between the ends.
    #[allow(clippy::cast_precision_loss, reason = "microdegrees fit")]
    fn lon_at(&self, lat: i64) -> f64 {
        let (low, high) = (f64::from(self.low.lat), f64::from(self.high.lat));
        let along = (lat as f64 + 0.5 - low) / (high - low);
        let (from, to) = (f64::from(self.low.lon), f64::from(self.high.lon));
        from + along * (to - from)
    }
}

/// An uncovered stretch of a line.
struct Open {
    from: f64,
    to: f64,
    /// Which uncovered ground it belongs to; 0 is the outside.
    ground: usize,
}

struct Measure<'a> {
    owners: &'a [usize],
    overlaps: BTreeMap<(usize, usize), (f64, Point)>,
    /// Union-find over uncovered grounds.
    leads_to: Vec<usize>,
    sizes: Vec<Size>,
    before: Vec<Open>,
    inside: Vec<usize>,
}

/// How large an uncovered ground is so far, and the middle of its widest stretch.
#[derive(Clone, Copy)]
struct Size {
    square_metres: f64,
    widest: f64,
    at: Point,
}

const NOTHING: Size = Size { square_metres: 0.0, widest: 0.0, at: Point { lon: 0, lat: 0 } };

const fn everywhere() -> Open {
    Open { from: f64::NEG_INFINITY, to: f64::INFINITY, ground: 0 }
}

impl<'a> Measure<'a> {
    fn new(owners: &'a [usize]) -> Self {
        Self {
            owners,
            overlaps: BTreeMap::new(),
            leads_to: vec![0],
            sizes: vec![NOTHING],
            before: vec![everywhere()],
            inside: Vec::new(),
        }
    }

    fn line(&mut self, lat: i64, step: i64, crossings: &[(f64, usize)]) {
        #[allow(clippy::cast_precision_loss, reason = "microdegrees fit")]
        let (degrees, height) = ((lat as f64 / 1e6), step as f64 * METRES);
        let metre = METRES * degrees.to_radians().cos() * height;
        let mut open = Vec::new();
        let mut from = f64::NEG_INFINITY;
        self.inside.clear();
        for (lon, polygon) in crossings {
            self.stretch(lat, (from, *lon), metre, &mut open);
            from = *lon;
            match self.inside.iter().position(|there| there == polygon) {
                Some(at) => drop(self.inside.swap_remove(at)),
                None => self.inside.push(*polygon),
            }
        }
        self.inside.clear();
        self.stretch(lat, (from, f64::INFINITY), metre, &mut open);
        self.join(&open);
        self.before = open;
    }

    /// What lies between two crossings.
    fn stretch(&mut self, lat: i64, (from, to): (f64, f64), metre: f64, open: &mut Vec<Open>) {
        if to <= from {
            return;
        }
        let size = (to - from) * metre;
        let at = middle(lat, from, to);
        match self.inside.as_slice() {
            [] if from.is_infinite() || to.is_infinite() => open.push(Open { from, to, ground: 0 }),
            [] => {
                let ground = self.leads_to.len();
                self.leads_to.push(ground);
                self.sizes.push(Size { square_metres: size, widest: size, at });
                open.push(Open { from, to, ground });
            }
            [_] => {}
            [one, other, ..] => {
                let areas = [one, other].map(|p| self.owners.get(*p).copied().unwrap_or_default());
                let pair = (areas[0].min(areas[1]), areas[0].max(areas[1]));
                self.overlaps.entry(pair).or_insert((0.0, at)).0 += size;
            }
        }
    }

    /// Joins the uncovered stretches of this line with those they touch on the line before.
    fn join(&mut self, open: &[Open]) {
        let before = std::mem::take(&mut self.before);
        let mut first = 0;
        for here in open {
            while before.get(first).is_some_and(|there| there.to <= here.from) {
                first += 1;
            }
            for there in before[first..].iter().take_while(|there| there.from < here.to) {
                let (a, b) = (self.root(here.ground), self.root(there.ground));
                let (low, high) = (a.min(b), a.max(b));
                if low != high {
                    self.leads_to[high] = low;
                    let (gained, size) = (self.sizes[high], &mut self.sizes[low]);
                    size.square_metres += gained.square_metres;
                    if gained.widest >= size.widest {
                        (size.widest, size.at) = (gained.widest, gained.at);
                    }
                }
            }
        }
    }

    fn root(&mut self, mut ground: usize) -> usize {
        while self.leads_to[ground] != ground {
            self.leads_to[ground] = self.leads_to[self.leads_to[ground]];
            ground = self.leads_to[ground];
        }
        ground
    }

    fn finish(mut self) -> Survey {
        self.join(&[everywhere()]);
        let overlaps = self.overlaps.iter();
        let mut overlaps: Vec<_> = overlaps
            .map(|(areas, (size, at))| Overlap { areas: *areas, square_metres: *size, at: *at })
            .collect();
        let roots = (1..self.leads_to.len()).filter(|ground| self.leads_to[*ground] == *ground);
        let mut gaps: Vec<_> = roots
            .map(|ground| self.sizes[ground])
            .map(|size| Gap { square_metres: size.square_metres, at: size.at })
            .collect();
        overlaps.sort_by(|a, b| b.square_metres.total_cmp(&a.square_metres));
        gaps.sort_by(|a, b| b.square_metres.total_cmp(&a.square_metres));
        Survey { overlaps, gaps }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "between two longitudes")]
fn middle(lat: i64, from: f64, to: f64) -> Point {
    let lon = if from.is_finite() && to.is_finite() { f64::midpoint(from, to) } else { 0.0 };
    Point { lon: lon as i32, lat: i32::try_from(lat).unwrap_or_default() }
}
