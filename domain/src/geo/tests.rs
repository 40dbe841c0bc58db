//! Laws of rings and areas: against a naive test, and over drawn cities that cover the ground once.

mod file;
mod laws;

use super::ring::crossing;
use super::survey::survey;
use super::*;

fn point((lon, lat): (i32, i32)) -> Point {
    Point { lon, lat }
}

fn ring(corners: &[(i32, i32)]) -> Ring {
    Ring::of_corners(corners.iter().copied().map(point).collect()).unwrap()
}

fn boxed(west: i32, south: i32, east: i32, north: i32) -> Ring {
    ring(&[(west, south), (east, south), (east, north), (west, north)])
}

fn area(outer: Ring, holes: Vec<Ring>) -> Shape {
    Shape { polygons: vec![Polygon::new(outer, holes).unwrap()] }
}

#[test]
fn a_point_is_inside_on_the_border_or_outside() {
    let with_hole = Polygon::new(boxed(0, 0, 100, 100), vec![boxed(40, 40, 60, 60)]).unwrap();
    for (at, expected) in [
        ((10, 10), Side::Inside),
        ((50, 50), Side::Outside),
        ((40, 50), Side::Border),
        ((60, 60), Side::Border),
        ((0, 0), Side::Border),
        ((100, 50), Side::Border),
        ((50, 100), Side::Border),
        ((50, 0), Side::Border),
        ((101, 50), Side::Outside),
        ((50, -1), Side::Outside),
        ((-5, 100), Side::Outside),
        ((99, 99), Side::Inside),
    ] {
        assert_eq!(with_hole.side(point(at)), expected, "{at:?}");
    }
    // The ray passes through corners: a comb of teeth whose tips are level with the point.
    let comb = ring(&[(0, 0), (10, 10), (20, 0), (30, 10), (40, 0), (40, -10), (0, -10)]);
    assert_eq!(comb.side(point((-1, 0))), Side::Outside);
    assert_eq!(comb.side(point((10, 0))), Side::Inside);
    assert_eq!(comb.side(point((20, 0))), Side::Border);
    assert_eq!(comb.side(point((15, 10))), Side::Outside);
}

#[test]
fn rings_are_cleaned_and_checked() {
    let closed = |corners: &[(i32, i32)]| {
        Ring::closed(corners.iter().copied().map(point).collect()).map(|r| r.corners().len())
    };
    assert_eq!(closed(&[(0, 0), (9, 0), (9, 9), (0, 0)]), Ok(3));
    assert_eq!(closed(&[(0, 0), (0, 0), (9, 0), (9, 9), (9, 9), (0, 0)]), Ok(3), "repeated");
    assert_eq!(closed(&[(0, 0), (9, 0), (20, 0), (9, 0), (9, 9), (0, 0)]), Ok(3), "a spike");
    assert_eq!(closed(&[(5, 0), (0, 0), (9, 9), (9, 0), (5, 0), (0, 0), (5, 0)]), Ok(4), "seam");
    assert!(matches!(closed(&[(0, 0), (9, 0), (9, 9)]), Err(RingError::Open { .. })));
    assert_eq!(closed(&[(0, 0), (9, 0), (0, 0)]), Err(RingError::TooFew));
    assert_eq!(closed(&[(0, 0), (9, 0), (18, 0), (0, 0)]), Err(RingError::Flat));
    assert_eq!(closed(&[]), Err(RingError::TooFew));
    assert_eq!(closed(&[(0, 0), (0, 0)]), Err(RingError::TooFew));
}

