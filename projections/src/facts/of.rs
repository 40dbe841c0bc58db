//! The facts of a case as it stands. They follow from the state alone.

use hoiam_domain::case::Case;
use hoiam_domain::case::ledger::{Entry, Holder};
use hoiam_domain::case::stage::{Stage, StageName};
use hoiam_domain::kinds::{Channel, Clock, Kind};
use jiff::Timestamp;

use super::measure::Measure;

/// What all facts of a case are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Sector.
    pub sector: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Kind.
    pub kind: Kind,
    /// Only those who may see sealed cases may count it.
    pub sealed: bool,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it counts.
    pub measure: Measure,
    /// The instant it counts at.
    pub at: Timestamp,
    /// The agency it is charged to.
    pub agency: Option<String>,
    /// Of lateness: whoever it is charged to, as the ledger names them; otherwise empty.
    pub holder: String,
    /// How long, where it is about time.
    pub seconds: i64,
}

/// What the facts of a case are counted by.
pub fn shared_of(case: &Case) -> Shared {
    let found = case.work.found.as_ref();
    Shared {
        sector: found.and_then(|found| found.sector.as_ref()).map(ToString::to_string),
        category: found.and_then(|found| found.category.as_ref()).map(ToString::to_string),
        district: found.and_then(|found| found.district.as_ref()).map(ToString::to_string),
        channel: case.channel,
        kind: case.kind(),
        sealed: case.confidential,
    }
}

/// Everything a case adds to the figures.
pub fn facts_of(case: &Case) -> Vec<Fact> {
    let mut facts = Vec::with_capacity(16);
    received(case, &mut facts);
    done(case, &mut facts);
    if !matches!(case.work.stage, Stage::Merged { .. }) {
        lateness(case, &mut facts);
    }
    stages(case, &mut facts);
    facts
}

fn fact(case: &Case, measure: Measure, at: Timestamp) -> Fact {
    let agency = case.agency().map(ToString::to_string);
    Fact { measure, at, agency, holder: String::new(), seconds: 0 }
}

/// What became of a receipt.
fn received(case: &Case, facts: &mut Vec<Fact>) {
    let answer = case.work.clocks.get(&Clock::Answer);
    let finished = answer.map_or(case.work.closed_at, |running| running.stopped);
    let due = answer.map(|running| running.deadline.due);
    let became = match (&case.work.stage, finished, due) {
        (Stage::Merged { .. }, ..) => Measure::ReceivedMerged,
        (_, None, _) => Measure::ReceivedOpen,
        (_, Some(_), None) => Measure::ReceivedWithoutTarget,
        (_, Some(finished), Some(due)) if finished <= due => Measure::ReceivedOnTime,
        _ => Measure::ReceivedLate,
    };
    let returned = (!case.work.returns.is_empty()).then_some(Measure::ReceivedReturned);
    let reopened = (case.work.reopened > 0).then_some(Measure::ReceivedReopened);
    let all = [Some(Measure::Received), Some(became), returned, reopened];
    facts.extend(all.into_iter().flatten().map(|what| fact(case, what, case.received_at)));
}

/// What was done to it, each at its own time.
fn done(case: &Case, facts: &mut Vec<Fact>) {
    for gone in &case.work.returns {
        let agency = Some(gone.agency.to_string());
        facts.push(Fact { agency, ..fact(case, Measure::Returned, gone.at) });
    }
    let trail = &case.work.trail;
    for pair in trail.windows(2) {
        let again = matches!(pair[1].stage, StageName::InProgress | StageName::Received);
        let was_over = matches!(
            pair[0].stage,
            StageName::Answered
                | StageName::Closed
                | StageName::Refused
                | StageName::Withdrawn
                | StageName::HandedOff
        );
        if again && was_over {
            facts.push(fact(case, Measure::Reopened, pair[1].at));
        }
    }
    // What was reopened or given to another agency is not finished any more.
    let since = trail.iter().rposition(|visit| {
        matches!(visit.stage, StageName::Received | StageName::Dispatched | StageName::InProgress)
    });
    let last = trail.get(since.unwrap_or(0)..).unwrap_or_default();
    for (stage, measure) in [
        (StageName::Resolved, Measure::Resolved),
        (StageName::Answered, Measure::Answered),
        (StageName::Merged, Measure::Merged),
    ] {
        if let Some(visit) = last.iter().rfind(|visit| visit.stage == stage) {
            facts.push(fact(case, measure, visit.at));
        }
    }
}

