//! Events that say who has the case: screening, classification, dispatch, return, ruling.

use jiff::Timestamp;

use super::super::event::Event;
use super::super::stage::Stage;
use super::super::state::{Case, Lead, Return, Work};
use crate::kinds::Clock;
use crate::time::Deadline;

pub(super) fn apply_routing(case: &mut Case, event: &Event, at: Timestamp) {
    let work = &mut case.work;
    match event {
        Event::Refused(e) => {
            work.refusal = Some(e.reason.clone());
            work.stage = Stage::Refused;
            work.stop_all(at);
        }
        Event::HandedOff(e) => {
            if !case.handed_off.contains(&e.service) {
                case.handed_off.push(e.service);
            }
            work.stop(&[Clock::Dispatch], at);
            if work.lead.is_none() {
                work.stop(&[Clock::Ruling], at);
                work.window_until = e.window_until;
                work.stage = Stage::HandedOff(e.service);
            }
        }
        Event::Sealed(e) => {
            case.confidential = true;
            case.accused = e.accused.clone().or(case.accused.take());
            if case.accused.is_some()
                && work.lead.as_ref().map(|l| &l.agency) == case.accused.as_ref()
            {
                work.lead = None;
                // Under appeal it stays with the coordinators.
                if !matches!(work.stage, Stage::Arbitration(_)) {
                    work.promise(&e.deadlines);
                    work.stage = Stage::Classified;
                }
                work.forget_agency_clocks();
            }
            if let Some(accused) = &case.accused {
                work.parts.retain(|part| part.agency != *accused);
            }
        }
        Event::Classified(e) => {
            case.confidential |= e.found.confidential;
            work.found = Some(e.found.clone());
            work.promise(&e.deadlines);
            if matches!(work.stage, Stage::Received) {
                work.stage = Stage::Classified;
            }
        }
        Event::Dispatched(e) => {
            work.lead = Some(Lead {
                agency: e.agency.clone(),
                focal_point: e.focal_point.clone(),
                handler: None,
                rule: e.rule.clone(),
            });
            enter_agency(work, &e.deadlines, at);
        }
        Event::SentToArbitration(e) => {
            work.stage = Stage::Arbitration(e.cause);
            work.stop(&[Clock::Dispatch], at);
            work.clocks.remove(&Clock::Ruling);
            work.promise(&e.deadlines);
        }
        Event::Ruled(e) => {
            work.ruled = true;
            work.lead = Some(Lead {
                agency: e.agency.clone(),
                focal_point: e.focal_point.clone(),
                handler: None,
                rule: None,
            });
            enter_agency(work, &e.deadlines, at);
        }
        Event::Returned(e) => {
            let (agency, proposed) = (e.agency.clone(), e.proposed_agency.clone());
            work.returns.push(Return { agency, proposed, at });
            work.lead = None;
            work.forget_agency_clocks();
            work.stage = Stage::Classified;
        }
        Event::MovedToSuccessor(e) => {
            if let Some(lead) = work.lead.as_mut().filter(|lead| lead.agency == e.from) {
                lead.agency = e.to.clone();
                lead.focal_point = None;
                lead.handler = None;
            }
            work.parts.retain(|part| part.agency != e.to);
        }
        _ => {}
    }
}

fn enter_agency(work: &mut Work, deadlines: &[Deadline], at: Timestamp) {
    work.stop(&[Clock::Dispatch, Clock::Ruling], at);
    work.forget_agency_clocks();
    // After an appeal the answer is owed again, by the original clock.
    if let Some(running) = work.clocks.get_mut(&Clock::Answer) {
        running.stopped = None;
    }
    work.promise(deadlines);
    if let Some(lead) = &work.lead {
        work.parts.retain(|part| part.agency != lead.agency);
    }
    // The next agency may ask for itself.
    work.unanswered = false;
    work.window_until = None;
    work.stage = Stage::Dispatched;
    work.closed_at = None;
}