#[test]
fn rings_that_cross_make_no_polygon() {
    let eight = ring(&[(0, 0), (10, 10), (10, 0), (0, 20)]);
    assert!(matches!(crossing(&[&eight]), Err(RingError::Crosses(_))));
    // Two edges on one line, one over the other.
    let folded = ring(&[(0, 0), (10, 0), (10, 5), (8, 0), (2, 0), (0, 5)]);
    assert!(matches!(crossing(&[&folded]), Err(RingError::Crosses(_))));
    // A corner on an edge of the same ring: allowed.
    let touching = ring(&[(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]);
    assert_eq!(crossing(&[&touching]), Ok(()));
    let outer = boxed(0, 0, 100, 100);
    let crossing_hole = Polygon::new(outer.clone(), vec![boxed(90, 40, 110, 60)]);
    assert!(matches!(crossing_hole, Err(PolygonError::Ring(RingError::Crosses(_)))));
    let far = Polygon::new(outer, vec![boxed(200, 0, 210, 10)]);
    assert!(matches!(far, Err(PolygonError::HoleOutside(_))));
}

#[test]
fn slivers_go_to_the_nearest_and_borders_to_the_first() {
    // 100 microdegrees (11 m) of nothing between the first and the second.
    let shapes = [
        area(boxed(0, 0, 10_000, 10_000), vec![]),
        area(boxed(10_100, 0, 20_000, 10_000), vec![]),
        area(boxed(20_000, 0, 30_000, 10_000), vec![]),
    ];
    let index = AreaIndex::new(&shapes);
    for (at, expected) in [
        ((10_020, 5_000), Some(0)),
        ((10_080, 5_000), Some(1)),
        ((10_050, 5_000), Some(0)),
        ((20_000, 5_000), Some(1)),
        ((20_001, 5_000), Some(2)),
        ((30_200, 5_000), Some(2)),
        ((30_300, 5_000), None),
        ((5_000, 10_240), None),
    ] {
        assert_eq!(index.find(point(at)), expected, "{at:?}");
    }
}

#[test]
fn parts_and_holes_that_others_fill() {
    let mut island = area(boxed(0, 0, 1_000, 1_000), vec![boxed(400, 400, 600, 600)]);
    island.polygons.extend(area(boxed(5_000, 0, 6_000, 1_000), vec![]).polygons);
    let enclave = area(boxed(400, 400, 600, 600), vec![]);
    let index = AreaIndex::new([&enclave, &island]);
    assert_eq!(index.find(point((500, 500))), Some(0));
    assert_eq!(index.find(point((400, 500))), Some(0), "the border belongs to the first");
    assert_eq!(index.find(point((399, 500))), Some(1));
    assert_eq!(index.find(point((5_500, 500))), Some(1));
    assert_eq!(survey([&enclave, &island]), Ok(survey::Survey::default()));
}

#[test]
fn overlaps_and_gaps_are_measured() {
    // About 111 m and 22 m a side; the second lies half over the first.
    let overlapping =
        [area(boxed(0, 0, 1_000, 1_000), vec![]), area(boxed(900, 0, 2_000, 1_000), vec![])];
    let found = survey(&overlapping).unwrap();
    assert_eq!(found.overlaps.len(), 1);
    assert_eq!(found.overlaps[0].areas, (0, 1));
    let square_metres = found.overlaps[0].square_metres;
    assert!((1_230.0..1_240.0).contains(&square_metres), "{square_metres}");
    // A frame of four with a hole in the middle, and a bay that is open to the east.
    let frame = [
        area(boxed(0, 0, 3_000, 1_000), vec![]),
        area(boxed(0, 2_000, 3_000, 3_000), vec![]),
        area(boxed(0, 1_000, 1_000, 2_000), vec![]),
        area(boxed(2_000, 1_000, 3_000, 2_000), vec![]),
        area(boxed(3_000, 0, 4_000, 1_000), vec![]),
        area(boxed(3_000, 2_000, 4_000, 3_000), vec![]),
    ];
    let found = survey(&frame).unwrap();
    assert_eq!((found.overlaps.len(), found.gaps.len()), (0, 1));
    let square_metres = found.gaps[0].square_metres;
    assert!((12_300.0..12_400.0).contains(&square_metres), "{square_metres}");
    let above = Point { lat: found.gaps[0].at.lat + 1, ..found.gaps[0].at };
    assert!(frame.iter().all(|shape| !shape.holds(above)), "{above}");
    // Two parts of one area over each other.
    let mut doubled = area(boxed(0, 0, 1_000, 1_000), vec![]);
    doubled.polygons.extend(doubled.polygons.clone());
    assert_eq!(survey([&doubled]).unwrap().overlaps[0].areas, (0, 0));
}
