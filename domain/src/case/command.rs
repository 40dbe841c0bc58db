//! Everything anybody can ask of a case. The names are those of `POST /cases/{number}/{command}`.
//!
//! Merging and undoing a merge touch two cases and are decided by
//! [`decide_merge`](super::decide_merge) and [`decide_unmerge`](super::decide_unmerge).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::number::CaseNumber;
use super::party::{Location, Party, SourceRef};
use super::stage::ClosedBy;
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::kinds::{Channel, Handoff, Kind, Priority};
use crate::private::{Private, accept, accept_option};

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// A command on an existing case.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Command {
            $($(#[$doc])* $name($name),)+
        }

        impl Command {
            /// The words of all commands.
            pub const NAMES: &'static [&'static str] = &[$($word),+];

            /// The word of this command.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => $word,)+ }
            }

            /// Reads a command from its word and a JSON body.
            ///
            /// # Errors
            /// [`ReadError`] for an unknown word or a body that does not fit.
            pub fn read(word: &str, body: &str) -> Result<Self, ReadError> {
                match word {
                    $($word => serde_json::from_str(body).map(Self::$name).map_err(ReadError::Body),)+
                    _ => Err(ReadError::Unknown(word.chars().take(60).collect())),
                }
            }

            /// Reads a command from its word and a body in any format; none when no command has
            /// this word.
            pub fn deserialize<'de, D: serde::Deserializer<'de>>(
                word: &str,
                body: D,
            ) -> Option<Result<Self, D::Error>> {
                match word {
                    $($word => Some($name::deserialize(body).map(Self::$name)),)+
                    _ => None,
                }
            }
        }
    };
}

/// Why a command could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No command has this word.
    #[error("there is no command `{0}`")]
    Unknown(String),
    /// The body is not JSON or does not fit the command.
    #[error("{0}")]
    Body(serde_json::Error),
}

commands! {
    /// Refuse at screening.
    Refuse = "refuse",
    /// Hand to an emergency service.
    HandOff = "hand-off",
    /// Put into the sealed stream.
    Seal = "seal",
    /// Classify or classify again.
    Classify = "classify",
    /// Send to an agency.
    Dispatch = "dispatch",
    /// Ask the coordinators to rule, since nobody can say who is competent.
    Escalate = "escalate",
    /// Accept.
    Accept = "accept",
    /// Return to the desk.
    Return = "return",
    /// Rule who is competent; it binds.
    Rule = "rule",
    /// Involve another agency.
    AddCoAgency = "add-co-agency",
    /// A co-agency has done its part.
    FinishPart = "finish-part",
    /// A co-agency is not needed after all.
    DropPart = "drop-part",
    /// Assign inside the agency.
    Assign = "assign",
    /// Somebody is on site.
    Arrive = "arrive",
    /// The danger is gone.
    MakeSafe = "make-safe",
    /// Report progress.
    Progress = "progress",
    /// Ask the citizen; the clocks pause.
    Ask = "ask",
    /// The citizen's answer to the question.
    Reply = "reply",
    /// Extend the deadline, once.
    Extend = "extend",
    /// Finish with an outcome.
    Resolve = "resolve",
    /// Check the answer before it goes out.
    CheckAnswer = "check-answer",
    /// Answer the citizen.
    Answer = "answer",
    /// Rate the answer.
    Rate = "rate",
    /// Reopen: not fixed.
    Reopen = "reopen",
    /// Appeal to the coordinators.
    Appeal = "appeal",
    /// The coordinators dismiss an appeal.
    DismissAppeal = "dismiss-appeal",
    /// Close what is complete.
    Close = "close",
    /// Take the feedback back.
    Withdraw = "withdraw",
    /// Move to the successor of an agency that ended.
    MoveToSuccessor = "move-to-successor",
    /// Undo the last step, taken by mistake.
    Correct = "correct",
    /// Leave a note for colleagues.
    Note = "note",
    /// A timer came due.
    Tick = "tick",
}

