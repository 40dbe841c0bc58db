//! Drawn at random: rings against a naive even-odd test, and whole cities cut into areas.

use proptest::prelude::*;

use super::super::survey::survey;
use super::super::*;

/// Even-odd in floating point, as every textbook has it.
fn naive(ring: &Ring, at: Point) -> bool {
    let (x, y) = (f64::from(at.lon), f64::from(at.lat));
    let mut inside = false;
    for (a, b) in ring.edges() {
        let (ax, ay) = (f64::from(a.lon), f64::from(a.lat));
        let (bx, by) = (f64::from(b.lon), f64::from(b.lat));
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}

/// A ring around the origin whose corners go once round: never crosses itself.
fn star() -> impl Strategy<Value = Ring> {
    prop::collection::vec(50_000_i32..900_000, 3..40).prop_filter_map("flat", |radii| {
        let turn = std::f64::consts::TAU / radii.len() as f64;
        let corners = radii.iter().enumerate().map(|(nth, radius)| {
            let (sin, cos) = (turn * nth as f64).sin_cos();
            let along = |part: f64| (part * f64::from(*radius)).round() as i32;
            Point { lon: along(cos), lat: along(sin) }
        });
        Ring::of_corners(corners.collect()).ok()
    })
}

/// A city of `side` × `side` areas: a grid whose inner corners are moved, so that borders run in
/// all directions and every area shares them with its neighbours.
fn city(side: usize) -> impl Strategy<Value = Vec<Shape>> {
    const STEP: i32 = 10_000;
    let moves =
        prop::collection::vec((-3_000_i32..3_000, -3_000_i32..3_000), (side + 1) * (side + 1));
    moves.prop_map(move |moves| {
        let corner = |column: usize, row: usize| {
            let (east, north) = moves[row * (side + 1) + column];
            let edge = |at: usize| at == 0 || at == side;
            let place = |at: usize, moved: i32| at as i32 * STEP + if edge(at) { 0 } else { moved };
            Point { lon: place(column, east), lat: place(row, north) }
        };
        (0..side * side)
            .map(|nth| {
                let (c, r) = (nth % side, nth / side);
                let corners =
                    vec![corner(c, r), corner(c + 1, r), corner(c + 1, r + 1), corner(c, r + 1)];
                let ring = Ring::of_corners(corners).unwrap();
                Shape { polygons: vec![Polygon::new(ring, vec![]).unwrap()] }
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_side_is_what_the_naive_test_says(
        ring in star(),
        points in prop::collection::vec((-950_000_i32..950_000, -950_000_i32..950_000), 1..60),
    ) {
        prop_assert_eq!(ring::crossing(&[&ring]), Ok(()));
        for (lon, lat) in points {
            let at = Point { lon, lat };
            match ring.side(at) {
                Side::Border => {}
                side => prop_assert_eq!(side == Side::Inside, naive(&ring, at), "{}", at),
            }
        }
        for corner in ring.corners() {
            prop_assert_eq!(ring.side(*corner), Side::Border);
        }
        for (a, b) in ring.edges() {
            if (a.lon + b.lon) % 2 == 0 && (a.lat + b.lat) % 2 == 0 {
                let middle = Point { lon: (a.lon + b.lon) / 2, lat: (a.lat + b.lat) / 2 };
                prop_assert_eq!(ring.side(middle), Side::Border);
            }
        }
    }

    #[test]
    fn every_point_of_a_city_belongs_to_exactly_one_area(
        shapes in city(4),
        points in prop::collection::vec((0_i32..=40_000, 0_i32..=40_000), 1..80),
    ) {
        let index = AreaIndex::new(&shapes);
        let corners = shapes.iter().flat_map(|shape| &shape.polygons).flat_map(Polygon::rings);
        let corners = corners.flat_map(|ring| ring.corners().to_vec());
        for at in points.into_iter().map(|(lon, lat)| Point { lon, lat }).chain(corners) {
            let sides = shapes.iter().map(|shape| shape.polygons[0].side(at));
            let sides: Vec<Side> = sides.collect();
            let inside = sides.iter().filter(|side| **side == Side::Inside).count();
            let borders = sides.iter().filter(|side| **side == Side::Border).count();
            prop_assert!(inside == 1 && borders == 0 || inside == 0 && borders >= 1, "{:?}", sides);
            let first = sides.iter().position(|side| *side != Side::Outside);
            prop_assert_eq!(index.find(at), first);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = geojson::read(&text, &geojson::Limits::default(), &|_, _| false);
    }
}

proptest! {
    // Each case walks three times over eight thousand lines.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_city_that_covers_the_ground_once_has_no_overlap_and_no_gap(shapes in city(3)) {
        let found = survey(&shapes).unwrap();
        prop_assert_eq!(&found.gaps, &vec![]);
        prop_assert_eq!(&found.overlaps, &vec![]);
        // Take the middle away and all of it is one gap; give it twice and all of it overlaps.
        let mut without = shapes.clone();
        let middle = without.remove(4);
        let gaps = survey(&without).unwrap().gaps;
        prop_assert!(!gaps.is_empty());
        let mut twice = shapes.clone();
        twice.push(middle);
        let overlaps = survey(&twice).unwrap().overlaps;
        prop_assert_eq!(overlaps.len(), 1);
        // A tip thinner than the lines are apart may come off as a gap of its own.
        let gap: f64 = gaps.iter().map(|gap| gap.square_metres).sum();
        let overlap = overlaps[0].square_metres;
        prop_assert!((gap - overlap).abs() < gap * 0.001, "{} {}", gap, overlap);
    }
}
