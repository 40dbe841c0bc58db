//! Files that belong to a case: what the log knows of them. The files themselves are kept by the
//! shell, sealed under a key of their own that stands in the event; who destroys the event's key
//! makes the file unreadable.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::Attached;
use super::evolve::Meta;
use super::state::Case;
use crate::actor::{Actor, Role};
use crate::private::Private;

/// Where a photograph was taken, by its own data: degrees, WGS 84.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TakenWhere {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

/// A file of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Its id within the case.
    pub id: Uuid,
    /// What it is, by its content.
    pub media_type: String,
    /// How many bytes a reader gets.
    pub size: u64,
    /// Name of the sealed file: SHA-256 of its bytes, hexadecimal.
    pub stored: String,
    /// Shown to the citizens who reported the case.
    pub shown: bool,
    /// What its sender called it.
    pub name: Option<Private<String>>,
    /// SHA-256 of what was sent, hexadecimal.
    pub sent: Private<String>,
    /// The key it is sealed with, hexadecimal.
    pub key: Private<String>,
    /// When it was taken, by its own data.
    pub taken_at: Option<Private<Timestamp>>,
    /// Where it was taken, by its own data.
    pub taken_where: Option<Private<TakenWhere>>,
    /// Who attached it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

impl Attachment {
    /// The attachment of an event.
    pub(super) fn of(event: &Attached, meta: &Meta) -> Self {
        Self {
            id: event.id,
            media_type: event.media_type.clone(),
            size: event.size,
            stored: event.stored.clone(),
            shown: event.shown,
            name: event.name.clone(),
            sent: event.sent.clone(),
            key: event.key.clone(),
            taken_at: event.taken_at.clone(),
            taken_where: event.taken_where.clone(),
            by: meta.actor.clone(),
            at: meta.occurred_at,
        }
    }

    /// Whether a citizen may see it: their own, and what staff shows.
    pub fn is_for(&self, citizen: &Actor) -> bool {
        match self.by.role {
            Role::Citizen => self.by.id == citizen.id,
            _ => self.shown,
        }
    }
}

/// Attach a file that is stored already; see [`decide_attach`](super::decide_attach). Made by the
/// shell alone, never read from outside: who could name a stored file and a key would read what is
/// not theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Attach {
    /// As [`Attachment::id`].
    pub id: Uuid,
    /// As [`Attachment::media_type`].
    pub media_type: String,
    /// As [`Attachment::size`].
    pub size: u64,
    /// As [`Attachment::stored`].
    pub stored: String,
    /// As [`Attachment::shown`].
    pub shown: bool,
    /// As [`Attachment::name`].
    pub name: Option<Private<String>>,
    /// As [`Attachment::sent`].
    pub sent: Private<String>,
    /// As [`Attachment::key`].
    pub key: Private<String>,
    /// As [`Attachment::taken_at`].
    pub taken_at: Option<Private<Timestamp>>,
    /// As [`Attachment::taken_where`].
    pub taken_where: Option<Private<TakenWhere>>,
    /// How many files citizens, and how many staff, may attach to one case.
    pub at_most: usize,
}

impl Case {
    /// The attachment with an id.
    pub fn attachment(&self, id: Uuid) -> Option<&Attachment> {
        self.attachments.iter().find(|attachment| attachment.id == id)
    }

    /// What the same sender attached before by sending the same bytes to be shown to the same
    /// people.
    pub fn attached_before(
        &self,
        by: &Actor,
        sent: &Private<String>,
        shown: bool,
    ) -> Option<&Attachment> {
        self.attachments.iter().find(|old| {
            old.sent == *sent && old.shown == shown && old.by.role == by.role && old.by.id == by.id
        })
    }

    /// How many files citizens, or else staff, have attached: neither can use up the other's room.
    pub fn attached_by(&self, citizens: bool) -> usize {
        self.attachments.iter().filter(|a| (a.by.role == Role::Citizen) == citizens).count()
    }
}
