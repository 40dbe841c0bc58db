//! Moves open cases of agencies that have ended to their successors, through the command path.
//!
//! What was moved is no longer the old agency's, so stopping at any point and starting again
//! leaves nothing out and moves nothing twice; two who do it at once meet at the expected version.

use std::collections::BTreeMap;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::MoveToSuccessor;
use hoiam_domain::case::{CaseNumber, Command};
use hoiam_domain::codes::AgencyCode;
use jiff::civil::Date;
use serde::Serialize;
use tokio::task::JoinSet;

use super::ended;
use crate::desk::{Circumstances, Desk, DeskError};
use crate::queries::{OpenCase, open_of_agency};

/// Cases read at once.
const PAGE: i64 = 200;
/// Cases worked on at the same time; their appends share transactions.
const PARALLEL: usize = 32;
/// Cases the server moves in one go, between two looks at the timers.
const ROUND: u64 = 1_000;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Cases moved, by the agency that ended and its successor.
    #[serde(serialize_with = "listed")]
    pub moved: BTreeMap<(String, String), u64>,
    /// Cases that stayed, by reason.
    pub stayed: BTreeMap<String, u64>,
    /// The limit was reached: there may be more.
    pub more: bool,
}

impl Moved {
    /// Cases moved in all.
    pub fn count(&self) -> u64 {
        self.moved.values().sum()
    }
}

/// Moves what there is to move now, at most `limit` cases.
///
/// # Errors
/// When the database does not answer; what was moved stays moved.
pub async fn move_all(desk: &Desk, actor: &Actor, limit: u64) -> Result<Moved, DeskError> {
    let mut moved = Moved::default();
    let rules = desk.rules();
    for one in ended(&rules, desk.now()) {
        let Some(successor) = one.successor else { continue };
        if !move_agency(desk, actor, &one.agency, &successor, limit, &mut moved).await? {
            moved.more = true;
            break;
        }
    }
    Ok(moved)
}

/// Moves the cases of one agency. Tells whether all were looked at.
async fn move_agency(
    desk: &Desk,
    actor: &Actor,
    agency: &AgencyCode,
    successor: &AgencyCode,
    limit: u64,
    moved: &mut Moved,
) -> Result<bool, DeskError> {
    let mut last: Option<OpenCase> = None;
    loop {
        let room = limit.saturating_sub(moved.count());
        if room == 0 {
            return Ok(false);
        }
        let page = PAGE.min(i64::try_from(room).unwrap_or(PAGE));
        let cases = open_of_agency(desk.log().pool(), agency.as_str(), last.as_ref(), page).await?;
        last = match cases.last() {
            Some(next) => Some(next.clone()),
            None => return Ok(true),
        };
        let mut tasks = JoinSet::new();
        for case in cases {
            if tasks.len() >= PARALLEL
                && let Some(done) = tasks.join_next().await
            {
                take(done, agency, successor, moved)?;
            }
            let (desk, actor) = (desk.clone(), actor.clone());
            tasks.spawn(async move { move_one(&desk, &actor, &case).await });
        }
        while let Some(done) = tasks.join_next().await {
            take(done, agency, successor, moved)?;
        }
    }
}

/// Whether the case moved, and why not.
async fn move_one(
    desk: &Desk,
    actor: &Actor,
    case: &OpenCase,
) -> Result<Result<(), String>, DeskError> {
    let number: CaseNumber = match case.number.parse() {
        Ok(number) => number,
        Err(_) => return Ok(Err("unreadable_number".to_owned())),
    };
    let command = Command::MoveToSuccessor(MoveToSuccessor { successor: None });
    match desk.command(actor, &number, &command, &Circumstances::default()).await {
        Ok(_) => Ok(Ok(())),
        Err(DeskError::Rejected(rejection)) => Ok(Err(rejection.code().to_owned())),
        Err(error) => Err(error),
    }
}

fn take(
    done: Result<Result<Result<(), String>, DeskError>, tokio::task::JoinError>,
    agency: &AgencyCode,
    successor: &AgencyCode,
    moved: &mut Moved,
) -> Result<(), DeskError> {
    match done.map_err(|error| DeskError::Unavailable(error.to_string()))?? {
        Ok(()) => {
            let pair = (agency.to_string(), successor.to_string());
            *moved.moved.entry(pair).or_default() += 1;
        }
        Err(why) => *moved.stayed.entry(why).or_default() += 1,
    }
    Ok(())
}

fn listed<S: serde::Serializer>(
    moved: &BTreeMap<(String, String), u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Pair<'a> {
        from: &'a str,
        to: &'a str,
        cases: u64,
    }
    serializer.collect_seq(moved.iter().map(|((from, to), cases)| Pair { from, to, cases: *cases }))
}

/// The server's own moving: when the rule set says so, as soon as another set is in force or a new
/// day has begun, and each hour for what came back to an agency that has ended.
#[derive(Debug, Default)]
pub struct Sweep {
    /// Rule set, day and hour of the last look that found nothing more.
    done: Option<(String, Date, i8)>,
}

impl Sweep {
    /// Moves what there is to move, at most a round; cheap when there is nothing. How many moved.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn run(&mut self, desk: &Desk) -> Result<u64, DeskError> {
        let rules = desk.rules();
        if !rules.settings.moves_by_itself() {
            return Ok(0);
        }
        let now = desk.now().to_zoned(rules.policy.calendars.zone().clone());
        let mark = (rules.hash.clone(), now.date(), now.hour());
        if self.done.as_ref() == Some(&mark) {
            return Ok(0);
        }
        let moved = move_all(desk, &Actor::system("successors"), ROUND).await?;
        for ((from, to), cases) in &moved.moved {
            tracing::info!(%from, %to, cases, "open cases moved to the successor");
        }
        if !moved.more {
            self.done = Some(mark);
        }
        Ok(moved.count())
    }
}