/// A new feedback. Not on an existing case, so not among [`Command`].
#[derive(Clone, Debug, PartialEq)]
pub struct Receive {
    /// The number assigned in the transaction that stores the case.
    pub number: CaseNumber,
    /// How it came in.
    pub channel: Channel,
    /// What the citizen wrote or said.
    pub text: Private<String>,
    /// Where it is.
    pub location: Option<Location>,
    /// The first reporter.
    pub reporter: Party,
    /// The citizen allows publication.
    pub public: bool,
    /// The other system it came from.
    pub source: Option<SourceRef>,
    /// What the rules made of it.
    pub routed: Routed,
}

/// The verdict of the rules on a new feedback, as far as the case records it.
#[derive(Clone, Debug, PartialEq)]
pub struct Routed {
    /// What it is.
    pub found: Found,
    /// Handed to this emergency service at once.
    pub handoff: Option<Handoff>,
    /// The agency it goes to; none sends it to a desk.
    pub agency: Option<AgencyCode>,
    /// The focal point inside the agency.
    pub focal_point: Option<FocalPointCode>,
    /// The coordinators must say who is competent.
    pub unclear: bool,
}

/// A classification with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Kind of case.
    pub kind: Kind,
    /// Sector.
    pub sector: Option<SectorCode>,
    /// Category.
    pub category: Option<CategoryCode>,
    /// Priority; kinds that are no incidents may have none.
    pub priority: Option<Priority>,
    /// Urgent by category or by what the text says.
    pub urgent: bool,
    /// To be kept confidential.
    pub confidential: bool,
    /// District.
    pub district: Option<DistrictCode>,
    /// Ward.
    pub ward: Option<WardCode>,
    /// How sure the rules are, in thousandths; none when a person decided.
    pub confidence: Option<u16>,
    /// The words and places that decided.
    pub because: Private<Vec<String>>,
    /// The rule that decided; none when a person did.
    pub rule: Option<String>,
    /// Hash of the rule set in force.
    pub rule_set: String,
}

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
    /// The citizen's answer.
    Reply {
        /// The answer.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        text: Private<String>,
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
    /// Rate the answer.
    Rate {
        /// 1 (bad) to 5 (good).
        score: u8,
        /// What the citizen adds.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        comment: Option<Private<String>>,
    }
);
payload!(
    /// Reopen: it is not fixed.
    Reopen {
        /// What is still wrong.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Appeal to the coordinators.
    Appeal {
        /// Why.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
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
    /// Take the feedback back.
    Withdraw {
        /// Why, if the citizen says so.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        reason: Option<Private<String>>,
    }
);
payload!(
    /// Move to the successor of an agency that ended. The clocks go on.
    MoveToSuccessor {
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
    /// A timer came due. Only the engine sends it.
    Tick {
        /// The timer's name, as [`timers`](super::clocks::timers) gave it.
        timer: String,
    }
);

fn yes() -> bool {
    true
}

/// How a case ended. Separate things: "closed" alone says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The work is done.
    Done,
    /// The question is answered.
    Answered,
    /// Planned, with a committed date.
    Planned,
    /// Refused on a legal ground.
    Refused,
    /// Referred to somebody outside.
    Referred,
    /// The same matter as another case.
    Duplicate,
    /// Taken back by the citizen.
    Withdrawn,
}

impl Outcome {
    /// The word used in data and interfaces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Answered => "answered",
            Self::Planned => "planned",
            Self::Refused => "refused",
            Self::Referred => "referred",
            Self::Duplicate => "duplicate",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Merge this case into another; see [`decide_merge`](super::decide_merge).
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The case that goes on.
    #[schema(value_type = String)]
    pub into: CaseNumber,
    /// Why they are one matter.
    #[serde(default, deserialize_with = "accept_option")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Private<String>>,
}

/// Undo a merge; see [`decide_unmerge`](super::decide_unmerge).
#[derive(Clone, Debug, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmerge {
    /// Why they are not one matter.
    #[serde(deserialize_with = "accept")]
    #[schema(value_type = String)]
    pub reason: Private<String>,
}

/// What a finished case of another system says of its end, for [`super::import`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// By what.
    pub by: ClosedBy,
    /// How.
    pub outcome: Outcome,
}
