//! What was asked to be read of a case, and what became of it, as events of the case's own stream
//! of readings. They never hold what was read; the reason is stored with personal data covered
//! ([`crate::text::mask`]). Who did it is the event's actor.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::CaseNumber;
use crate::event_family::event_family;

/// What is sealed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SealedField {
    /// Who reported and how to reach them.
    Contact,
    /// What they wrote, where it is, and what was written about it since.
    Content,
}

impl SealedField {
    /// The word in data and interfaces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Content => "content",
        }
    }
}

event_family! {
    /// An event of the readings of a case.
    RevealEvent;

    /// A member asked to know who a denouncer is; another member has to agree.
    Asked = "reveal.asked" v 1 {
        /// Of which case.
        number: CaseNumber,
        /// What is to be read.
        fields: Vec<SealedField>,
        /// Why.
        reason: String,
        /// Until when it can be approved.
        until: Timestamp,
    }
    /// Another member agreed.
    Approved = "reveal.approved" v 1 {
        /// Of which case.
        number: CaseNumber,
        /// To which request: the version of its event in the stream.
        request: u64,
        /// Until when it can be read.
        until: Timestamp,
    }
    /// Another member did not agree.
    Refused = "reveal.refused" v 1 {
        /// Of which case.
        number: CaseNumber,
        /// Which request: the version of its event in the stream.
        request: u64,
        /// Why.
        reason: String,
    }
    /// It was read.
    Read = "reveal.read" v 1 {
        /// Of which case.
        number: CaseNumber,
        /// After which request; none where one's own reason is enough.
        request: Option<u64>,
        /// What.
        fields: Vec<SealedField>,
        /// Why.
        reason: String,
    }
    /// Somebody tried what they may not.
    Denied = "reveal.denied" v 1 {
        /// Of which case.
        number: CaseNumber,
        /// What was tried: `ask`, `approve`, `refuse` or `read`.
        what: String,
        /// With which request.
        request: Option<u64>,
        /// The code of the refusal.
        why: String,
    }
}
