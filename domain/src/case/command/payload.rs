//! What each command carries, as a JSON body reads. Unknown fields are errors.

use super::ErasedPart;
use jiff::Timestamp;
use serde::Deserialize;

use super::Outcome;
use crate::case::number::CaseNumber;
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, WardCode};
use crate::kinds::{Handoff, Kind, Priority};
use crate::private::{Private, accept, accept_option};

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
        }
    };
}

mod citizen;

pub use citizen::{Appeal, Choose, Rate, Reopen, Reply, Withdraw};

payload!(
    /// Refuse at screening; the citizen is told why.
    Refuse {
        /// Why, in words the citizen understands.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
        /// The provision that allows refusing.
        #[serde(default)]
        legal_ground: Option<String>,
    }
);
payload!(
    /// Hand to an emergency service.
    HandOff {
        /// 111, 113, 114 or 115.
        service: Handoff,
        /// What was said to them.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        note: Option<Private<String>>,
    }
);
payload!(
    /// Put into the sealed stream.
    Seal {
        /// Why.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
        /// The agency complained of, which must never see the case.
        #[serde(default)]
        accused: Option<AgencyCode>,
    }
);
payload!(
    /// Classify by hand. What is left out stays as it was or follows from the category.
    Classify {
        /// Category; its sector and priority follow.
        #[serde(default)]
        category: Option<CategoryCode>,
        /// Kind of case.
        #[serde(default)]
        kind: Option<Kind>,
        /// Priority, when it differs from the category's.
        #[serde(default)]
        priority: Option<Priority>,
        /// Urgent.
        #[serde(default)]
        urgent: Option<bool>,
        /// District.
        #[serde(default)]
        district: Option<DistrictCode>,
        /// Ward.
        #[serde(default)]
        ward: Option<WardCode>,
        /// Why, for whoever reads the history.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        reason: Option<Private<String>>,
    }
);
payload!(
    /// Send to an agency.
    Dispatch {
        /// The agency.
        agency: AgencyCode,
        /// The focal point inside it.
        #[serde(default)]
        focal_point: Option<FocalPointCode>,
        /// Why this agency, when it is not the one the rules propose.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        reason: Option<Private<String>>,
    }
);
payload!(
    /// Ask the coordinators to rule.
    Escalate {
        /// What is unclear.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Accept.
    Accept {}
);
payload!(
    /// Return to the desk: not ours.
    Return {
        /// Why it is not ours.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
        /// Whose it is, in the returning agency's view.
        #[serde(default)]
        proposed_agency: Option<AgencyCode>,
    }
);
payload!(
    /// Rule who is competent. Nobody can return a case that was ruled.
    Rule {
        /// The agency that must take it.
        agency: AgencyCode,
        /// The focal point inside it.
        #[serde(default)]
        focal_point: Option<FocalPointCode>,
        /// The grounds of the ruling.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Involve another agency with a part of its own.
    AddCoAgency {
        /// The agency.
        agency: AgencyCode,
        /// What it is to do.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        task: Private<String>,
        /// The case cannot finish while a mandatory part is open.
        #[serde(default = "yes")]
        mandatory: bool,
        /// The part's own deadline.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        due: Option<Timestamp>,
    }
);
payload!(
    /// A co-agency has done its part.
    FinishPart {
        /// The co-agency; may be left out by its own people.
        #[serde(default)]
        agency: Option<AgencyCode>,
        /// What was done.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        note: Private<String>,
    }
);
payload!(
    /// A co-agency is not needed after all.
    DropPart {
        /// The co-agency.
        agency: AgencyCode,
        /// Why.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Assign inside the agency.
    Assign {
        /// The focal point.
        #[serde(default)]
        focal_point: Option<FocalPointCode>,
        /// The handler's opaque id.
        #[serde(default)]
        handler: Option<String>,
    }
);
payload!(
    /// Somebody is on site.
    Arrive {}
);
payload!(
    /// The danger is gone, the defect may remain.
    MakeSafe {
        /// What was done.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        note: Private<String>,
        /// References of photographs.
        #[serde(default)]
        photos: Vec<String>,
    }
);
payload!(
    /// Report progress.
    Progress {
        /// What was done and what remains.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        note: Private<String>,
        /// When it will be finished.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        committed_date: Option<Timestamp>,
        /// References of photographs.
        #[serde(default)]
        photos: Vec<String>,
    }
);
payload!(
    /// Ask the citizen. The agency's clocks pause, up to the cap.
    Ask {
        /// The question.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        question: Private<String>,
    }
);
payload!(
    /// Extend the answer deadline: once, before it passes, by a unit leader.
    Extend {
        /// Why more time is needed.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
        /// The new deadline.
        #[schema(value_type = String, format = DateTime)]
        new_due: Timestamp,
        /// References of photographs showing the state of the work; at least one.
        photos: Vec<String>,
    }
);
payload!(
    /// Finish with an outcome and the evidence that outcome needs.
    Resolve {
        /// How it ended.
        outcome: Outcome,
        /// What was done, for the citizen and the checker.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        note: Private<String>,
        /// `done`: references of photographs after the work; physical categories need one.
        #[serde(default)]
        photos: Vec<String>,
        /// `planned`: when it will be done.
        #[serde(default)]
        #[schema(value_type = Option<String>, format = DateTime)]
        committed_date: Option<Timestamp>,
        /// `refused`: the provision that allows refusing.
        #[serde(default)]
        legal_ground: Option<String>,
        /// `referred`: who has it now.
        #[serde(default)]
        receiver: Option<String>,
        /// `duplicate`: the case that is followed.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        duplicate_of: Option<CaseNumber>,
    }
);
payload!(
    /// Check the answer before it goes out.
    CheckAnswer {
        /// Good enough to send.
        approved: bool,
        /// What must be better, when it is not.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        note: Option<Private<String>>,
    }
);
payload!(
    /// Answer the citizen.
    Answer {
        /// The answer.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        text: Private<String>,
    }
);
payload!(
    /// The coordinators dismiss an appeal.
    DismissAppeal {
        /// Why.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Close what is complete: an emergency whose hand-off was confirmed.
    Close {}
);
payload!(
    /// Move to the successor of an agency that ended. The clocks go on.
    MoveToSuccessor {
        /// The co-agency that ended, to move its part; left out, the case itself is moved.
        #[serde(default)]
        part: Option<AgencyCode>,
        /// The successor; left out, the directory's.
        #[serde(default)]
        successor: Option<AgencyCode>,
    }
);
payload!(
    /// Undo the last step, taken by mistake.
    Correct {
        /// Version of the event to undo; left out, the last step.
        #[serde(default)]
        version: Option<u64>,
        /// What was wrong.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// A note for colleagues, never shown to the citizen.
    Note {
        /// The note.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        text: Private<String>,
    }
);
payload!(
    /// Erase what people wrote or said in it. Only the engine sends it, with the keys destroyed in
    /// the same transaction.
    Erase {
        /// What.
        what: ErasedPart,
        /// The provision, or the rule of retention.
        legal_ground: String,
    }
);
payload!(
    /// A timer came due. Only the engine sends it.
    Tick {
        /// The timer's name, as [`timers`](super::clocks::timers) gave it.
        timer: String,
    }
);

fn yes() -> bool {
    true
}
