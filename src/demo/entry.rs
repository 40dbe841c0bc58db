//! The file of invented feedbacks; its header says what the fields mean.

use hoiam_domain::codes::{AgencyCode, CategoryCode};
use hoiam_domain::kinds::{Channel, Handoff, Kind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    feedback: Vec<Entry>,
}

/// One invented feedback and the texts of its story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) channel: Channel,
    pub(super) kind: Option<Kind>,
    pub(super) text: String,
    pub(super) address: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) reporter: Option<Person>,
    #[serde(default)]
    pub(super) anonymous: bool,
    #[serde(default = "yes")]
    pub(super) public: bool,
    pub(super) hours_ago: f64,
    pub(super) story: Story,
    pub(super) category: Option<CategoryCode>,
    pub(super) agency: Option<AgencyCode>,
    pub(super) safe_note: Option<String>,
    pub(super) progress_note: Option<String>,
    pub(super) committed_in_days: Option<f64>,
    pub(super) question: Option<String>,
    pub(super) citizen_reply: Option<String>,
    pub(super) extension_reason: Option<String>,
    pub(super) extension_days: Option<f64>,
    pub(super) return_reason: Option<String>,
    pub(super) proposed_agency: Option<AgencyCode>,
    pub(super) second_return_reason: Option<String>,
    pub(super) ruling: Option<String>,
    pub(super) ruled_agency: Option<AgencyCode>,
    pub(super) co_agency: Option<AgencyCode>,
    pub(super) co_agency_task: Option<String>,
    pub(super) resolution: Option<String>,
    pub(super) answer: Option<String>,
    pub(super) rating: Option<u8>,
    pub(super) rating_comment: Option<String>,
    pub(super) refusal_reason: Option<String>,
    pub(super) legal_ground: Option<String>,
    pub(super) referral_to: Option<String>,
    pub(super) referral_reason: Option<String>,
    pub(super) withdraw_reason: Option<String>,
    pub(super) merge_into: Option<String>,
    pub(super) unmerge_reason: Option<String>,
    pub(super) appeal: Option<String>,
    pub(super) handoff: Option<Handoff>,
    pub(super) handoff_note: Option<String>,
    pub(super) correction_reason: Option<String>,
    pub(super) correct_category: Option<CategoryCode>,
    pub(super) wrong_category: Option<CategoryCode>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

/// How a life goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Story {
    Fresh,
    Dispatched,
    Accepted,
    MadeSafe,
    Progress,
    WaitingCitizen,
    CitizenAnswered,
    Extended,
    ReturnedOnce,
    ReturnedTwiceRuled,
    CoAgency,
    Resolved,
    Answered,
    RatedGood,
    RatedBadReopened,
    ClosedUnrated,
    Refused,
    Referred,
    Planned,
    Withdrawn,
    Merged,
    Unmerged,
    Appealed,
    HandedOff,
    Sealed,
    Late,
    Corrected,
}

fn yes() -> bool {
    true
}

/// Reads the file.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.feedback)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_reads_and_ids_are_unique() {
        let entries = read(super::super::FEEDBACK).unwrap();
        assert!(entries.len() >= 100);
        let ids: BTreeSet<_> = entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids.len(), entries.len());
        for entry in &entries {
            if let Some(into) = &entry.merge_into {
                assert!(ids.contains(into.as_str()), "{} merges into {into}", entry.id);
            }
        }
    }
}
