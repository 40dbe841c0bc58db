//! A case as its history makes it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::attachment::Attachment;
use super::clocks::RunningClock;
use super::command::{ErasedPart, Found, Outcome};
use super::ledger::Ledger;
use super::number::CaseNumber;
use super::party::{Location, Party, SourceRef};
use super::stage::{Stage, StageName};
use crate::actor::Actor;
use crate::codes::{AgencyCode, FocalPointCode};
use crate::kinds::{Channel, Clock, Handoff, Kind};
use crate::private::Private;

/// A case: what never changes after receipt, what is added to, and the [`Work`] on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The stream.
    pub id: Uuid,
    /// The number.
    pub number: CaseNumber,
    /// How many events it has.
    pub version: u64,
    /// How it came in.
    pub channel: Channel,
    /// What the citizen wrote or said.
    pub text: Private<String>,
    /// Where it is.
    pub location: Option<Location>,
    /// The citizen allows publication.
    pub public: bool,
    /// The other system it came from.
    pub source: Option<SourceRef>,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the last thing happened to it.
    pub last_at: Timestamp,
    /// When the last step was taken. A note, a timer or a merged duplicate is none, so that what a
    /// handler did offline before it is not refused after it.
    pub step_at: Timestamp,
    /// Everybody who reported it, the first reporter first; merging adds, undoing removes.
    pub parties: Vec<Party>,
    /// The cases merged into this one.
    pub absorbed: Vec<Absorbed>,
    /// To be kept confidential. Never lifted by a classification, only by a correction.
    pub confidential: bool,
    /// The agency complained of, which must never see the case.
    pub accused: Option<AgencyCode>,
    /// The emergency services it was handed to.
    pub handed_off: Vec<Handoff>,
    /// The work on it.
    pub work: Work,
    /// Its files, oldest first. A correction takes none away.
    pub attachments: Vec<Attachment>,
    /// Who held it when.
    pub ledger: Ledger,
    /// How the last step is undone.
    pub undo: Option<Undo>,
    /// The last note, so that sending it twice adds nothing.
    pub last_note: Option<Private<String>>,
    /// What was erased of it last.
    pub erased: Option<Erased>,
}

/// An erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// What; with what was erased before.
    pub what: ErasedPart,
    /// When.
    pub at: Timestamp,
    /// The provision, or the rule of retention.
    pub legal_ground: String,
    /// Version of the event.
    pub version: u64,
}

impl Erased {
    /// Whether `part` was erased by it.
    pub fn covers(&self, part: ErasedPart) -> bool {
        self.what == part || self.what == ErasedPart::Everything
    }
}

/// A case merged into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absorbed {
    /// Its stream.
    pub case: Uuid,
    /// Its number.
    pub number: CaseNumber,
    /// The ids of the parties it brought.
    pub parties: Vec<String>,
}

/// The part of a case that steps change and corrections restore.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Where it stands.
    pub stage: Stage,
    /// The stages it went through, the present one last. A merge that was undone left no trace.
    pub trail: Vec<Visit>,
    /// What it is.
    pub found: Option<Found>,
    /// The agency that is responsible.
    pub lead: Option<Lead>,
    /// Co-agencies and their parts.
    pub parts: Vec<Part>,
    /// Who returned it.
    pub returns: Vec<Return>,
    /// A coordinator ruled who is competent: nobody can return it any more.
    pub ruled: bool,
    /// The clocks.
    pub clocks: BTreeMap<Clock, RunningClock>,
    /// How often the deadline was extended.
    pub extensions: u32,
    /// The last progress note.
    pub progress: Option<Progress>,
    /// The open or last question to the citizen.
    pub question: Option<Private<String>>,
    /// The citizen has not answered it yet, whether the clocks still stand or not.
    pub unanswered: bool,
    /// How the agency finished.
    pub resolution: Option<Resolution>,
    /// What the citizen was told.
    pub answer: Option<Private<String>>,
    /// Until when the citizen may rate, reopen or appeal.
    pub window_until: Option<Timestamp>,
    /// The citizen's rating, 1 to 5.
    pub rating: Option<u8>,
    /// Why it was refused.
    pub refusal: Option<Private<String>>,
    /// How often it was reopened.
    pub reopened: u32,
    /// When it was made safe.
    pub made_safe_at: Option<Timestamp>,
    /// When it was over, if it is.
    pub closed_at: Option<Timestamp>,
}

/// A stage that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which.
    pub stage: StageName,
    /// When; never before the visit before.
    pub at: Timestamp,
}

/// The responsible agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The agency.
    pub agency: AgencyCode,
    /// The focal point.
    pub focal_point: Option<FocalPointCode>,
    /// The handler's opaque id.
    pub handler: Option<String>,
    /// The rule that chose it.
    pub rule: Option<String>,
}

/// A co-agency's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The agency.
    pub agency: AgencyCode,
    /// What it is to do.
    pub task: Private<String>,
    /// The case cannot finish without it.
    pub mandatory: bool,
    /// Its deadline.
    pub due: Option<Timestamp>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// Its deadline passed while it was open, and that was recorded.
    pub missed: bool,
}

/// One return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// Who returned it.
    pub agency: AgencyCode,
    /// Whose it is in that agency's view.
    pub proposed: Option<AgencyCode>,
    /// When.
    pub at: Timestamp,
}

/// The last progress note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What was done and what remains.
    pub note: Private<String>,
    /// When it will be finished.
    pub committed_date: Option<Timestamp>,
}

/// How the agency finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// The outcome.
    pub outcome: Outcome,
    /// What was done.
    pub note: Private<String>,
    /// When it will be done, for `planned`.
    pub committed_date: Option<Timestamp>,
}

/// How the last step is undone.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// Version of the last event of the step that is undone.
    pub version: u64,
    /// Version of its first event.
    pub first: u64,
    /// Kind of its first event.
    pub kind: &'static str,
    /// Who took the step.
    pub actor: Actor,
    /// When. Events of one command share it.
    pub at: Timestamp,
    /// The work as it was before.
    pub work: Box<Work>,
    /// Whether it was confidential before.
    pub confidential: bool,
    /// The agency complained of before.
    pub accused: Option<AgencyCode>,
    /// The emergency services it had been handed to.
    pub handed_off: Vec<Handoff>,
}

impl Case {
    /// The kind of case; an incident until somebody says otherwise.
    pub fn kind(&self) -> Kind {
        self.work.found.as_ref().map_or(Kind::Incident, |found| found.kind)
    }

    /// A denunciation: nobody but the group of the sealed stream knows of it.
    pub fn is_denunciation(&self) -> bool {
        self.confidential && self.kind() == Kind::Denunciation
    }

    /// The responsible agency.
    pub fn agency(&self) -> Option<&AgencyCode> {
        self.work.lead.as_ref().map(|lead| &lead.agency)
    }

    /// The agency has a part in the case, as lead or co-agency.
    pub fn involves(&self, agency: &AgencyCode) -> bool {
        self.agency() == Some(agency) || self.work.parts.iter().any(|p| p.agency == *agency)
    }

    /// The agency has a part in the case that it has not finished.
    pub fn has_open_part(&self, agency: &AgencyCode) -> bool {
        self.work.parts.iter().any(|part| part.agency == *agency && part.finished_at.is_none())
    }

    /// Several agencies are involved, which gives the answer more time.
    pub fn several_agencies(&self) -> bool {
        !self.work.parts.is_empty()
    }

    /// The deadline of a clock, if it runs or ran.
    pub fn due(&self, clock: Clock) -> Option<Timestamp> {
        self.work.clocks.get(&clock).map(|running| running.deadline.due)
    }
}
