//! Erasing the words of a case: the event, the blank rows and the new keys in place of the
//! destroyed ones are one transaction.

use std::sync::Arc;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::{Command, Erase, ErasedPart};
use hoiam_domain::case::{Intent, decide};
use uuid::Uuid;

use super::write::{actor_json, stream_append};
use super::{ATTEMPTS, Desk, DeskError};
use crate::log::{Append, AppendError, Content, LogError, Prepared};
use crate::random::sortable_id;

impl Desk {
    /// Erases what people wrote or said in a case. False when it was erased before and nothing
    /// was added since.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was erased.
    pub async fn erase(&self, id: Uuid, command: &Erase) -> Result<bool, DeskError> {
        let wanted = Command::Erase(command.clone());
        for _ in 0..ATTEMPTS {
            let case = self.case(id).await?;
            let now = self.now();
            let occurred_at = now.max(case.step_at);
            let intent = Intent { actor: Actor::system("erase"), now, occurred_at };
            let rules = self.rules_handle().at(now);
            // A clock that is behind is no reason to keep what has to go.
            let late = Intent { now: occurred_at, ..intent.clone() };
            let events = decide(&case, &*rules, &late, &wanted).map_err(DeskError::Rejected)?;
            if events.is_empty() {
                return Ok(false);
            }
            let keys = self.keys(id).await?;
            let keep_content = command.what == ErasedPart::Contact;
            let renewed = keys.renewed(keep_content, self.random()).map_err(LogError::from)?;
            let events = events.into_iter().map(|event| (occurred_at, event)).collect();
            let (mut stream, after) = stream_append(Some(&case), id, events, &intent, &renewed)?;
            stream.rows.extend(renewed.row());
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
                        self.memory.keep(&Arc::new(after), &renewed);
                    }
                    return Ok(true);
                }
            }
        }
        Err(DeskError::Overloaded)
    }
}
