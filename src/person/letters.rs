//! Mails to somebody who is erased, and about their cases: those that wait, and those in the folder
//! where there is no mail server.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::journal::Journal;
use super::{PersonError, store};
use crate::accounts::AccountError;
use crate::desk::Desk;
use crate::mail::forget::{Whose, spooled, waiting};

/// Which mails: asked before what they are known by is gone.
pub(super) async fn of(
    desk: &Desk,
    cases: &[Uuid],
    identities: BTreeSet<Uuid>,
) -> Result<Whose, PersonError> {
    let mut numbers = Vec::with_capacity(cases.len());
    for case in cases {
        numbers.extend(store::received(desk.log().pool(), *case).await?.map(|(_, number)| number));
    }
    Ok(Whose { identities, numbers })
}

/// Takes them away. Doing it again does no harm.
pub(super) async fn forget(
    desk: &Desk,
    journal: &Journal,
    whose: &Whose,
) -> Result<(), PersonError> {
    waiting(desk.log(), whose).await?;
    let Some(folder) = journal.spool() else { return Ok(()) };
    let (vault, folder, whose) = (desk.log().vault().clone(), folder.to_owned(), whose.clone());
    let done = tokio::task::spawn_blocking(move || spooled(&vault, &folder, &whose)).await;
    let done = done.map_err(|_| AccountError::Unreadable)?;
    done.map_err(|(path, error)| PersonError::File { path, error })
}