/// Whether the citizen's clock was met, and whose the time after it is.
fn lateness(case: &Case, facts: &mut Vec<Fact>) {
    let Some(answer) = case.work.clocks.get(&Clock::Answer) else { return };
    let due = answer.deadline.due;
    match (answer.stopped, &case.work.stage) {
        (Some(at), _) if at <= due => facts.push(fact(case, Measure::OnTime, at)),
        // The deadline moves by the pause once that is over.
        (None, Stage::WaitingCitizen { since, .. }) if due > *since => {}
        (stopped, _) => {
            let holder = case.ledger.holder_at(due).or(case.ledger.holder());
            if let Some(holder) = holder {
                facts.push(charged(Measure::Late, due, holder, 0));
            }
            time_late(case.ledger.entries(), due, stopped, facts);
        }
    }
}

fn charged(measure: Measure, at: Timestamp, holder: &Holder, seconds: i64) -> Fact {
    let agency = match holder {
        Holder::Agency(code) => Some(code.to_string()),
        _ => None,
    };
    Fact { measure, at, agency, holder: holder.to_string(), seconds }
}

/// The time after a deadline by holder. Nobody is charged for a case that is over or suspended.
fn time_late(entries: &[Entry], due: Timestamp, stopped: Option<Timestamp>, facts: &mut Vec<Fact>) {
    let mut sums: Vec<(&Holder, i64)> = Vec::new();
    for Entry { holder, from, to } in entries {
        if matches!(holder, Holder::Closed | Holder::Suspended(_)) {
            continue;
        }
        let from = due.max(*from);
        let Some(to) = to.or(stopped).map(|to| stopped.map_or(to, |stopped| to.min(stopped)))
        else {
            facts.push(charged(Measure::Running, due, holder, -from.as_second()));
            continue;
        };
        let seconds = to.as_second() - from.as_second();
        if seconds <= 0 {
            continue;
        }
        match sums.iter_mut().find(|(known, _)| *known == holder) {
            Some((_, sum)) => *sum += seconds,
            None => sums.push((holder, seconds)),
        }
    }
    facts
        .extend(sums.into_iter().map(|(holder, sum)| charged(Measure::LateTime, due, holder, sum)));
}

/// How long each stage took that is over.
fn stages(case: &Case, facts: &mut Vec<Fact>) {
    for pair in case.work.trail.windows(2) {
        let (stage, from, to) = (pair[0].stage, pair[0].at, pair[1].at);
        let seconds = (to.as_second() - from.as_second()).max(0);
        // Another system's steps that it did not tell take no time here.
        let untold = case.source.is_some() && seconds == 0;
        if stage.is_over() || untold {
            continue;
        }
        let measure = Measure::Stage(stage);
        match stage {
            StageName::Dispatched | StageName::InProgress => {
                for (agency, seconds) in held(case.ledger.entries(), from, to) {
                    let fact = fact(case, measure, to);
                    facts.push(Fact { agency: Some(agency), seconds, ..fact });
                }
            }
            StageName::WaitingCitizen
            | StageName::Resolved
            | StageName::Checked
            | StageName::Answered => facts.push(Fact { seconds, ..fact(case, measure, to) }),
            _ => facts.push(Fact { agency: None, seconds, ..fact(case, measure, to) }),
        }
    }
}

/// The seconds agencies had a case between two instants, by agency.
fn held(entries: &[Entry], from: Timestamp, to: Timestamp) -> Vec<(String, i64)> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for entry in entries {
        let Holder::Agency(code) = &entry.holder else { continue };
        let (begin, end) = (entry.from.max(from), entry.to.unwrap_or(to).min(to));
        // Also one that had it for no time at all.
        if end < begin || (end == begin && from != to) {
            continue;
        }
        let seconds = end.as_second() - begin.as_second();
        match sums.iter_mut().find(|(known, _)| known == code.as_str()) {
            Some((_, sum)) => *sum += seconds,
            None => sums.push((code.to_string(), seconds)),
        }
    }
    sums
}
