//! What would become of the open cases of agencies that have ended: nothing is changed.

use std::collections::BTreeMap;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::MoveToSuccessor;
use hoiam_domain::case::{Case, Command, Intent, decide};
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;
use serde::Serialize;

use super::ended;
use crate::desk::{Desk, DeskError};
use crate::queries::{open_of_agency, open_parts_of};

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
    /// Open cases of other agencies in which it has a part; a person has to drop it and involve
    /// the successor.
    pub parts: u64,
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
    let parts: BTreeMap<String, i64> =
        open_parts_of(desk.log().pool()).await?.into_iter().collect();
    let mut agencies = Vec::new();
    for one in ended(&rules, at) {
        let code = one.agency.as_str();
        let parts = parts.get(code).copied().unwrap_or(0);
        let mut of_agency = OfAgency {
            agency: code.to_owned(),
            name: one.name,
            ended: one.ended.to_string(),
            successor: one.successor.map(|code| code.to_string()),
            successor_note: one.note,
            open: 0,
            moves: 0,
            moves_by_status: BTreeMap::new(),
            assigned: 0,
            stays: BTreeMap::new(),
            parts: u64::try_from(parts).unwrap_or(0),
            cases: Vec::new(),
        };
        let mut last = None;
        loop {
            let page = open_of_agency(desk.log().pool(), code, last.as_ref(), PAGE).await?;
            for open in &page {
                let case = desk.case(open.case_id).await?;
                of_agency.add(&case, fate(&case, &rules, at), limit);
            }
            last = match page.last() {
                Some(next) => Some(next.clone()),
                None => break,
            };
        }
        if of_agency.open > 0 || of_agency.parts > 0 {
            agencies.push(of_agency);
        }
    }
    let automatic = rules.settings.moves_by_itself();
    Ok(Preview { at, rule_set: rules.hash.clone(), automatic, agencies })
}

/// Why a case would stay; none when it would move.
fn fate(case: &Case, rules: &RuleSet, at: Timestamp) -> Option<&'static str> {
    let now = at.max(case.last_at);
    let intent = Intent { actor: Actor::system("successors"), now, occurred_at: now };
    let command = Command::MoveToSuccessor(MoveToSuccessor { successor: None });
    match decide(case, rules, &intent, &command) {
        Ok(_) => None,
        Err(rejection) => Some(rejection.code()),
    }
}

impl OfAgency {
    fn add(&mut self, case: &Case, stays: Option<&'static str>, limit: usize) {
        let status = case.work.stage.name().as_str();
        self.open += 1;
        match stays {
            Some(why) => *self.stays.entry(why).or_default() += 1,
            None => {
                self.moves += 1;
                *self.moves_by_status.entry(status).or_default() += 1;
                let handler = case.work.lead.as_ref().and_then(|lead| lead.handler.as_ref());
                self.assigned += u64::from(handler.is_some());
            }
        }
        if !case.confidential && self.cases.len() < limit {
            let number = case.number.to_string();
            self.cases.push(OfCase { number, status, moves: stays.is_none(), why: stays });
        }
    }
}
