//! What is counted. The words are the storage format of the fact tables.

use hoiam_domain::case::stage::StageName;

/// What a fact counts, and what its instant means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A case was received; at the receipt.
    Received,
    /// Of those received: not finished. This and the next six are at the receipt.
    ReceivedOpen,
    /// Of those received: finished no later than the deadline.
    ReceivedOnTime,
    /// Of those received: finished later.
    ReceivedLate,
    /// Of those received: finished, without a deadline.
    ReceivedWithoutTarget,
    /// Of those received: returned at least once.
    ReceivedReturned,
    /// Of those received: reopened at least once.
    ReceivedReopened,
    /// Of those received: merged into another case.
    ReceivedMerged,
    /// The agency's work is finished; when it was.
    Resolved,
    /// The citizen has the answer; when it was given.
    Answered,
    /// The citizen's clock stopped in time; when it did.
    OnTime,
    /// The citizen's deadline passed unmet; at the deadline, which may lie ahead: it counts from
    /// then on. Charged to whoever held the case at that moment.
    Late,
    /// Time late that is over, charged to whoever held the case in it; at the deadline.
    LateTime,
    /// Time late that goes on as soon as the deadline has passed, charged to the holder; at the
    /// deadline. Its seconds are those from its beginning back to 1970, negative: with those of
    /// the present moment they give how long it lasts.
    Running,
    /// An agency returned it; when it did, charged to it.
    Returned,
    /// The citizen reopened it; when they did.
    Reopened,
    /// It was merged into another case; when it was.
    Merged,
    /// A stage is over; at its end. Time in an agency's hands is charged to it.
    Stage(StageName),
}

impl Measure {
    /// Every measure that is a count of its own in the sums by day.
    pub const COUNTS: &'static [Self] = &[
        Self::Received,
        Self::ReceivedOpen,
        Self::ReceivedOnTime,
        Self::ReceivedLate,
        Self::ReceivedWithoutTarget,
        Self::ReceivedReturned,
        Self::ReceivedReopened,
        Self::ReceivedMerged,
        Self::Resolved,
        Self::Answered,
        Self::OnTime,
        Self::Late,
        Self::Returned,
        Self::Reopened,
        Self::Merged,
        Self::Running,
    ];

    /// The word it is stored by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::ReceivedOpen => "received_open",
            Self::ReceivedOnTime => "received_on_time",
            Self::ReceivedLate => "received_late",
            Self::ReceivedWithoutTarget => "received_without_target",
            Self::ReceivedReturned => "received_returned",
            Self::ReceivedReopened => "received_reopened",
            Self::ReceivedMerged => "received_merged",
            Self::Resolved => "resolved",
            Self::Answered => "answered",
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::LateTime => "late_time",
            Self::Running => "running",
            Self::Returned => "returned",
            Self::Reopened => "reopened",
            Self::Merged => "merged",
            Self::Stage(stage) => stage_word(stage),
        }
    }

    /// The measure of a word.
    pub fn of(word: &str) -> Option<Self> {
        let stages = StageName::ALL.iter().map(|stage| Self::Stage(*stage));
        let others = Self::COUNTS.iter().copied().chain([Self::LateTime]);
        others.chain(stages).find(|measure| measure.as_str() == word)
    }
}

const fn stage_word(stage: StageName) -> &'static str {
    match stage {
        StageName::Received => "stage.received",
        StageName::Classified => "stage.classified",
        StageName::Arbitration => "stage.arbitration",
        StageName::Dispatched => "stage.dispatched",
        StageName::InProgress => "stage.in_progress",
        StageName::WaitingCitizen => "stage.waiting_citizen",
        StageName::Resolved => "stage.resolved",
        StageName::Checked => "stage.checked",
        StageName::Answered => "stage.answered",
        StageName::Closed => "stage.closed",
        StageName::Refused => "stage.refused",
        StageName::HandedOff => "stage.handed_off",
        StageName::Merged => "stage.merged",
        StageName::Withdrawn => "stage.withdrawn",
    }
}
