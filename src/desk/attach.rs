//! Files on the command path: `attach` is decided like every command; who stores the file is
//! [`crate::attachments`].

use hoiam_domain::actor::Actor;
use hoiam_domain::case::attachment::Attach;
use hoiam_domain::case::{Case, CaseNumber, decide_attach};

use super::{Circumstances, Desk, DeskError, Done, check_expected, refused};

impl Desk {
    /// Attaches a file that is stored already.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was changed.
    pub async fn attach(
        &self,
        actor: &Actor,
        number: &CaseNumber,
        command: &Attach,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let id = self.find(number).await?;
        let intent = self.intent(actor, circumstances);
        let step = |case: &Case| {
            check_expected(case, circumstances)?;
            let events = decide_attach(case, &intent, command);
            Ok((events.map_err(|no| refused(case, actor, no))?, intent.clone()))
        };
        let done = self.take(id, circumstances, step).await;
        self.or_answered_meanwhile(id, circumstances, done).await
    }

    /// Whether a file could be attached to a case as it is now, before anybody goes to the trouble
    /// of receiving or storing it. A request with a key may have been carried out before and be refused now; it
    /// is let through for the desk to look.
    ///
    /// # Errors
    /// [`DeskError`], as [`Desk::attach`] would refuse.
    pub fn may_attach(
        &self,
        case: &Case,
        actor: &Actor,
        command: &Attach,
        circumstances: &Circumstances,
    ) -> Result<(), DeskError> {
        let refusal = decide_attach(case, &self.intent(actor, circumstances), command).err();
        match refusal {
            Some(no) if no.is_forbidden() || circumstances.idempotency.is_none() => {
                Err(refused(case, actor, no))
            }
            _ => Ok(()),
        }
    }
}
