//! What clients ask of a desk, and how it is delivered.

use hoiam::desk::{Circumstances, Desk, DeskError, Done, Feedback, IdempotencyKey, Received};
use hoiam::person::{self, Journal, PersonError};
use hoiam::timers::fire_due;
use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::{ErasedPart, Merge, Unmerge};
use hoiam_domain::case::{CaseNumber, Command};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// What somebody wants.
#[derive(Clone, Debug)]
pub enum Ask {
    Receive(Box<Feedback>),
    Command {
        number: CaseNumber,
        word: &'static str,
        body: String,
    },
    Merge {
        number: CaseNumber,
        into: CaseNumber,
    },
    Unmerge {
        number: CaseNumber,
    },
    /// Not a client: the worker that fires timers.
    Tick,
    /// Whoever runs the program: erases who reported a case; without a number, what was broken off.
    Erase {
        number: Option<CaseNumber>,
        what: ErasedPart,
        journal: PathBuf,
    },
}

/// A request; the same one may be delivered several times.
#[derive(Clone, Debug)]
pub struct Request {
    pub ask: Ask,
    pub actor: Actor,
    pub expected: Option<u64>,
    pub occurred_at: Option<Timestamp>,
    pub key: Option<IdempotencyKey>,
}

/// What came back.
#[derive(Debug)]
pub enum Outcome {
    Received(Box<Received>, bool),
    Done(Box<Done>),
    Ticked(u64),
    /// So many cases were erased.
    Erased(Result<usize, PersonError>),
    Refused(DeskError),
    /// The client did not wait for it.
    Unheard,
}

impl Request {
    /// The key of this request under a name.
    pub fn keyed(mut self, name: &str) -> Self {
        let what = match &self.ask {
            Ask::Receive(feedback) => feedback.text.clone(),
            other => format!("{other:?} {:?} {:?}", self.expected, self.occurred_at),
        };
        self.key = Some(IdempotencyKey {
            scope: self.actor.id.clone(),
            key: name.to_owned(),
            request_hash: Sha256::digest(what.as_bytes()).into(),
        });
        self
    }

    /// The command it gives, if it gives one.
    pub fn command(&self) -> Option<Command> {
        match &self.ask {
            Ask::Command { word, body, .. } => Some(Command::read(word, body).unwrap()),
            _ => None,
        }
    }

    pub fn merge(&self) -> Merge {
        let Ask::Merge { into, .. } = &self.ask else { panic!("no merge: {self:?}") };
        Merge { into: into.clone(), reason: None }
    }

    pub fn unmerge() -> Unmerge {
        serde_json::from_str(r#"{"reason": "hai việc khác nhau"}"#).unwrap()
    }

    /// Hands it to a desk and waits for the answer.
    pub async fn deliver(self, desk: Desk) -> Outcome {
        let circumstances = Circumstances {
            expected: self.expected,
            occurred_at: self.occurred_at,
            idempotency: self.key.clone(),
        };
        let done = match &self.ask {
            Ask::Receive(feedback) => {
                let feedback = Feedback { occurred_at: self.occurred_at, ..(**feedback).clone() };
                return match desk.receive(&self.actor, feedback, self.key).await {
                    Ok((received, replayed)) => Outcome::Received(Box::new(received), replayed),
                    Err(error) => Outcome::Refused(error),
                };
            }
            Ask::Tick => {
                return match fire_due(&desk).await {
                    Ok(fired) => Outcome::Ticked(fired),
                    Err(error) => Outcome::Refused(error),
                };
            }
            Ask::Erase { number, what, journal } => {
                let journal = Journal::at(journal.clone());
                return Outcome::Erased(erased(&desk, number.as_ref(), *what, &journal).await);
            }
            Ask::Command { number, word, body } => {
                let command = Command::read(word, body).unwrap();
                desk.command(&self.actor, number, &command, &circumstances).await
            }
            Ask::Merge { number, .. } => {
                desk.merge(&self.actor, number, &self.merge(), &circumstances).await
            }
            Ask::Unmerge { number } => {
                desk.unmerge(&self.actor, number, &Self::unmerge(), &circumstances).await
            }
        };
        match done {
            Ok(done) => Outcome::Done(Box::new(done)),
            Err(error) => Outcome::Refused(error),
        }
    }
}

/// The provision all are erased by.
pub const GROUND: &str = "theo yêu cầu";

async fn erased(
    desk: &Desk,
    number: Option<&CaseNumber>,
    what: ErasedPart,
    journal: &Journal,
) -> Result<usize, PersonError> {
    let Some(number) = number else { return person::reapply(desk, journal).await };
    let person = person::by_case(desk, number).await?.id;
    let by = Actor::system("erase");
    let request = person::Request { person, what, legal_ground: GROUND.to_owned(), by };
    person::erase(desk, journal, &request).await.map(|done| done.cases)
}
