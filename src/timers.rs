//! The worker that fires timers: finds what is due and sends it through the command path.
//!
//! The cost of a round is what is due. A timer fires once because the case says so, not because
//! the worker remembers: two nodes, a crash or a stop of several days change nothing about that.

use hoiam_domain::case::clocks::{Timer, timers};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Duration, MissedTickBehavior, interval};
use uuid::Uuid;

use crate::desk::{Desk, DeskError};
use crate::queries::{DueCase, due_cases};
use crate::successors::mover::Sweep;

/// Cases read at once.
const PAGE: i64 = 1_000;
/// Cases worked on at the same time; their appends share transactions.
const PARALLEL: usize = 64;
/// Rounds in one go: a timer may arm another that is due already.
const ROUNDS: usize = 16;

/// Fires everything that is due now. Returns how many timers had an effect.
///
/// # Errors
/// When the database does not answer, or a case is such that its timer cannot fire; what was fired
/// stays fired, and no case keeps the others from being looked at.
pub async fn fire_due(desk: &Desk) -> Result<u64, DeskError> {
    let mut fired = 0;
    for _ in 0..ROUNDS {
        let round = fire_round(desk).await?;
        fired += round;
        if round == 0 {
            break;
        }
    }
    Ok(fired)
}

async fn fire_round(desk: &Desk) -> Result<u64, DeskError> {
    let now = desk.now().as_microsecond();
    let mut after: Option<DueCase> = None;
    let mut outcome = Ok(0);
    loop {
        let page = due_cases(desk.log().pool(), now, after.as_ref(), PAGE).await?;
        let Some(last) = page.last().cloned() else { return outcome };
        outcome = both(outcome, fire_page(desk, page).await);
        if let Err(DeskError::Unavailable(_)) = outcome {
            return outcome;
        }
        after = Some(last);
    }
}

/// One task a case.
async fn fire_page(desk: &Desk, page: Vec<DueCase>) -> Result<u64, DeskError> {
    let mut tasks: JoinSet<Result<u64, DeskError>> = JoinSet::new();
    let mut outcome = Ok(0);
    for DueCase { case_id, .. } in page {
        if tasks.len() >= PARALLEL {
            outcome = both(outcome, joined(tasks.join_next().await));
        }
        let desk = desk.clone();
        tasks.spawn(async move { fire_case(&desk, case_id).await });
    }
    while let Some(done) = tasks.join_next().await {
        outcome = both(outcome, joined(Some(done)));
    }
    outcome
}

/// The timers of a case that are due, in the order they were due.
async fn fire_case(desk: &Desk, case: Uuid) -> Result<u64, DeskError> {
    let mut due = timers(&*desk.case(case).await?);
    due.retain(|timer| timer.at <= desk.now());
    due.sort_by(|one, two| (one.at, &one.name).cmp(&(two.at, &two.name)));
    let mut fired = 0;
    for Timer { name, .. } in due {
        let ticked = desk.tick(case, &name).await;
        if let Err(error) = &ticked {
            tracing::error!(case.id = %case, timer = name, %error, "a timer cannot fire");
        }
        fired += u64::from(ticked?);
    }
    Ok(fired)
}

/// How many fired together, or what went wrong first.
fn both(one: Result<u64, DeskError>, two: Result<u64, DeskError>) -> Result<u64, DeskError> {
    Ok(one? + two?)
}

fn joined(
    done: Option<Result<Result<u64, DeskError>, tokio::task::JoinError>>,
) -> Result<u64, DeskError> {
    match done {
        None => Ok(0),
        Some(Ok(fired)) => fired,
        Some(Err(error)) => Err(DeskError::Unavailable(error.to_string())),
    }
}

/// Fires what is due every second until `stop` changes, and moves the open cases of agencies that
/// ended where the rule set says that the server does.
pub async fn run(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut sweep = Sweep::default();
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.changed() => return,
        }
        match fire_due(&desk).await {
            Ok(0) => {}
            Ok(fired) => {
                metrics::counter!("hoiam_timers_fired_total").increment(fired);
                tracing::debug!(fired, "timers fired");
            }
            Err(error) => tracing::error!(%error, "timers cannot fire"),
        }
        match sweep.run(&desk).await {
            Ok(moved) => metrics::counter!("hoiam_cases_moved_total").increment(moved),
            Err(error) => tracing::error!(%error, "cases cannot be moved to successors"),
        }
    }
}
