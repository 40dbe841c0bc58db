//! What happens in each story, and when.

use hoiam_domain::codes::AgencyCode;
use jiff::{SignedDuration, Timestamp};

use super::entry::{Entry, Story};

/// One thing somebody does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Receive,
    /// The desk sees to it that an agency has it.
    Place,
    Accept,
    Assign,
    Arrive,
    MakeSafe,
    Progress,
    Ask,
    Reply,
    Extend,
    Return(Option<AgencyCode>, Option<String>),
    Redispatch(AgencyCode),
    Rule,
    Involve,
    Resolve,
    Check,
    Answer,
    Rate,
    Reopen,
    Appeal,
    Refuse,
    HandOff,
    Withdraw,
    Merge,
    Unmerge,
    Misclassify,
    Correct,
}

/// A step of an entry at its time.
#[derive(Clone, Debug)]
pub(super) struct Scheduled {
    pub(super) at: Timestamp,
    pub(super) entry: String,
    pub(super) step: Step,
}

/// All steps of all entries in the order of time, none after `now`.
pub(super) fn schedule(entries: &[Entry], now: Timestamp) -> Vec<Scheduled> {
    let mut all: Vec<Scheduled> = entries.iter().flat_map(|e| of_entry(e, now)).collect();
    all.sort_by_key(|scheduled| scheduled.at);
    all
}

fn of_entry(entry: &Entry, now: Timestamp) -> Vec<Scheduled> {
    let steps = steps(entry);
    let life = hours(entry.hours_ago);
    let received = now - life;
    // The usual pace, in hours after receipt; a short life is lived faster.
    let pace: Vec<f64> = steps.iter().map(|(after, _)| *after).collect();
    let last = pace.last().copied().unwrap_or(0.0);
    let room = entry.hours_ago * 0.9;
    let scale = if last > room && last > 0.0 { room / last } else { 1.0 };
    steps
        .into_iter()
        .map(|(after, step)| Scheduled {
            at: received + hours(after * scale),
            entry: entry.id.clone(),
            step,
        })
        .collect()
}

/// Whole milliseconds, so that the same file and clock give the same events.
fn hours(hours: f64) -> SignedDuration {
    #[allow(clippy::cast_possible_truncation, reason = "at most some weeks")]
    let millis = (hours * 3_600_000.0).round() as i64;
    SignedDuration::from_millis(millis)
}

fn steps(entry: &Entry) -> Vec<(f64, Step)> {
    let mut steps = vec![(0.0, Step::Receive)];
    let taken = [
        (0.04, Step::Place),
        (0.2, Step::Accept),
        (0.3, Step::Assign),
        (0.6, Step::Arrive),
        (0.9, Step::MakeSafe),
    ];
    let finished = [(40.0, Step::Resolve), (44.0, Step::Check), (45.0, Step::Answer)];
    match entry.story {
        Story::Fresh | Story::Sealed => {}
        Story::Dispatched => steps.push((0.04, Step::Place)),
        Story::Accepted => steps.extend(taken.into_iter().take(3)),
        Story::MadeSafe => steps.extend(taken),
        Story::Progress => {
            steps.extend(taken);
            steps.push((20.0, Step::Progress));
        }
        Story::Late => {
            steps.extend(taken.into_iter().take(2));
            if entry.progress_note.is_some() {
                // After the deadline: with a photograph and a date, as the rule asks.
                steps.push((entry.hours_ago * 0.85, Step::Progress));
            }
        }
        Story::WaitingCitizen => {
            steps.extend(taken);
            steps.push((2.0, Step::Ask));
        }
        Story::CitizenAnswered => {
            steps.extend(taken);
            steps.extend([(2.0, Step::Ask), (26.0, Step::Reply)]);
        }
        Story::Extended => {
            steps.extend(taken);
            steps.push((30.0, Step::Extend));
        }
        Story::ReturnedOnce | Story::ReturnedTwiceRuled => steps.extend(returned(entry)),
        Story::CoAgency => {
            steps.extend(taken);
            steps.push((1.0, Step::Involve));
        }
        Story::Resolved => {
            steps.extend(taken);
            steps.push((40.0, Step::Resolve));
        }
        Story::Answered | Story::ClosedUnrated | Story::Referred | Story::Planned => {
            steps.extend(taken);
            steps.extend(finished);
        }
        Story::RatedGood => {
            steps.extend(taken);
            steps.extend(finished);
            steps.push((60.0, Step::Rate));
        }
        Story::RatedBadReopened | Story::Appealed => {
            steps.extend(taken);
            steps.extend(finished);
            steps.extend([(60.0, Step::Rate), (60.2, Step::Reopen)]);
            if entry.story == Story::Appealed {
                // The agency gives the same answer again; the citizen goes to the coordinators.
                steps.extend([(80.0, Step::Resolve), (82.0, Step::Check), (83.0, Step::Answer)]);
                steps.push((96.0, Step::Appeal));
            }
        }
        Story::Refused => steps.push((0.07, Step::Refuse)),
        Story::Withdrawn => steps.push((3.0, Step::Withdraw)),
        Story::Merged => steps.push((0.1, Step::Merge)),
        Story::Unmerged => {
            steps.extend([(0.1, Step::Merge), (5.0, Step::Unmerge)]);
            steps.push((5.2, Step::Place));
        }
        Story::HandedOff => steps.push((0.02, Step::HandOff)),
        Story::Corrected => {
            steps.extend([(0.03, Step::Misclassify), (0.15, Step::Correct), (0.2, Step::Place)]);
        }
    }
    steps
}

fn returned(entry: &Entry) -> Vec<(f64, Step)> {
    let mut steps = vec![
        (0.04, Step::Place),
        (0.5, Step::Return(entry.proposed_agency.clone(), entry.return_reason.clone())),
    ];
    if entry.story == Story::ReturnedTwiceRuled {
        let second = entry.second_return_reason.clone();
        if let Some(agency) = entry.proposed_agency.clone() {
            steps.push((0.8, Step::Redispatch(agency)));
        }
        steps.push((2.0, Step::Return(None, second)));
        steps.push((2.4, Step::Rule));
        steps.push((3.0, Step::Accept));
    } else if let Some(agency) = entry.proposed_agency.clone() {
        steps.extend([(0.9, Step::Redispatch(agency)), (2.5, Step::Accept)]);
    }
    steps
}
