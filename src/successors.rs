//! Agencies end; their open cases go to whoever took over. What would happen is the same decision
//! as what happens: the preview asks the case's own rules, moving gives the command
//! `move-to-successor`, which appends `case.moved_to_successor` and lets every clock go on.
//!
//! - [`preview`]: agency by agency, case by case, what would happen on a day.
//! - [`mover`]: doing it, by hand or by the server when the rule set says so.

pub mod mover;
pub mod preview;

use hoiam_domain::codes::AgencyCode;
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;
use jiff::civil::Date;

/// An agency that has ended by some day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The agency.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// Its last day.
    pub ended: Date,
    /// Who took over, at the end of the chain; none when the directory does not name anybody.
    pub successor: Option<AgencyCode>,
    /// Who took over, in words.
    pub note: Option<String>,
}

/// The agencies that have ended at a moment, by code.
pub fn ended(rules: &RuleSet, at: Timestamp) -> Vec<Ended> {
    let day = at.to_zoned(rules.policy.calendars.zone().clone()).date();
    let directory = &rules.directory;
    let gone = directory.agencies.values().filter(|agency| agency.validity.ended_before(day));
    gone.filter_map(|agency| {
        let successor = directory.in_force(&agency.code, day);
        Some(Ended {
            agency: agency.code.clone(),
            name: agency.name.clone(),
            ended: agency.validity.to?,
            successor: (*successor != agency.code).then(|| successor.clone()),
            note: agency.successor_note.clone(),
        })
    })
    .collect()
}
