//! A file of boundaries, read against the directory: every feature becomes one area of one
//! district or ward, or the file is refused with everything that is wrong, by feature.

mod check;
mod matching;

use jiff::civil::Date;

use super::names::Candidates;
use super::properties::{Asked, choose};
use super::{BoundarySet, Level};
use crate::geo::Point;
use crate::geo::geojson::{self, Feature, FeatureProblem, FileProblem};
use crate::routing::directory::{Bounds, Validity};
use crate::routing::ruleset::RuleSet;

/// Overlaps and gaps up to this many square metres are drawing inaccuracy (a hectare).
pub const TOLERANCE: f64 = 10_000.0;

/// A coordinate so far (degrees, some 10 km) beyond the directory's approximate boxes still counts
/// as in the city.
const MARGIN: f64 = 0.1;

/// What the person who imports says about the file.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// What the areas are; found out where absent.
    pub level: Option<Level>,
    /// The first day the boundaries hold.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// The property with names; found out where absent.
    pub name_property: Option<String>,
    /// The property with codes; found out where absent.
    pub code_property: Option<String>,
    /// Leave out, and list, what is no area, lies outside the city or is in no directory.
    pub leave_out: bool,
    /// Overlaps and gaps up to this many square metres are accepted.
    pub tolerance: f64,
    /// Where the file comes from.
    pub source: String,
    /// Under which licence.
    pub licence: String,
    /// The day of the import.
    pub today: Date,
    /// Limits of the file.
    pub limits: geojson::Limits,
}

/// Something wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Which feature, from 0; none for the file as a whole.
    pub feature: Option<usize>,
    /// What the feature calls itself.
    pub name: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.feature, &self.name) {
            (None, _) => write!(f, "{}", self.reason),
            (Some(index), None) => write!(f, "feature {index}: {}", self.reason),
            (Some(index), Some(name)) => write!(f, "feature {index} ({name}): {}", self.reason),
        }
    }
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    /// The file as a whole.
    #[error(transparent)]
    File(#[from] FileProblem),
    /// The geometry of a feature.
    #[error(transparent)]
    Feature(#[from] FeatureProblem),
    /// No feature is left.
    #[error("the file has no area of this city")]
    Empty,
    /// The features match districts as well as wards, or neither.
    #[error("it is not clear whether these are districts or wards: say --level")]
    Level,
    /// Neither names nor codes were found.
    #[error(
        "no property of the features holds names or codes of the directory: say --name-property or --code-property"
    )]
    NoProperty,
    /// The first day lies after the last.
    #[error("the boundaries would begin on {0} and end on {1}")]
    Days(Date, Date),
    /// A corner outside the city.
    #[error("reaches out of the city at {0}")]
    Outside(Point),
    /// A name or code that the directory does not have on that day.
    #[error("is no {level} of the directory on {day}")]
    Unmatched {
        /// Which level was looked in.
        level: Level,
        /// Which day.
        day: Date,
    },
    /// The feature has no value in the property with names or codes.
    #[error("has no name")]
    Nameless,
    /// A name of several.
    #[error("can be any of {0}")]
    Ambiguous(String),
    /// Code and name mean different rows.
    #[error("has the code of {0} but another name")]
    CodeAndName(String),
    /// The same district or ward twice.
    #[error("is {name} again, after feature {first}; one feature must hold all parts")]
    Duplicate {
        /// The directory's name.
        name: String,
        /// The feature that had it first.
        first: usize,
    },
    /// Ground covered twice.
    #[error("overlaps {other} by {square_metres:.0} m² near {at}")]
    Overlap {
        /// The other area's name.
        other: String,
        /// How much.
        square_metres: f64,
        /// Where.
        at: Point,
    },
    /// Ground uncovered between areas.
    #[error("no area covers {square_metres:.0} m² near {at}, though areas lie all around")]
    Gap {
        /// How much.
        square_metres: f64,
        /// Where.
        at: Point,
    },
    /// Overlaps and gaps could not be looked for.
    #[error("the areas are too tangled to be checked for overlaps and gaps")]
    TooTangled,
}

impl Reason {
    /// Whether a feature with this trouble may be left out when that was asked for.
    const fn can_be_left_out(&self) -> bool {
        match self {
            Self::Feature(problem) => matches!(problem, FeatureProblem::NoArea(_)),
            Self::Outside(_) | Self::Unmatched { .. } => true,
            _ => false,
        }
    }
}

/// A file that is good.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The boundaries.
    pub set: BoundarySet,
    /// Features that were left out, when that was asked for.
    pub left_out: Vec<Problem>,
    /// Rows of the directory that got no boundary, by name.
    pub missing: Vec<String>,
    /// The property names were read from.
    pub name_property: Option<String>,
    /// The property codes were read from.
    pub code_property: Option<String>,
    /// The largest overlap and gap that were accepted, square metres.
    pub largest: (f64, f64),
}

