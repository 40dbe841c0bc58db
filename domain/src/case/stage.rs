//! The stages of a case. Each carries only what is true there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::number::CaseNumber;
use crate::kinds::Handoff;

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// At the desk: to be screened and classified.
    Received,
    /// Classified, waiting to be dispatched.
    Classified,
    /// With the coordinators, who must rule.
    Arbitration(ArbitrationCause),
    /// With an agency that has neither accepted nor returned it.
    Dispatched,
    /// Accepted; the agency works on it.
    InProgress,
    /// The agency asked the citizen; its clocks stand still.
    WaitingCitizen {
        /// When the pause began.
        since: Timestamp,
        /// When the pause ends even without an answer.
        until: Timestamp,
    },
    /// The agency says it is finished; the answer is to be checked.
    Resolved,
    /// The answer was checked and may go out.
    Checked,
    /// The citizen has the answer and may rate, reopen or appeal.
    Answered,
    /// Over.
    Closed(ClosedBy),
    /// Refused at screening, with a reason.
    Refused,
    /// Handed to an emergency service.
    HandedOff(Handoff),
    /// Merged into another case.
    Merged {
        /// The stream of the case that goes on.
        into: Uuid,
        /// The number of the case that goes on.
        number: CaseNumber,
        /// The stage to return to when the merge is undone.
        was: Box<Stage>,
    },
    /// Taken back by the citizen.
    Withdrawn,
}

/// Why the coordinators have a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArbitrationCause {
    /// Nobody could say who is competent.
    Unclear,
    /// An agency returned it.
    Returned,
    /// The citizen appealed.
    Appeal,
}

/// What closed a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The citizen's rating.
    Rating,
    /// The rating window passing.
    WindowOver,
    /// The hand-off being complete.
    HandoffComplete,
    /// An appeal dismissed.
    AppealDismissed,
    /// The other system it was imported from.
    Source,
}

/// The name of a stage: what lists, filters and the transition table speak of.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is documented on Stage")]
pub enum StageName {
    Received,
    Classified,
    Arbitration,
    Dispatched,
    InProgress,
    WaitingCitizen,
    Resolved,
    Checked,
    Answered,
    Closed,
    Refused,
    HandedOff,
    Merged,
    Withdrawn,
}

impl StageName {
    /// Every stage, in the order a case usually meets them.
    pub const ALL: &'static [Self] = &[
        Self::Received,
        Self::Classified,
        Self::Arbitration,
        Self::Dispatched,
        Self::InProgress,
        Self::WaitingCitizen,
        Self::Resolved,
        Self::Checked,
        Self::Answered,
        Self::Closed,
        Self::Refused,
        Self::HandedOff,
        Self::Merged,
        Self::Withdrawn,
    ];

    /// The word used in data and interfaces.
    pub const fn as_str(self) -> &'static str {
        self.words().0
    }

    /// For people: Vietnamese.
    pub const fn vi(self) -> &'static str {
        self.words().1
    }

    /// For people: English.
    pub const fn en(self) -> &'static str {
        self.words().2
    }

    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Received => ("received", "đã tiếp nhận", "received"),
            Self::Classified => ("classified", "đã phân loại", "classified"),
            Self::Arbitration => ("arbitration", "chờ điều phối phân xử", "with the coordinators"),
            Self::Dispatched => ("dispatched", "đã chuyển đơn vị", "dispatched"),
            Self::InProgress => ("in_progress", "đang xử lý", "in progress"),
            Self::WaitingCitizen => {
                ("waiting_citizen", "chờ người dân bổ sung", "waiting for the citizen")
            }
            Self::Resolved => ("resolved", "đã xử lý, chờ kiểm tra", "resolved, to be checked"),
            Self::Checked => ("checked", "đã kiểm tra, chờ trả lời", "checked, to be answered"),
            Self::Answered => ("answered", "đã trả lời", "answered"),
            Self::Closed => ("closed", "đã kết thúc", "closed"),
            Self::Refused => ("refused", "từ chối tiếp nhận", "refused"),
            Self::HandedOff => {
                ("handed_off", "đã chuyển lực lượng khẩn cấp", "handed to emergency services")
            }
            Self::Merged => ("merged", "đã gộp", "merged"),
            Self::Withdrawn => ("withdrawn", "người dân đã rút", "withdrawn"),
        }
    }

    /// The case is over for the desk: nobody owes it anything now.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Refused | Self::Merged | Self::Withdrawn)
    }
}

impl std::str::FromStr for StageName {
    type Err = crate::kinds::UnknownWord;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|stage| stage.as_str() == s).ok_or_else(|| {
            crate::kinds::UnknownWord {
                given: s.chars().take(60).collect(),
                allowed: Self::ALL.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", "),
            }
        })
    }
}

impl Stage {
    /// The name of the stage.
    pub const fn name(&self) -> StageName {
        match self {
            Self::Received => StageName::Received,
            Self::Classified => StageName::Classified,
            Self::Arbitration(_) => StageName::Arbitration,
            Self::Dispatched => StageName::Dispatched,
            Self::InProgress => StageName::InProgress,
            Self::WaitingCitizen { .. } => StageName::WaitingCitizen,
            Self::Resolved => StageName::Resolved,
            Self::Checked => StageName::Checked,
            Self::Answered => StageName::Answered,
            Self::Closed(_) => StageName::Closed,
            Self::Refused => StageName::Refused,
            Self::HandedOff(_) => StageName::HandedOff,
            Self::Merged { .. } => StageName::Merged,
            Self::Withdrawn => StageName::Withdrawn,
        }
    }
}
