//! Boundaries of districts and wards: imported from files of others, matched to the directory,
//! kept as sets with a validity, and asked in which district and ward a point lies.
//!
//! - [`import`]: a GeoJSON file read strictly; everything wrong is said, nothing is taken in part.
//! - [`set`]: one imported set in the form that is stored under its hash.
//! - [`timeline`]: all sets together; which one holds on a day.

pub mod import;
mod names;
mod properties;
pub mod set;
pub mod timeline;

use serde::{Deserialize, Serialize};

pub use import::{Import, ImportOptions, Problem, Reason};
pub use set::{Area, BoundarySet, SetError};
pub use timeline::{Boundaries, Located, SetReference};

/// What the areas of a set are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Districts.
    District,
    /// Wards, communes and townships, of before or after 2025-07-01.
    Ward,
}

impl Level {
    /// Both.
    pub const ALL: [Self; 2] = [Self::District, Self::Ward];

    /// The word used in data, interfaces and events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Ward => "ward",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|level| level.as_str() == text);
        found.ok_or_else(|| "is not one of: district, ward".to_owned())
    }
}

#[cfg(test)]
pub(in crate::routing) mod tests;
