//! Everything anybody can ask of a case. The names are those of `POST /cases/{number}/{command}`.
//!
//! Merging and undoing a merge touch two cases and are decided by
//! [`decide_merge`](super::decide_merge) and [`decide_unmerge`](super::decide_unmerge).

mod payload;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use payload::*;

use super::number::CaseNumber;
use super::party::{Location, Party, SourceRef};
use super::stage::ClosedBy;
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::kinds::{Channel, Handoff, Kind, PlaceSource, Priority};
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

            /// The words of those that only the engine gives: nobody can send them.
            pub const INTERNAL: &'static [&'static str] = &["erase", "tick"];

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
    /// Say anew whether it may be public and one's name be shown.
    Choose = "choose",
    /// Take the feedback back.
    Withdraw = "withdraw",
    /// Move to the successor of an agency that ended.
    MoveToSuccessor = "move-to-successor",
    /// Undo the last step, taken by mistake.
    Correct = "correct",
    /// Leave a note for colleagues.
    Note = "note",
    /// Erase what people wrote or said in it.
    Erase = "erase",
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
    /// What told the district; none when it is not known, or was recorded before this was.
    pub place_source: Option<PlaceSource>,
    /// How sure the rules are, in thousandths; none when a person decided.
    pub confidence: Option<u16>,
    /// The words and places that decided.
    pub because: Private<Vec<String>>,
    /// The rule that decided; none when a person did.
    pub rule: Option<String>,
    /// Hash of the rule set in force.
    pub rule_set: String,
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

/// What is erased of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErasedPart {
    /// Who reported it, and how to reach them.
    Contact,
    /// That, everything that was written, and all files.
    Everything,
}

impl ErasedPart {
    /// The word used in data and interfaces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Everything => "everything",
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
