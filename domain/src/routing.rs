//! Routing: which sector, category, place and agency a feedback belongs to, and why.
//!
//! - [`boundaries`]: districts and wards as ground, by which coordinates become a place.
//! - [`classify`]: kind, sector, category, urgency and confidentiality of a text.
//! - [`directory`]: the agencies, categories and places of the city.
//! - [`place`]: district and ward from words or coordinates.
//! - [`responsibility`]: the decision tables that find the agency.
//! - [`replay`]: what a changed rule set would have made of past cases.
//! - [`ruleset`]: all policy files read, checked and put together; answers with a [`Verdict`].

pub mod boundaries;
pub mod classify;
pub mod directory;
pub mod place;
mod policy;
pub mod replay;
pub mod responsibility;
pub mod ruleset;
pub mod tokens;
pub mod verdict;

pub use directory::{Agency, Category, Directory, District, FocalPoint, Sector, Ward};
pub use ruleset::RuleSet;
pub use verdict::{Alternative, PlaceSource, Question, QuestionOption, RouteInput, Verdict};
