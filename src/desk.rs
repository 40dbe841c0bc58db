//! The command path: the only way anything changes. Load, decide, project, append.
//!
//! HTTP, the channels, timers, the demo and the import all come through here; what they may do is
//! decided by the domain, never by them.

mod attach;
mod erase;
mod error;
mod intake;
mod load;
mod memory;
mod receipt;
mod write;

use std::sync::Arc;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::authority::{authorise, may_view};
use hoiam_domain::case::clocks::timers;
use hoiam_domain::case::command::{Merge, Tick, Unmerge};
use hoiam_domain::case::stage::Stage;
use hoiam_domain::case::{
    Case, CaseNumber, Command, Event, Intent, Rejection, decide, decide_merge, decide_unmerge,
};
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;
use uuid::Uuid;

pub use error::DeskError;
pub use intake::{Feedback, Received, Reporter};
pub(crate) use load::{read as read_event, read_sealed, read_with as read_event_with};
pub use write::IdempotencyKey;
pub(crate) use write::stream_append;

use crate::clock::Clock;
use crate::log::Log;
use crate::random::Random;
use crate::rules::Rules;
use memory::Memory;

/// How often a command that lost a race is decided again.
const ATTEMPTS: usize = 16;

/// The desk of one city; clones share it.
#[derive(Clone)]
pub struct Desk {
    log: Log,
    rules: Rules,
    prefix: Arc<str>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    memory: Arc<Memory>,
}

/// What surrounds a command.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// The version the caller decided on; another one is an error.
    pub expected: Option<u64>,
    /// When it happened, if not now.
    pub occurred_at: Option<Timestamp>,
    /// The caller's key for this request.
    pub idempotency: Option<IdempotencyKey>,
}

/// What a command left behind.
#[derive(Clone, Debug)]
pub struct Done {
    /// The case as it is now.
    pub case: Arc<Case>,
    /// The request was answered before; nothing was added now.
    pub replayed: bool,
    /// It added events; else its effect was there already.
    pub appended: bool,
}

impl Desk {
    /// A desk on a log. `prefix` begins every case number.
    pub fn new(
        log: Log,
        rules: Rules,
        prefix: &str,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let memory = Arc::new(Memory::new());
        Self { log, rules, prefix: prefix.into(), clock, random, memory }
    }

    /// The same desk by another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The log underneath.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The letters every case number begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The rule set in force now, by the desk's clock.
    pub fn rules(&self) -> Arc<RuleSet> {
        self.rules.at(self.clock.now())
    }

    /// The handle of the rule sets.
    pub fn rules_handle(&self) -> &Rules {
        &self.rules
    }

    /// Now, by the desk's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The desk's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The desk's randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// Gives a command on a case.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed.
    pub async fn command(
        &self,
        actor: &Actor,
        number: &CaseNumber,
        command: &Command,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let id = self.find(number).await?;
        let done = self.on_one(actor, id, command, circumstances).await;
        self.or_answered_meanwhile(id, circumstances, done).await
    }

    async fn on_one(
        &self,
        actor: &Actor,
        id: Uuid,
        command: &Command,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let intent = self.intent(actor, circumstances);
        let step = |case: &Case| {
            check_expected(case, circumstances)?;
            let rules = self.rules.at(intent.now);
            let events = decide(case, &*rules, &intent, command);
            Ok((events.map_err(|no| refused(case, actor, no))?, intent.clone()))
        };
        self.take(id, circumstances, step).await
    }

    /// Takes a step on the case as it is remembered; as it stands in the log when that was not the
    /// truth, or the step refuses or finds nothing to do.
    async fn take(
        &self,
        id: Uuid,
        circumstances: &Circumstances,
        step: impl Fn(&Case) -> Result<(Vec<Event>, Intent), DeskError> + Send + Sync,
    ) -> Result<Done, DeskError> {
        let mut remembered = self.memory.case(id);
        for _ in 0..ATTEMPTS {
            let sure = remembered.is_none();
            let case = match remembered.take() {
                Some(case) => case,
                // The log knows the keys of what it appends; what is not appended is asked here.
                None => match self.answered_before(id, circumstances).await? {
                    Some(done) => return Ok(done),
                    None => self.case(id).await?,
                },
            };
            match step(&case) {
                Ok((events, intent)) if sure || !events.is_empty() => {
                    match self.append_one(case, events, &intent, circumstances).await {
                        Err(DeskError::Stale { .. }) if circumstances.expected.is_none() => {}
                        done => return done,
                    }
                }
                Err(error) if sure => return Err(error),
                // What was remembered may be out of date.
                _ => {}
            }
        }
        Err(DeskError::Overloaded)
    }

