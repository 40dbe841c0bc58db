//! Who held the case when. Every minute belongs to exactly one holder: entries follow each other
//! without gap or overlap from receipt on, so their sum is the elapsed time, always.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::stage::Stage;
use super::state::Case;
use crate::codes::AgencyCode;

/// Who is responsible for the minutes that pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "code")]
pub enum Holder {
    /// The desk: operators and, after the agency finished, answer check.
    Desk,
    /// An agency.
    Agency(AgencyCode),
    /// The citizen, who was asked something or may rate.
    Citizen,
    /// The coordinators, who must rule.
    Arbitration,
    /// Nobody, on the ground given, e.g. `merged`.
    Suspended(String),
    /// Nobody: it is over.
    Closed,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Desk => f.write_str("desk"),
            Self::Agency(code) => write!(f, "agency:{code}"),
            Self::Citizen => f.write_str("citizen"),
            Self::Arbitration => f.write_str("arbitration"),
            Self::Suspended(basis) => write!(f, "suspended:{basis}"),
            Self::Closed => f.write_str("closed"),
        }
    }
}

/// A stretch of time with one holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub holder: Holder,
    /// From, included.
    pub from: Timestamp,
    /// To, excluded; none while it lasts.
    pub to: Option<Timestamp>,
}

/// The entries of one case, in order; only the last is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// The entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Who holds it now.
    pub fn holder(&self) -> Option<&Holder> {
        self.entries.last().map(|entry| &entry.holder)
    }

    /// From `at` on, `holder` has it. A time before the last change counts as the last change:
    /// minutes already given to somebody are never taken back.
    pub(super) fn pass_to(&mut self, holder: Holder, at: Timestamp) {
        match self.entries.last_mut() {
            Some(last) if last.holder == holder => {}
            Some(last) => {
                let at = at.max(last.from);
                last.to = Some(at);
                self.entries.push(Entry { holder, from: at, to: None });
            }
            None => self.entries.push(Entry { holder, from: at, to: None }),
        }
    }

    /// Who held it at a moment; before the receipt, who got it first.
    pub fn holder_at(&self, at: Timestamp) -> Option<&Holder> {
        let entry = self.entries.iter().rfind(|entry| entry.from <= at);
        entry.or(self.entries.first()).map(|entry| &entry.holder)
    }

    /// Seconds by holder up to `until`, in order of first appearance.
    pub fn sums(&self, until: Timestamp) -> Vec<(Holder, i64)> {
        let mut sums: Vec<(Holder, i64)> = Vec::new();
        for entry in &self.entries {
            let to = entry.to.unwrap_or(until).min(until).max(entry.from);
            let seconds = to.as_second() - entry.from.as_second();
            match sums.iter_mut().find(|(holder, _)| *holder == entry.holder) {
                Some((_, sum)) => *sum += seconds,
                None => sums.push((entry.holder.clone(), seconds)),
            }
        }
        sums
    }
}

/// Who holds a case in its present stage.
pub fn holder(case: &Case) -> Holder {
    match &case.work.stage {
        Stage::Received
        | Stage::Classified
        | Stage::Resolved
        | Stage::Checked
        | Stage::HandedOff(_) => Holder::Desk,
        Stage::Arbitration(_) => Holder::Arbitration,
        Stage::Dispatched | Stage::InProgress => match &case.work.lead {
            Some(lead) => Holder::Agency(lead.agency.clone()),
            None => Holder::Desk,
        },
        Stage::WaitingCitizen { .. } | Stage::Answered => Holder::Citizen,
        Stage::Merged { .. } => Holder::Suspended("merged".to_owned()),
        Stage::Closed(_) | Stage::Refused | Stage::Withdrawn => Holder::Closed,
    }
}
