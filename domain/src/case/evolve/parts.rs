//! Parts of co-agencies that go to another agency.

use super::super::state::{Part, Work};
use crate::codes::AgencyCode;
use crate::private::Private;

impl Work {
    /// Gives the open part of one agency to another. Who is responsible for the whole has no part
    /// beside; who has an open part already has both tasks in one, by the earlier deadline.
    pub(super) fn move_part(&mut self, from: &AgencyCode, to: &AgencyCode) {
        let open = |part: &Part| part.agency == *from && part.finished_at.is_none();
        let Some(at) = self.parts.iter().position(open) else { return };
        if self.lead.as_ref().is_some_and(|lead| lead.agency == *to) {
            self.parts.remove(at);
            return;
        }
        let own = self.parts.iter().position(|part| part.agency == *to && part.agency != *from);
        let own = own.map(|own| self.parts[own].clone());
        self.parts[at].agency = to.clone();
        let Some(own) = own else { return };
        if own.finished_at.is_none() {
            join(&mut self.parts[at], &own);
        }
        self.parts.retain(|part| *part != own);
    }
}

/// Adds the task of another part to this one.
fn join(part: &mut Part, own: &Part) {
    let tasks = [own.task.reveal().as_str(), part.task.reveal().as_str()];
    part.task = Private::new(tasks.join("\n"));
    part.mandatory |= own.mandatory;
    if own.due.is_some_and(|own| part.due.is_none_or(|due| own < due)) {
        (part.due, part.missed) = (own.due, own.missed);
    }
}
