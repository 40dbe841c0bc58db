//! `routing.toml`: the default desk, the confidence floor, what area tokens mean.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::reading::Reading;
use crate::file_error::FileError;
use crate::kinds::{Desk, Kind};
use crate::routing::responsibility::table::Table;
use crate::sealed::ReadingLimits;

/// What happens with a unit that ended and whose successor is not in the directory yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedUnit {
    /// Its focal points keep receiving.
    Keep,
    /// The default desk decides.
    Desk,
}

/// Who moves the open cases of a unit that ended to its successor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovesCases {
    /// A person, by `hoiam rules successors` or case by case.
    #[default]
    ByHand,
    /// The server, once the unit has ended.
    Automatic,
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The desk for what no rule gives to an agency.
    pub default_desk: Desk,
    /// Below this confidence (0 to 1) no agency is chosen.
    #[serde(default)]
    pub confidence_floor: f64,
    /// The floor for categories whose table makes a case an emergency: missing one is worse than
    /// a needless call. The confidence floor where absent.
    #[serde(default)]
    pub emergency_floor: Option<f64>,
    /// Only so many characters of a text are considered.
    #[serde(default = "default_max_text")]
    pub max_text: usize,
    /// Units that ended without a successor in the directory.
    #[serde(default = "default_ended")]
    pub ended_without_successor: EndedUnit,
    /// Open cases of units that ended and whose successor is in the directory.
    #[serde(default)]
    pub move_to_successors: MovesCases,
    /// Kinds of case that are always sealed and go to no agency by category.
    #[serde(default = "default_sealed")]
    pub sealed_kinds: Vec<Kind>,
    /// How long requests to know who a denouncer is stand open.
    #[serde(default)]
    pub readings: ReadingLimits,
    /// What `unit` a token like `UBND` in `UBND@AREA` means.
    #[serde(default)]
    pub areas: BTreeMap<String, String>,
}

const fn default_max_text() -> usize {
    20_000
}

const fn default_ended() -> EndedUnit {
    EndedUnit::Keep
}

fn default_sealed() -> Vec<Kind> {
    vec![Kind::Complaint, Kind::Denunciation]
}

impl Settings {
    /// Whether the server moves open cases to successors by itself.
    pub fn moves_by_itself(&self) -> bool {
        self.move_to_successors == MovesCases::Automatic
    }

    /// The floor for a category of this table.
    pub fn floor(&self, table: Option<&Table>) -> f64 {
        let emergency = table.is_some_and(|table| table.kind == Some(Kind::Emergency));
        self.emergency_floor.filter(|_| emergency).unwrap_or(self.confidence_floor)
    }
}

/// Reads the settings.
pub(super) fn settings(reading: &mut Reading<'_>, nth: usize, file: &str) -> Option<Settings> {
    let settings = reading.file::<Settings>(nth)?;
    let floors = [Some(settings.confidence_floor), settings.emergency_floor];
    if floors.into_iter().flatten().any(|floor| !(0.0..=1.0).contains(&floor)) {
        reading.errors.push(FileError::whole(file, "a floor lies between 0 and 1"));
    }
    for error in settings.readings.errors() {
        reading.errors.push(FileError::whole(file, error));
    }
    if settings.max_text == 0 {
        reading.errors.push(FileError::whole(file, "max_text must be at least 1"));
    }
    Some(settings)
}