impl RuleSet {
    /// Reads a GeoJSON file of boundaries against this rule set's directory.
    ///
    /// # Errors
    /// Everything that is wrong with the file; then nothing of it may be used.
    pub fn read_boundaries(
        &self,
        text: &str,
        options: &ImportOptions,
    ) -> Result<Import, Vec<Problem>> {
        let whole = |reason| vec![Problem { feature: None, name: None, reason }];
        let bounds = self.directory.bounds().map(|bounds| bounds.grown(MARGIN));
        let swapped = |lat: f64, lon: f64| {
            bounds.is_some_and(|b| !b.contains(lat, lon) && b.contains(lon, lat))
        };
        let features = geojson::read(text, &options.limits, &swapped)
            .map_err(|problem| whole(problem.into()))?;
        let (level, candidates, chosen) = self.decide_level(&features, options).map_err(whole)?;
        let mut matcher = matching::Matcher {
            candidates: &candidates,
            places: &self.places,
            level,
            chosen: &chosen,
            bounds,
            day: options.day(),
            taken: vec![None; candidates.list.len()],
        };
        let mut problems = Vec::new();
        let mut left_out = Vec::new();
        let mut matched = Vec::new();
        for feature in features {
            let (index, name) = (feature.index, matcher.name_of(&feature));
            match matcher.take(feature) {
                Ok(one) => matched.push(one),
                Err(reason) => {
                    let leave = options.leave_out && reason.can_be_left_out();
                    let problem = Problem { feature: Some(index), name, reason };
                    if leave { left_out.push(problem) } else { problems.push(problem) }
                }
            }
        }
        if matched.is_empty() && problems.is_empty() {
            return Err(whole(Reason::Empty));
        }
        matched.sort_by(|a, b| a.area.rank().cmp(b.area.rank()));
        let largest = check::ground(&matched, options.tolerance, &mut problems);
        let validity = validity(options, &matched, &candidates);
        if let (Some(from), Some(to)) = (validity.from, validity.to)
            && from > to
        {
            problems.extend(whole(Reason::Days(from, to)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let missing = candidates.list.iter().zip(&matcher.taken);
        let missing = missing.filter(|(_, taken)| taken.is_none()).map(|(c, _)| c.name.clone());
        Ok(Import {
            missing: missing.collect(),
            set: BoundarySet {
                level,
                validity,
                source: options.source.clone(),
                licence: options.licence.clone(),
                areas: matched.into_iter().map(|one| one.area).collect(),
            },
            left_out,
            name_property: chosen.name,
            code_property: chosen.code,
            largest,
        })
    }

    /// The level asked for, else the one more features are known at.
    fn decide_level(
        &self,
        features: &[Feature],
        options: &ImportOptions,
    ) -> Result<(Level, Candidates, super::properties::Chosen), Reason> {
        let asked = Asked {
            name: options.name_property.as_deref(),
            code: options.code_property.as_deref(),
        };
        let levels =
            Level::ALL.into_iter().filter(|level| options.level.is_none_or(|l| l == *level));
        let mut tried: Vec<_> = levels
            .map(|level| {
                let candidates =
                    Candidates::new(&self.directory, &self.places, level, options.day());
                let chosen = choose(features, asked, &candidates, &self.places, level);
                (level, candidates, chosen)
            })
            .collect();
        tried.sort_by_key(|(_, _, chosen)| (chosen.known, chosen.quality));
        let score = |at: usize| tried.get(at).map(|(_, _, c)| (c.known, c.quality));
        if tried.len() > 1 && score(0) == score(1) && score(0) != Some((0, 0)) {
            return Err(Reason::Level);
        }
        let (level, candidates, chosen) = tried.pop().ok_or(Reason::Level)?;
        if chosen.name.is_none() && chosen.code.is_none() {
            return Err(if features.is_empty() { Reason::Empty } else { Reason::NoProperty });
        }
        Ok((level, candidates, chosen))
    }
}

impl ImportOptions {
    /// The day on which names and codes are looked up.
    fn day(&self) -> Date {
        self.from.or(self.to).unwrap_or(self.today)
    }
}

impl Bounds {
    /// The box with this many degrees more on each side.
    fn grown(&self, by: f64) -> Self {
        Self {
            south: self.south - by,
            west: self.west - by,
            north: self.north + by,
            east: self.east + by,
        }
    }
}

/// What was said; else units begin when they took over, and what has ended ends with the last.
fn validity(
    options: &ImportOptions,
    matched: &[matching::Matched],
    candidates: &Candidates,
) -> Validity {
    let rows: Vec<_> =
        matched.iter().filter_map(|one| candidates.list.get(one.candidate)).collect();
    let units = rows.iter().any(|row| row.code.is_none());
    let began = rows.iter().filter_map(|row| row.validity.from).max();
    let ended = rows.iter().filter_map(|row| row.validity.to).max();
    let all_ended = rows.iter().all(|row| row.validity.ended_before(options.today));
    Validity {
        from: options.from.or(began.filter(|_| units)),
        to: options.to.or(ended.filter(|_| all_ended && !rows.is_empty())),
    }
}