    /// Merges the case `number` into the one the command names.
    ///
    /// # Errors
    /// [`DeskError`]; neither case was changed.
    pub async fn merge(
        &self,
        actor: &Actor,
        number: &CaseNumber,
        command: &Merge,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let (id, into) = (self.find(number).await?, self.find(&command.into).await?);
        if let Some(done) = self.answered_before(id, circumstances).await? {
            return Ok(done);
        }
        let done =
            self.on_two(actor, id, into, circumstances, |duplicate, primary, rules, intent| {
                decide_merge(duplicate, primary, rules, intent, command)
            });
        self.or_answered_meanwhile(id, circumstances, done.await).await
    }

    /// Undoes the merge of the case `number`.
    ///
    /// # Errors
    /// [`DeskError`]; neither case was changed.
    pub async fn unmerge(
        &self,
        actor: &Actor,
        number: &CaseNumber,
        command: &Unmerge,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let id = self.find(number).await?;
        if let Some(done) = self.answered_before(id, circumstances).await? {
            return Ok(done);
        }
        let case = self.case(id).await?;
        let done = match case.work.stage {
            Stage::Merged { into, .. } => {
                self.on_two(actor, id, into, circumstances, |duplicate, primary, _, intent| {
                    decide_unmerge(duplicate, primary, intent, command)
                })
                .await
            }
            _ => {
                let why = authorise(&case, actor, "unmerge").err();
                Err(refused(&case, actor, why.unwrap_or(Rejection::NotMergedHere)))
            }
        };
        self.or_answered_meanwhile(id, circumstances, done).await
    }

    async fn on_two(
        &self,
        actor: &Actor,
        first: Uuid,
        second: Uuid,
        circumstances: &Circumstances,
        decide: impl Fn(&Case, &Case, &RuleSet, &Intent) -> Result<(Vec<Event>, Vec<Event>), Rejection>,
    ) -> Result<Done, DeskError> {
        let intent = self.intent(actor, circumstances);
        for _ in 0..ATTEMPTS {
            let (one, two) = (self.case(first).await?, self.case(second).await?);
            check_expected(&one, circumstances)?;
            let rules = self.rules.at(intent.now);
            let (of_one, of_two) = decide(&one, &two, &rules, &intent).map_err(|no| {
                let unseen = if may_view(&one, actor) { &two } else { &one };
                refused(unseen, actor, no)
            })?;
            let changes = vec![(one, of_one), (two, of_two)];
            match self.append(changes, &intent, circumstances).await {
                // Perhaps the other case went on, of which the caller said nothing: looked at anew.
                Err(DeskError::Stale { .. }) => {}
                done => return done,
            }
        }
        Err(DeskError::Overloaded)
    }

    /// Fires a timer of a case, if the case still wants it. It counts as fired when it was due,
    /// however late the engine comes to it. Tells whether anything happened.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed.
    pub async fn tick(&self, id: Uuid, timer: &str) -> Result<bool, DeskError> {
        let step = |case: &Case| self.ticked(case, timer);
        Ok(self.take(id, &Circumstances::default(), step).await?.appended)
    }

    /// What a timer does to a case: nothing if the case does not want it now.
    fn ticked(&self, case: &Case, timer: &str) -> Result<(Vec<Event>, Intent), DeskError> {
        let now = self.clock.now();
        let wanted = timers(case).into_iter().find(|wanted| wanted.name == timer);
        // By a clock that was put back, or is slower than another node's, it is not due before
        // that clock has come to where the case is.
        let due = wanted.filter(|wanted| wanted.at <= now && case.last_at <= now);
        let occurred_at = due.as_ref().map_or(now, |due| due.at.max(case.last_at));
        let intent = Intent { actor: Actor::system("timer"), now, occurred_at };
        if due.is_none() {
            return Ok((Vec::new(), intent));
        }
        let command = Command::Tick(Tick { timer: timer.to_owned() });
        let rules = self.rules.at(now);
        let events = decide(case, &*rules, &intent, &command).map_err(DeskError::Rejected)?;
        Ok((events, intent))
    }

    fn intent(&self, actor: &Actor, circumstances: &Circumstances) -> Intent {
        let now = self.clock.now();
        let occurred_at = circumstances.occurred_at.unwrap_or(now);
        Intent { actor: actor.clone(), now, occurred_at }
    }
}

fn check_expected(case: &Case, circumstances: &Circumstances) -> Result<(), DeskError> {
    match circumstances.expected {
        Some(expected) if expected != case.version => {
            Err(DeskError::Stale { actual: case.version })
        }
        _ => Ok(()),
    }
}

/// To somebody who may not see a case, it does not exist.
fn refused(case: &Case, actor: &Actor, rejection: Rejection) -> DeskError {
    let hidden = rejection.is_forbidden() && actor.role != Role::System && !may_view(case, actor);
    if hidden { DeskError::NotFound } else { DeskError::Rejected(rejection) }
}
