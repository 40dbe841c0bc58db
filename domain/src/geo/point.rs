//! A point of the earth in whole microdegrees.

/// Microdegrees in a degree.
pub const MICRO: f64 = 1e6;

/// Metres of one microdegree of latitude (mean earth radius 6,371,008.8 m).
pub const METRES: f64 = 0.111_195_08;

/// A point, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// Longitude in microdegrees, -180,000,000 to 180,000,000.
    pub lon: i32,
    /// Latitude in microdegrees, -90,000,000 to 90,000,000.
    pub lat: i32,
}

impl Point {
    /// The nearest microdegrees; nothing when it is no point of the earth.
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        #[allow(clippy::cast_possible_truncation, reason = "at most 180 million")]
        on_earth
            .then(|| Self { lon: (lon * MICRO).round() as i32, lat: (lat * MICRO).round() as i32 })
    }

    /// Latitude and longitude in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat) / MICRO, f64::from(self.lon) / MICRO)
    }

    /// Which way one turns at `b` on the way from `a` over `b` to `c`: positive to the left,
    /// negative to the right, 0 straight on. Twice the area of the triangle.
    pub(crate) fn turn(a: Self, b: Self, c: Self) -> i64 {
        let d = |one: i32, other: i32| i64::from(one) - i64::from(other);
        d(b.lon, a.lon) * d(c.lat, a.lat) - d(b.lat, a.lat) * d(c.lon, a.lon)
    }

    /// Whether this point, which lies on the line through `a` and `b`, lies between them.
    pub(crate) fn between(self, a: Self, b: Self) -> bool {
        (a.lon.min(b.lon)..=a.lon.max(b.lon)).contains(&self.lon)
            && (a.lat.min(b.lat)..=a.lat.max(b.lat)).contains(&self.lat)
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (lat, lon) = self.degrees();
        write!(f, "{lat:.6}, {lon:.6}")
    }
}

/// A box in microdegrees, its edges included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// South-western corner.
    pub min: Point,
    /// North-eastern corner.
    pub max: Point,
}

impl Frame {
    /// The smallest box around the points; nothing around none.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { min: first, max: first }, |frame, point| Self {
            min: Point { lon: frame.min.lon.min(point.lon), lat: frame.min.lat.min(point.lat) },
            max: Point { lon: frame.max.lon.max(point.lon), lat: frame.max.lat.max(point.lat) },
        }))
    }

    /// Whether the point lies in the box.
    pub fn contains(&self, point: Point) -> bool {
        point.between(self.min, self.max)
    }
}
