//! Which command is possible in which stage: the one table that [`decide`](super::decide)
//! consults, that the documentation prints and that a test walks in full.

use super::stage::StageName as S;

/// The stages in which a command is possible. Reporting, rating and the like have further
/// conditions of their own; a command not listed in a stage is refused there whatever else holds.
pub fn stages(command: &str) -> &'static [S] {
    /// An agency works on it.
    const WORKING: &[S] = &[S::InProgress, S::WaitingCitizen];
    /// Not over.
    const OPEN: &[S] = &[
        S::Received,
        S::Classified,
        S::Arbitration,
        S::Dispatched,
        S::InProgress,
        S::WaitingCitizen,
        S::Resolved,
        S::Checked,
        S::HandedOff,
    ];
    /// The citizen has heard from us.
    const HEARD: &[S] = &[S::Answered, S::Closed, S::Refused];
    match command {
        // Also what the rules sent on before a person screened it, until the agency accepts.
        "refuse" => &[S::Received, S::Classified, S::Arbitration, S::Dispatched],
        "escalate" => &[S::Received, S::Classified, S::HandedOff],
        "hand-off" => &[
            S::Received,
            S::Classified,
            S::Arbitration,
            S::Dispatched,
            S::InProgress,
            S::WaitingCitizen,
            S::HandedOff,
        ],
        "seal" => OPEN,
        "classify" => &[
            S::Received,
            S::Classified,
            S::Arbitration,
            S::Dispatched,
            S::InProgress,
            S::HandedOff,
        ],
        "dispatch" => &[S::Received, S::Classified, S::Arbitration, S::HandedOff],
        // Also from an agency that neither accepts nor returns.
        "rule" => &[S::Received, S::Classified, S::Arbitration, S::Dispatched, S::HandedOff],
        "accept" | "return" => &[S::Dispatched],
        "add-co-agency" | "drop-part" => &[S::Dispatched, S::InProgress, S::WaitingCitizen],
        "finish-part" | "assign" | "arrive" | "make-safe" | "progress" => {
            &[S::Dispatched, S::InProgress, S::WaitingCitizen]
        }
        "ask" | "extend" => &[S::InProgress],
        "reply" => WORKING,
        "resolve" => WORKING,
        "check-answer" => &[S::Resolved],
        "answer" => &[S::Checked],
        "rate" => &[S::Answered],
        "reopen" | "appeal" => HEARD,
        "dismiss-appeal" => &[S::Arbitration],
        "close" => &[S::HandedOff],
        "withdraw" | "merge" => OPEN,
        "unmerge" => &[S::Merged],
        "move-to-successor" => {
            &[S::Dispatched, S::InProgress, S::WaitingCitizen, S::Resolved, S::Checked]
        }
        // Who may know of it is the citizen's to say whenever they like.
        "correct" | "note" | "erase" | "tick" | "choose" => S::ALL,
        // Also evidence that an answer is not true. Not what somebody took back, and not into a case
        // that is followed elsewhere.
        "attach" => &[
            S::Received,
            S::Classified,
            S::Arbitration,
            S::Dispatched,
            S::InProgress,
            S::WaitingCitizen,
            S::Resolved,
            S::Checked,
            S::Answered,
            S::Closed,
            S::Refused,
            S::HandedOff,
        ],
        _ => &[],
    }
}

/// Whether a command is possible in a stage.
pub fn allowed(stage: S, command: &str) -> bool {
    stages(command).contains(&stage)
}
