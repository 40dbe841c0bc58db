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
use crate::queries::{Involved, OpenCase, open_of_agency};

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
    /// Parts in other agencies' cases moved, the same way.
    #[serde(serialize_with = "listed")]
    pub parts: BTreeMap<(String, String), u64>,
    /// Cases and parts that stayed, by reason.
    pub stayed: BTreeMap<String, u64>,
    /// The limit was reached: there may be more.
    pub more: bool,
}

impl Moved {
    /// Cases and parts moved in all.
    pub fn count(&self) -> u64 {
        self.moved.values().chain(self.parts.values()).sum()
    }
}

/// Moves what there is to move now, at most `limit` cases and parts.
///
/// # Errors
/// When the database does not answer; what was moved stays moved.
pub async fn move_all(desk: &Desk, actor: &Actor, limit: u64) -> Result<Moved, DeskError> {
    let mut moved = Moved::default();
    let rules = desk.rules();
    for one in ended(&rules, desk.now()) {
        let Some(successor) = one.successor else { continue };
        for involved in [Involved::Lead, Involved::Part] {
            let step = Step { agency: one.agency.clone(), successor: successor.clone(), involved };
            if !step.run(desk, actor, limit, &mut moved).await? {
                moved.more = true;
                return Ok(moved);
            }
        }
    }
    Ok(moved)
}

/// The cases of one agency, or its parts.
struct Step {
    agency: AgencyCode,
    successor: AgencyCode,
    involved: Involved,
}

/// What became of a case: moved, nothing to do, or why it stayed.
enum Fate {
    Moved,
    Nothing,
    Stayed(String),
}

impl Step {
    /// Moves them. Tells whether all were looked at.
    async fn run(
        &self,
        desk: &Desk,
        actor: &Actor,
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
            let (pool, agency) = (desk.log().pool(), self.agency.as_str());
            let cases = open_of_agency(pool, agency, self.involved, last.as_ref(), page).await?;
            last = match cases.last() {
                Some(next) => Some(next.clone()),
                None => return Ok(true),
            };
            let mut tasks = JoinSet::new();
            for case in cases {
                if tasks.len() >= PARALLEL
                    && let Some(done) = tasks.join_next().await
                {
                    self.take(done, moved)?;
                }
                let (desk, actor) = (desk.clone(), actor.clone());
                let part = (self.involved == Involved::Part).then(|| self.agency.clone());
                tasks.spawn(async move { move_one(&desk, &actor, &case, part).await });
            }
            while let Some(done) = tasks.join_next().await {
                self.take(done, moved)?;
            }
        }
    }

    fn take(
        &self,
        done: Result<Result<Fate, DeskError>, tokio::task::JoinError>,
        moved: &mut Moved,
    ) -> Result<(), DeskError> {
        match done.map_err(|error| DeskError::Unavailable(error.to_string()))?? {
            Fate::Moved => {
                let pair = (self.agency.to_string(), self.successor.to_string());
                let sums = match self.involved {
                    Involved::Lead => &mut moved.moved,
                    Involved::Part => &mut moved.parts,
                };
                *sums.entry(pair).or_default() += 1;
            }
            Fate::Nothing => {}
            Fate::Stayed(why) => *moved.stayed.entry(why).or_default() += 1,
        }
        Ok(())
    }
}

async fn move_one(
    desk: &Desk,
    actor: &Actor,
    case: &OpenCase,
    part: Option<AgencyCode>,
) -> Result<Fate, DeskError> {
    let number: CaseNumber = match case.number.parse() {
        Ok(number) => number,
        Err(_) => return Ok(Fate::Stayed("unreadable_number".to_owned())),
    };
    // What it finished is its own and stays.
    if let Some(agency) = &part
        && !desk.case(case.case_id).await?.has_open_part(agency)
    {
        return Ok(Fate::Nothing);
    }
    let command = Command::MoveToSuccessor(MoveToSuccessor { part, successor: None });
    match desk.command(actor, &number, &command, &Circumstances::default()).await {
        // Nobody is told how many sealed ones there are.
        Ok(done) if done.appended && !done.case.confidential => Ok(Fate::Moved),
        // It is sealed, or somebody else moved it meanwhile.
        Ok(_) | Err(DeskError::NotFound) => Ok(Fate::Nothing),
        Err(DeskError::Rejected(_)) if desk.case(case.case_id).await?.confidential => {
            Ok(Fate::Nothing)
        }
        Err(DeskError::Rejected(rejection)) => Ok(Fate::Stayed(rejection.code().to_owned())),
        Err(error) => Err(error),
    }
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
        for ((from, to), parts) in &moved.parts {
            tracing::info!(%from, %to, parts, "parts of co-agencies moved to the successor");
        }
        if !moved.more {
            self.done = Some(mark);
        }
        Ok(moved.count())
    }
}
