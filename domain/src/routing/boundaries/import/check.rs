//! All areas together: what they cover twice and what they leave open.

use super::matching::Matched;
use super::{Problem, Reason};
use crate::geo::survey::survey;

/// So many overlaps and gaps are told.
const MOST: usize = 50;

/// Adds what is above the tolerance to the problems; returns the largest overlap and gap that are
/// not.
pub(super) fn ground(
    matched: &[Matched],
    tolerance: f64,
    problems: &mut Vec<Problem>,
) -> (f64, f64) {
    let Ok(found) = survey(matched.iter().map(|one| &one.area.shape)) else {
        problems.push(Problem { feature: None, name: None, reason: Reason::TooTangled });
        return (0.0, 0.0);
    };
    let mut largest = (0.0_f64, 0.0_f64);
    let mut told = Vec::new();
    for overlap in &found.overlaps {
        if overlap.square_metres <= tolerance {
            largest.0 = largest.0.max(overlap.square_metres);
            continue;
        }
        let pair = (matched.get(overlap.areas.0), matched.get(overlap.areas.1));
        let (Some(one), Some(other)) = pair else { continue };
        let itself = overlap.areas.0 == overlap.areas.1;
        told.push(Problem {
            feature: Some(one.feature),
            name: Some(one.area.name.clone()),
            reason: Reason::Overlap {
                other: if itself { "itself".to_owned() } else { other.area.name.clone() },
                square_metres: overlap.square_metres,
                at: overlap.at,
            },
        });
    }
    for gap in &found.gaps {
        if gap.square_metres <= tolerance {
            largest.1 = largest.1.max(gap.square_metres);
            continue;
        }
        let reason = Reason::Gap { square_metres: gap.square_metres, at: gap.at };
        told.push(Problem { feature: None, name: None, reason });
    }
    told.truncate(MOST);
    problems.extend(told);
    largest
}
