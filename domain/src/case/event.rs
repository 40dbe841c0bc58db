//! What happened to a case. The names and fields here are the storage format: past tense, never
//! renamed; a changed shape gets a new version and an upcaster in [`super::upcast`].

mod table;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::table::events;
use super::attachment::TakenWhere;
use super::command::{ErasedPart, Found, Outcome};
use super::number::CaseNumber;
use super::party::{Location, Party, SourceRef};
use super::stage::{ArbitrationCause, ClosedBy};
use crate::codes::{AgencyCode, FocalPointCode};
use crate::kinds::{Channel, Clock, Handoff};
use crate::private::Private;
use crate::time::Deadline;

events! {
    /// A feedback was received.
    Received = "case.received" v 2 {
        /// The number.
        number: CaseNumber,
        /// How it came in.
        channel: Channel,
        /// What the citizen wrote or said.
        text: Private<String>,
        /// Where it is.
        location: Option<Location>,
        /// The first reporter.
        reporter: Party,
        /// The citizen allows publication.
        public: bool,
        /// The other system it came from.
        source: Option<SourceRef>,
        /// The promises made on receipt.
        deadlines: Vec<Deadline>,
    }
    /// It was refused at screening.
    Refused = "case.refused" v 1 {
        /// Why.
        reason: Private<String>,
        /// The provision.
        legal_ground: Option<String>,
    }
    /// It was handed to an emergency service.
    HandedOff = "case.handed_off" v 1 {
        /// Which.
        service: Handoff,
        /// What was said.
        note: Option<Private<String>>,
        /// When it closes by itself if nothing else is to be done.
        window_until: Option<Timestamp>,
    }
    /// It was put into the sealed stream.
    Sealed = "case.sealed" v 1 {
        /// Why.
        reason: Private<String>,
        /// The agency complained of.
        accused: Option<AgencyCode>,
        /// The deadlines moved by a pause that ends with it.
        #[serde(default)]
        deadlines: Vec<Deadline>,
    }
    /// It was classified.
    Classified = "case.classified" v 2 {
        /// As what, and why.
        found: Found,
        /// Why a person decided otherwise.
        reason: Option<Private<String>>,
        /// Promises that follow from the kind and category.
        deadlines: Vec<Deadline>,
    }
    /// It was sent to an agency.
    Dispatched = "case.dispatched" v 1 {
        /// The agency.
        agency: AgencyCode,
        /// The focal point.
        focal_point: Option<FocalPointCode>,
        /// Why this agency.
        reason: Option<Private<String>>,
        /// The rule that chose it; none when a person did.
        rule: Option<String>,
        /// Hash of the rule set in force.
        rule_set: String,
        /// The agency's deadlines.
        deadlines: Vec<Deadline>,
    }
    /// The coordinators got it.
    SentToArbitration = "case.sent_to_arbitration" v 1 {
        /// Why.
        cause: ArbitrationCause,
        /// What is unclear.
        reason: Option<Private<String>>,
        /// The ruling's deadline.
        deadlines: Vec<Deadline>,
    }
    /// The agency accepted it.
    Accepted = "case.accepted" v 1 {
        /// Which agency.
        agency: AgencyCode,
    }
    /// The agency returned it.
    Returned = "case.returned" v 1 {
        /// Which agency.
        agency: AgencyCode,
        /// Why.
        reason: Private<String>,
        /// Whose it is in its view.
        proposed_agency: Option<AgencyCode>,
    }
    /// The coordinators ruled; it binds.
    Ruled = "case.ruled" v 1 {
        /// The agency that must take it.
        agency: AgencyCode,
        /// The focal point.
        focal_point: Option<FocalPointCode>,
        /// The grounds.
        reason: Private<String>,
        /// Hash of the rule set in force.
        rule_set: String,
        /// The agency's deadlines.
        deadlines: Vec<Deadline>,
    }
    /// Another agency was involved.
    CoAgencyAdded = "case.co_agency_added" v 1 {
        /// Which.
        agency: AgencyCode,
        /// What it is to do.
        task: Private<String>,
        /// The case cannot finish without it.
        mandatory: bool,
        /// The part's deadline.
        due: Option<Timestamp>,
        /// Promises that change because several agencies are involved.
        deadlines: Vec<Deadline>,
    }
    /// A co-agency finished its part.
    PartFinished = "case.part_finished" v 1 {
        /// Which.
        agency: AgencyCode,
        /// What was done.
        note: Private<String>,
    }
    /// A co-agency is not needed after all.
    PartDropped = "case.part_dropped" v 1 {
        /// Which.
        agency: AgencyCode,
        /// Why.
        reason: Private<String>,
    }
    /// The co-agency ended and its successor has its part; the deadline goes on.
    PartMoved = "case.part_moved" v 1 {
        /// The agency that ended.
        from: AgencyCode,
        /// The agency that has the part now, unless it is responsible for the whole.
        to: AgencyCode,
        /// Hash of the rule set in force.
        rule_set: String,
    }
    /// It was assigned inside the agency.
    Assigned = "case.assigned" v 1 {
        /// The focal point.
        focal_point: Option<FocalPointCode>,
        /// The handler's opaque id.
        handler: Option<String>,
    }
    /// Somebody is on site.
    Arrived = "case.arrived" v 1 {
        /// Of which agency.
        agency: AgencyCode,
    }
    /// The danger is gone.
    MadeSafe = "case.made_safe" v 1 {
        /// What was done.
        note: Private<String>,
        /// Photographs.
        photos: Vec<String>,
    }
    /// Progress was reported.
    ProgressReported = "case.progress_reported" v 1 {
        /// What was done and what remains.
        note: Private<String>,
        /// When it will be finished.
        committed_date: Option<Timestamp>,
        /// Photographs.
        photos: Vec<String>,
    }
    /// The citizen was asked; the clocks pause.
    QuestionAsked = "case.question_asked" v 1 {
        /// The question.
        question: Private<String>,
        /// When the pause ends even without an answer.
        pause_until: Timestamp,
    }
    /// The citizen answered; the clocks go on.
    QuestionAnswered = "case.question_answered" v 1 {
        /// The answer.
        text: Private<String>,
        /// The deadlines moved by the pause.
        deadlines: Vec<Deadline>,
    }
    /// The pause reached its cap; the clocks go on without an answer.
    PauseCapped = "case.pause_capped" v 1 {
        /// The deadlines moved by the pause.
        deadlines: Vec<Deadline>,
    }
    /// The deadline was extended.
    Extended = "case.extended" v 1 {
        /// Why.
        reason: Private<String>,
        /// Photographs.
        photos: Vec<String>,
        /// The deadlines moved by it.
        deadlines: Vec<Deadline>,
    }
    /// The agency finished.
    Resolved = "case.resolved" v 1 {
        /// How it ended.
        outcome: Outcome,
        /// What was done.
        note: Private<String>,
        /// Photographs after the work.
        photos: Vec<String>,
        /// When it will be done.
        committed_date: Option<Timestamp>,
        /// The provision that allows refusing.
        legal_ground: Option<String>,
        /// Who has it now.
        receiver: Option<String>,
        /// The case that is followed.
        duplicate_of: Option<CaseNumber>,
        /// The deadlines moved by a pause that ends with it.
        #[serde(default)]
        deadlines: Vec<Deadline>,
    }
    /// The answer was checked.
    AnswerChecked = "case.answer_checked" v 1 {
        /// Good enough to send.
        approved: bool,
        /// What must be better.
        note: Option<Private<String>>,
    }
    /// The citizen was answered.
    Answered = "case.answered" v 1 {
        /// The answer.
        text: Private<String>,
        /// Until when the citizen may rate or reopen.
        window_until: Timestamp,
    }
    /// The citizen rated.
    Rated = "case.rated" v 1 {
        /// 1 to 5.
        score: u8,
        /// What the citizen adds.
        comment: Option<Private<String>>,
    }
    /// The citizen says it is not fixed.
    Reopened = "case.reopened" v 1 {
        /// What is still wrong.
        reason: Private<String>,
    }
    /// The citizen appealed.
    Appealed = "case.appealed" v 1 {
        /// Why.
        reason: Private<String>,
    }
    /// The coordinators dismissed the appeal.
    AppealDismissed = "case.appeal_dismissed" v 1 {
        /// Why.
        reason: Private<String>,
    }
    /// It closed.
    Closed = "case.closed" v 1 {
        /// By what.
        by: ClosedBy,
    }
    /// It was merged into another case.
    Merged = "case.merged" v 1 {
        /// Stream of the case that goes on.
        into: Uuid,
        /// Number of the case that goes on.
        number: CaseNumber,
        /// Why they are one matter.
        reason: Option<Private<String>>,
    }
    /// Another case was merged into this one; its reporters are parties here now.
    Absorbed = "case.absorbed" v 1 {
        /// Stream of the merged case.
        from: Uuid,
        /// Number of the merged case.
        number: CaseNumber,
        /// Its reporters.
        parties: Vec<Party>,
    }
    /// The merge was undone.
    Unmerged = "case.unmerged" v 1 {
        /// Why.
        reason: Private<String>,
    }
    /// A case merged into this one went its own way again, with its reporters.
    Released = "case.released" v 1 {
        /// Stream of the case that left.
        from: Uuid,
        /// Number of the case that left.
        number: CaseNumber,
    }
    /// The citizen took it back.
    Withdrawn = "case.withdrawn" v 1 {
        /// Why.
        reason: Option<Private<String>>,
    }
    /// The agency ended and its successor has the case; the clocks go on.
    MovedToSuccessor = "case.moved_to_successor" v 1 {
        /// The agency that ended.
        from: AgencyCode,
        /// The agency that has it now.
        to: AgencyCode,
        /// Hash of the rule set in force.
        rule_set: String,
    }
    /// The last step was undone.
    StepCorrected = "case.step_corrected" v 1 {
        /// Version of the event that was undone.
        version: u64,
        /// What was wrong.
        reason: Private<String>,
    }
    /// A note for colleagues.
    Noted = "case.noted" v 1 {
        /// The note.
        text: Private<String>,
    }
    /// The keys of what people wrote or said in it were destroyed, and with them the words; those
    /// of reporters of merged cases have keys of their own and stay.
    Erased = "case.erased" v 1 {
        /// What.
        what: ErasedPart,
        /// The provision, or the rule of retention.
        legal_ground: String,
    }
    /// The key of what the reporter of a merged case wrote in this one was destroyed, and with it
    /// the words.
    PartyErased = "case.party_erased" v 1 {
        /// Stream of the case they reported.
        from: Uuid,
        /// Its number.
        number: CaseNumber,
        /// The provision, or the rule of retention.
        legal_ground: String,
    }
    /// A reporter said anew whether the case may be public and the name be shown.
    PublicityChosen = "case.publicity_chosen" v 1 {
        /// Which reporter.
        party: String,
        /// The case may be public from now on.
        public: bool,
        /// The reporter's name is shown to nobody but the desk from now on.
        anonymous: bool,
    }
    /// A file was attached.
    Attached = "case.attached" v 1 {
        /// Its id within the case.
        id: Uuid,
        /// What it is, by its content.
        media_type: String,
        /// How many bytes a reader gets.
        size: u64,
        /// Name of the sealed file: SHA-256 of its bytes, hexadecimal.
        stored: String,
        /// Shown to the citizens who reported the case.
        shown: bool,
        /// What its sender called it.
        name: Option<Private<String>>,
        /// SHA-256 of what was sent, hexadecimal.
        sent: Private<String>,
        /// The key it is sealed with, hexadecimal.
        key: Private<String>,
        /// When it was taken, by its own data.
        taken_at: Option<Private<Timestamp>>,
        /// Where it was taken, by its own data.
        taken_where: Option<Private<TakenWhere>>,
    }
    /// A deadline is near.
    DeadlineWarned = "case.deadline_warned" v 1 {
        /// Which clock.
        clock: Clock,
        /// Its deadline.
        due: Timestamp,
    }
    /// A deadline passed.
    DeadlineMissed = "case.deadline_missed" v 1 {
        /// Which clock.
        clock: Clock,
        /// Its deadline.
        due: Timestamp,
        /// Who held the case then.
        holder: super::ledger::Holder,
    }
    /// A co-agency's part passed its deadline.
    PartMissed = "case.part_missed" v 1 {
        /// Which agency.
        agency: AgencyCode,
        /// Its deadline.
        due: Timestamp,
    }
}
