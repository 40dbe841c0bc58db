//! Erasing the words of a case: the event, the blank rows and the new keys in place of the
//! destroyed ones are one transaction.

use std::sync::Arc;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::{Command, Erase, ErasedPart};
use hoiam_domain::case::{Case, CaseNumber, Event, Intent, Rejection, decide, decide_erase_party};
use uuid::Uuid;

use super::write::{actor_json, stream_append};
use super::{ATTEMPTS, Desk, DeskError};
use crate::log::{Append, AppendError, Content, LogError, Prepared};
use crate::random::sortable_id;
use crate::vault::{CaseKeys, VaultError};

impl Desk {
    /// Erases what people wrote or said in a case. False when it was erased before and nothing
    /// was added since.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was erased.
    pub async fn erase(&self, id: Uuid, command: &Erase) -> Result<bool, DeskError> {
        let wanted = Command::Erase(command.clone());
        let keep_content = command.what == ErasedPart::Contact;
        self.destroy(
            id,
            |case, intent| {
                let rules = self.rules_handle().at(self.now());
                decide(case, &*rules, intent, &wanted)
            },
            |keys| keys.renewed(keep_content, self.random()).map(Some),
        )
        .await
    }

    /// Erases what the reporter of the case `from`, which was merged, wrote in another. False when
    /// there is no key of theirs: they wrote nothing there, or it was erased before.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was erased.
    pub async fn erase_party(
        &self,
        id: Uuid,
        from: (Uuid, &CaseNumber),
        legal_ground: &str,
    ) -> Result<bool, DeskError> {
        self.destroy(
            id,
            |case, intent| decide_erase_party(case, intent, from, legal_ground),
            |keys| keys.without_guest(from.0),
        )
        .await
    }

    /// Appends what is decided with other keys in place of the case's. False when there is nothing
    /// to decide, or no other keys.
    async fn destroy(
        &self,
        id: Uuid,
        decided: impl Fn(&Case, &Intent) -> Result<Vec<Event>, Rejection> + Send + Sync,
        without: impl Fn(&CaseKeys) -> Result<Option<CaseKeys>, VaultError> + Send + Sync,
    ) -> Result<bool, DeskError> {
        for _ in 0..ATTEMPTS {
            let case = self.case(id).await?;
            let now = self.now();
            let occurred_at = now.max(case.step_at);
            let intent = Intent { actor: Actor::system("erase"), now, occurred_at };
            // A clock that is behind is no reason to keep what has to go.
            let late = Intent { now: occurred_at, ..intent.clone() };
            let events = decided(&case, &late).map_err(DeskError::Rejected)?;
            if events.is_empty() {
                return Ok(false);
            }
            let keys = self.keys(id).await?;
            let Some(others) = without(&keys).map_err(LogError::from)? else { return Ok(false) };
            let events = events.into_iter().map(|event| (occurred_at, event)).collect();
            let (mut stream, after) = stream_append(Some(&case), id, events, &intent, &others)?;
            stream.rows.extend(others.row());
            let append = Append {
                recorded_at: now,
                actor: actor_json(&intent)?,
                causation: None,
                correlation: Some(sortable_id(self.random(), now)),
                idempotency: None,
                content: Content::Ready(Prepared { streams: vec![stream], answer: String::new() }),
            };
            match self.log.append(append).await {
                // Something happened to it meanwhile: that is erased, too.
                Err(AppendError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => {
                    if let Some(after) = after {
                        self.memory.keep(&Arc::new(after), &others);
                    }
                    return Ok(true);
                }
            }
        }
        Err(DeskError::Overloaded)
    }
}
