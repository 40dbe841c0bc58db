//! Who may do what. Decided here and nowhere else: a button that is hidden protects nothing.

use super::Rejection;
use super::party::Party;
use super::state::Case;
use crate::actor::{Actor, Role};

use Role::{
    Administrator, AgencyCoordinator, Auditor, Citizen, CityLeader, Coordinator, Handler,
    Integration, Operator, System, UnitLeader,
};

/// The roles that may give a command.
pub fn roles(command: &str) -> &'static [Role] {
    match command {
        "receive" => &[Citizen, Operator, Coordinator, Integration, System],
        "refuse" | "hand-off" | "seal" | "classify" | "dispatch" | "escalate" => {
            &[Operator, Coordinator, System]
        }
        "rule" | "drop-part" | "dismiss-appeal" => &[Coordinator],
        "close" => &[Operator, Coordinator],
        "accept" | "return" | "assign" => &[AgencyCoordinator, UnitLeader],
        "add-co-agency" => &[Coordinator, AgencyCoordinator, UnitLeader],
        "finish-part" | "arrive" | "make-safe" | "progress" | "resolve" => {
            &[AgencyCoordinator, Handler, UnitLeader]
        }
        "ask" => &[Operator, Coordinator, AgencyCoordinator, Handler, UnitLeader],
        "extend" => &[UnitLeader],
        "check-answer" => &[Coordinator, UnitLeader],
        "answer" => &[Operator, Coordinator, AgencyCoordinator, UnitLeader],
        "reply" | "rate" | "appeal" | "withdraw" | "choose" => &[Citizen, Operator, Integration],
        "reopen" => &[Citizen, Operator, Coordinator, Integration],
        "merge" | "unmerge" => &[Operator, Coordinator],
        "move-to-successor" => &[Coordinator, Administrator, System],
        "correct" => &[Operator, Coordinator, AgencyCoordinator, Handler, UnitLeader],
        "note" => &[Operator, Coordinator, AgencyCoordinator, Handler, UnitLeader],
        "erase" | "tick" => &[System],
        "attach" => {
            &[Citizen, Operator, Coordinator, AgencyCoordinator, Handler, UnitLeader, Integration]
        }
        _ => &[],
    }
}

/// Checks that an actor may give a command on a case.
///
/// # Errors
/// A [`Rejection`] that says what is missing.
pub fn authorise(case: &Case, actor: &Actor, command: &'static str) -> Result<(), Rejection> {
    let carries = case.is_denunciation() && is_member(actor) && AGENCYS.contains(&command);
    if !roles(command).contains(&actor.role) && !carries {
        return Err(Rejection::RoleNotAllowed { command, role: actor.role });
    }
    let own_step = || case.undo.as_ref().is_some_and(|undo| undo.actor == *actor);
    match actor.role {
        Citizen if !is_party(case, actor) => Err(Rejection::NotAParty),
        Operator | Integration if case.confidential => Err(Rejection::SealedCase),
        Coordinator if case.confidential && !is_member(actor) => Err(Rejection::SealedCase),
        Administrator if case.is_denunciation() => Err(Rejection::SealedCase),
        // Who returned a case or finished a part by mistake no longer has it, and may say so.
        AgencyCoordinator | Handler | UnitLeader
            if command == "correct"
                && own_step()
                && case.accused != actor.agency
                && !case.is_denunciation() =>
        {
            Ok(())
        }
        AgencyCoordinator | Handler | UnitLeader => agency_scope(case, actor, command),
        _ => Ok(()),
    }
}

/// What an agency does with a case it has: in a denunciation, which no agency sees, the group does
/// it, on paper from the body that is competent.
const AGENCYS: &[&str] =
    &["accept", "return", "assign", "arrive", "make-safe", "progress", "ask", "extend", "resolve"];

/// A member of the group of the sealed stream.
fn is_member(actor: &Actor) -> bool {
    actor.role == Coordinator && actor.in_group
}

fn is_party(case: &Case, actor: &Actor) -> bool {
    case.parties.iter().any(|party: &Party| party.id == actor.id)
}

/// People of an agency act for the lead agency, co-agencies on their own part only.
fn agency_scope(case: &Case, actor: &Actor, command: &'static str) -> Result<(), Rejection> {
    let Some(agency) = &actor.agency else { return Err(Rejection::NotYourAgency) };
    if case.accused.as_ref() == Some(agency) || case.is_denunciation() {
        return Err(Rejection::NotYourAgency);
    }
    let any_part = matches!(command, "finish-part" | "note" | "attach");
    if any_part && case.involves(agency) && may_view(case, actor) {
        return Ok(());
    }
    let Some(lead) = case.work.lead.as_ref().filter(|lead| lead.agency == *agency) else {
        return Err(Rejection::NotYourAgency);
    };
    if let (Some(limit), Some(focal_point)) = (&actor.focal_point, &lead.focal_point)
        && limit != focal_point
    {
        return Err(Rejection::NotYourFocalPoint);
    }
    if actor.role == Handler {
        let assigned = lead.handler.as_ref().map(|handler| *handler == actor.id);
        // A sealed case is its handler's only; another also of whoever takes it up.
        if !assigned.unwrap_or(!case.confidential) {
            return Err(Rejection::NotYourCase);
        }
    }
    Ok(())
}

/// Whether an actor may see a case at all. The desk sees what is not sealed, the members of the
/// group also what is; an agency sees what it has a part in, sealed matters only its coordinator,
/// leader and the handler assigned; the agency complained of sees nothing, and a denunciation is
/// the group's alone.
pub fn may_view(case: &Case, actor: &Actor) -> bool {
    match actor.role {
        System => true,
        Coordinator => !case.confidential || actor.in_group,
        Operator | Administrator | Integration | CityLeader | Auditor => !case.confidential,
        Citizen => is_party(case, actor),
        AgencyCoordinator | UnitLeader | Handler => {
            let Some(agency) = &actor.agency else { return false };
            let hidden = case.accused.as_ref() == Some(agency) || case.is_denunciation();
            if hidden || !case.involves(agency) {
                return false;
            }
            let lead = case.work.lead.as_ref();
            let other_focal_point = match (&actor.focal_point, lead) {
                (Some(limit), Some(lead)) if lead.agency == *agency => {
                    lead.focal_point.as_ref().is_some_and(|given| given != limit)
                }
                _ => false,
            };
            let assigned = lead.is_some_and(|lead| lead.handler.as_ref() == Some(&actor.id));
            !other_focal_point && (!case.confidential || actor.role != Handler || assigned)
        }
    }
}
