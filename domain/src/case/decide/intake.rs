//! Receiving: a feedback becomes a case, classified and sent on its way as far as the rules are
//! sure.

use super::super::command::Receive;
use super::super::event::{self, Event};
use super::super::policy::{CasePolicy, Standing};
use super::super::rejection::Rejection;
use super::super::stage::ArbitrationCause;
use super::text::{FEEDBACK_LIMIT, SHORT_LIMIT, optional, required};
use super::{CLOCK_SKEW, Intent, promise};
use crate::actor::Role;
use crate::case::authority::roles;
use crate::case::party::Location;
use crate::kinds::{Clock, Kind};
use crate::time::ClockFacts;

/// Decides the receipt of a feedback: received, classified, and dispatched, handed off, sealed or
/// laid before the coordinators.
///
/// # Errors
/// A [`Rejection`]; nothing is received.
pub fn receive(
    policy: &dyn CasePolicy,
    intent: &Intent,
    command: &Receive,
) -> Result<Vec<Event>, Rejection> {
    check(intent, command)?;
    let routed = &command.routed;
    let facts = ClockFacts {
        kind: routed.found.kind,
        sector: routed.found.sector.clone(),
        category: routed.found.category.clone(),
        priority: routed.found.priority,
        urgent: routed.found.urgent,
        several_agencies: false,
        agency: None,
        received_at: intent.occurred_at,
    };
    let at = intent.occurred_at;
    let mut events: Vec<Event> = vec![
        event::Received {
            number: command.number.clone(),
            channel: command.channel,
            text: command.text.clone(),
            location: command.location.clone(),
            reporter: command.reporter.clone(),
            public: command.public,
            source: command.source.clone(),
            deadlines: promise(policy, &[Clock::Dispatch, Clock::Answer], &facts, at)?,
        }
        .into(),
        event::Classified { found: routed.found.clone(), reason: None, deadlines: Vec::new() }
            .into(),
    ];
    if let Some(service) = routed.handoff {
        let window_until = Some(super::window_until(policy, at, at)?);
        events.push(event::HandedOff { service, note: None, window_until }.into());
    }
    // What a service has in hand waits in no agency's inbox; the desk dispatches the aftermath.
    let in_hand = routed.handoff.is_some() && routed.found.kind == Kind::Emergency;
    let open = |agency: &&crate::codes::AgencyCode| policy.standing(agency, at) == Standing::Open;
    if in_hand {
        return Ok(events);
    }
    if let Some(agency) = routed.agency.as_ref().filter(open) {
        let facts = ClockFacts { agency: Some(agency.clone()), ..facts };
        let clocks = [Clock::Acknowledge, Clock::OnSite, Clock::MakeSafe, Clock::Resolve];
        events.push(
            event::Dispatched {
                agency: agency.clone(),
                focal_point: routed.focal_point.clone(),
                reason: None,
                rule: routed.found.rule.clone(),
                rule_set: routed.found.rule_set.clone(),
                deadlines: promise(policy, &clocks, &facts, at)?,
            }
            .into(),
        );
    } else if (routed.unclear || routed.agency.is_some())
        && routed.handoff.is_none()
        && !routed.found.confidential
    {
        // Also an agency that ended meanwhile: somebody must say who has its cases now.
        events.push(
            event::SentToArbitration {
                cause: ArbitrationCause::Unclear,
                reason: None,
                deadlines: promise(policy, &[Clock::Ruling], &facts, at)?,
            }
            .into(),
        );
    }
    Ok(events)
}

fn check(intent: &Intent, command: &Receive) -> Result<(), Rejection> {
    let role = intent.actor.role;
    if !roles("receive").contains(&role) {
        return Err(Rejection::RoleNotAllowed { command: "receive", role });
    }
    if intent.occurred_at > intent.now + CLOCK_SKEW && role != Role::System {
        return Err(Rejection::InFuture);
    }
    required("text", &command.text, FEEDBACK_LIMIT)?;
    let contact = &command.reporter.contact;
    let parts = [("name", &contact.name), ("phone", &contact.phone), ("email", &contact.email)];
    for (field, value) in parts {
        optional(field, value.as_ref(), SHORT_LIMIT)?;
    }
    command.location.as_ref().map_or(Ok(()), check_location)
}

fn check_location(location: &Location) -> Result<(), Rejection> {
    optional("address", location.address.as_ref(), 1000)?;
    match (location.lat, location.lon) {
        (None, None) => Ok(()),
        (Some(lat), Some(lon))
            if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) =>
        {
            Ok(())
        }
        _ => Err(Rejection::BadCoordinates),
    }
}
