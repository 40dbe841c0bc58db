//! What would become of the open cases of agencies that have ended: nothing is changed.

use std::collections::BTreeMap;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::MoveToSuccessor;
use hoiam_domain::case::{Case, Command, Intent, decide};
use hoiam_domain::codes::AgencyCode;
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;
use serde::Serialize;

use super::{Ended, ended};
use crate::desk::{Desk, DeskError};
use crate::queries::{Involved, open_of_agency};

/// Cases read at once.
const PAGE: i64 = 200;

/// What would happen on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The moment it is looked at.
    pub at: Timestamp,
    /// Hash of the rule set in force then.
    pub rule_set: String,
    /// The server does it by itself under this rule set.
    pub automatic: bool,
    /// Agencies that have ended by then and have open cases or parts, by code.
    pub agencies: Vec<OfAgency>,
}

/// The open cases of one agency that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfAgency {
    /// The agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its last day.
    pub ended: String,
    /// Who would have them; none when the directory names nobody.
    pub successor: Option<String>,
    /// Who took over, in words.
    pub successor_note: Option<String>,
    /// Open cases it is responsible for.
    pub open: u64,
    /// Of them, would move.
    pub moves: u64,
    /// Of those that would move, how many stand where: a step in progress goes on there.
    pub moves_by_status: BTreeMap<&'static str, u64>,
    /// Of those that would move, how many are assigned to a handler, who would lose them.
    pub assigned: u64,
    /// Why the others would stay: `no_successor`, `agency_still_open` (its focal points keep
    /// receiving, `ended_without_successor = "keep"`), `accused_agency`, …
    pub stays: BTreeMap<&'static str, u64>,
    /// Open cases of other agencies in which it has a part that is not finished.
    pub parts: u64,
    /// Of those parts, would move; into the successor's own part, or into the whole, where it has
    /// one.
    pub parts_move: u64,
    /// Why the other parts would stay.
    pub parts_stay: BTreeMap<&'static str, u64>,
    /// The first of the cases, sealed ones left out.
    pub cases: Vec<OfCase>,
}

/// One open case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfCase {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub status: &'static str,
    /// What the agency has is a part beside another agency.
    pub part: bool,
    /// Whether it would move.
    pub moves: bool,
    /// Why it would stay.
    pub why: Option<&'static str>,
}

/// Looks at every open case of every agency that has ended at `at`. At most `limit` cases are named
/// for each agency; all are counted.
///
/// # Errors
/// When the database does not answer.
pub async fn preview(desk: &Desk, at: Timestamp, limit: usize) -> Result<Preview, DeskError> {
    let rules = desk.rules_handle().at(at);
    let mut agencies = Vec::new();
    for one in ended(&rules, at) {
        let mut of_agency = OfAgency::nothing(one);
        for involved in [Involved::Lead, Involved::Part] {
            of_agency.look(desk, &rules, at, involved, limit).await?;
        }
        if of_agency.open > 0 || of_agency.parts > 0 {
            agencies.push(of_agency);
        }
    }
    let automatic = rules.settings.moves_by_itself();
    Ok(Preview { at, rule_set: rules.hash.clone(), automatic, agencies })
}

/// Why a case, or the agency's part in it, would stay; none when it would move.
fn fate(
    case: &Case,
    rules: &RuleSet,
    at: Timestamp,
    part: Option<AgencyCode>,
) -> Option<&'static str> {
    let now = at.max(case.last_at);
    let intent = Intent { actor: Actor::system("successors"), now, occurred_at: now };
    let command = Command::MoveToSuccessor(MoveToSuccessor { part, successor: None });
    match decide(case, rules, &intent, &command) {
        Ok(_) => None,
        Err(rejection) => Some(rejection.code()),
    }
}

impl OfAgency {
    fn nothing(one: Ended) -> Self {
        Self {
            agency: one.agency.to_string(),
            name: one.name,
            ended: one.ended.to_string(),
            successor: one.successor.map(|code| code.to_string()),
            successor_note: one.note,
            open: 0,
            moves: 0,
            moves_by_status: BTreeMap::new(),
            assigned: 0,
            stays: BTreeMap::new(),
            parts: 0,
            parts_move: 0,
            parts_stay: BTreeMap::new(),
            cases: Vec::new(),
        }
    }

    /// Looks at the cases it is responsible for, or has a part in.
    async fn look(
        &mut self,
        desk: &Desk,
        rules: &RuleSet,
        at: Timestamp,
        involved: Involved,
        limit: usize,
    ) -> Result<(), DeskError> {
        let agency = AgencyCode::new(self.agency.clone());
        let part = (involved == Involved::Part).then(|| agency.clone());
        let mut last = None;
        loop {
            let pool = desk.log().pool();
            let page = open_of_agency(pool, &self.agency, involved, last.as_ref(), PAGE).await?;
            for open in &page {
                let case = desk.case(open.case_id).await?;
                // Sealed ones move as well, and nobody is told how many.
                if case.confidential || (part.is_some() && !case.has_open_part(&agency)) {
                    continue;
                }
                let stays = fate(&case, rules, at, part.clone());
                match involved {
                    Involved::Lead => self.add(&case, stays),
                    Involved::Part => self.add_part(stays),
                }
                self.name_case(&case, stays, part.is_some(), limit);
            }
            last = match page.last() {
                Some(next) => Some(next.clone()),
                None => return Ok(()),
            };
        }
    }

    fn add(&mut self, case: &Case, stays: Option<&'static str>) {
        self.open += 1;
        match stays {
            Some(why) => *self.stays.entry(why).or_default() += 1,
            None => {
                self.moves += 1;
                *self.moves_by_status.entry(case.work.stage.name().as_str()).or_default() += 1;
                let handler = case.work.lead.as_ref().and_then(|lead| lead.handler.as_ref());
                self.assigned += u64::from(handler.is_some());
            }
        }
    }

    fn add_part(&mut self, stays: Option<&'static str>) {
        self.parts += 1;
        match stays {
            Some(why) => *self.parts_stay.entry(why).or_default() += 1,
            None => self.parts_move += 1,
        }
    }

    fn name_case(&mut self, case: &Case, stays: Option<&'static str>, part: bool, limit: usize) {
        if self.cases.len() < limit {
            let (number, status) = (case.number.to_string(), case.work.stage.name().as_str());
            self.cases.push(OfCase { number, status, part, moves: stays.is_none(), why: stays });
        }
    }
}
