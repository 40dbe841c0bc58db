//! A stored file becomes part of a case.

use super::text::{SHORT_LIMIT, optional};
use super::{Intent, enter};
use crate::actor::Role;
use crate::case::attachment::Attach;
use crate::case::event::{self, Event};
use crate::case::rejection::Rejection;
use crate::case::state::Case;

/// What citizens attach is theirs; what is shown to all reporters is for staff to say. The same
/// file sent again by the same person adds nothing.
///
/// # Errors
/// A [`Rejection`]; the case is unchanged.
pub fn decide_attach(
    case: &Case,
    intent: &Intent,
    command: &Attach,
) -> Result<Vec<Event>, Rejection> {
    enter(case, intent, "attach")?;
    optional("file", command.name.as_ref(), SHORT_LIMIT)?;
    let citizen = intent.actor.role == Role::Citizen;
    let shown = command.shown && !citizen;
    if case.attached_before(&intent.actor, &command.sent, shown).is_some() {
        return Ok(Vec::new());
    }
    if case.attached_by(citizen) >= command.at_most {
        return Err(Rejection::TooMany { field: "file", limit: command.at_most });
    }
    let attached = event::Attached {
        id: command.id,
        media_type: command.media_type.clone(),
        size: command.size,
        stored: command.stored.clone(),
        shown,
        name: command.name.clone(),
        sent: command.sent.clone(),
        key: command.key.clone(),
        taken_at: command.taken_at.clone(),
        taken_where: command.taken_where.clone(),
    };
    Ok(vec![attached.into()])
}
