//! Erasing: first a line in the journal, then what they wrote in cases theirs were merged into, then
//! of every case the event that erases it, each with its keys overwritten in the same transaction,
//! then what followers had made of its words, then the tombstone. Whatever of that is broken off is
//! done when it is asked for again, or at the next start.

use std::collections::{BTreeSet, HashMap};

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::{Erase, ErasedPart};
use hoiam_domain::person::{Erased, PersonEvent};
use uuid::Uuid;

use super::find::{Person, by_id};
use super::journal::{Entry, Journal};
use super::record::{record, record_known, tombstones};
use super::{PersonError, elsewhere, letters, store};
use crate::accounts::{citizens, ties};
use crate::desk::{Desk, DeskError};
use crate::followers::Followers;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The person's id.
    pub person: Uuid,
    /// What.
    pub what: ErasedPart,
    /// The provision.
    pub legal_ground: String,
    /// Who does it.
    pub by: Actor,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whose.
    pub person: Uuid,
    /// Cases that were erased now.
    pub cases: usize,
}

/// Erases a person.
///
/// # Errors
/// [`PersonError`]; what was erased stays erased, and asking again does the rest.
pub async fn erase(
    desk: &Desk,
    journal: &Journal,
    request: &Request,
) -> Result<Erasure, PersonError> {
    let Person { id, cases, accounts, .. } = by_id(desk, request.person).await?;
    if store::is_filling(desk.log().pool()).await? {
        return Err(PersonError::Rebuilding);
    }
    for case in &cases {
        sealed(desk, *case).await?;
    }
    let entry = Entry {
        log: log_of(desk),
        at: desk.now(),
        person: id,
        cases,
        accounts: accounts.into_iter().collect(),
        what: request.what,
        legal_ground: request.legal_ground.clone(),
    };
    journal.add(&entry)?;
    let cases = carry_out(desk, journal, &entry, &entry.cases, &request.by).await?;
    Ok(Erasure { person: id, cases })
}

/// Does again what the journal says and the database does not know: after an old backup was put
/// back, or an erasure was broken off. Returns how many cases were erased.
///
/// # Errors
/// [`PersonError`]; calling again goes on.
pub async fn reapply(desk: &Desk, journal: &Journal) -> Result<usize, PersonError> {
    let by = Actor::system("reapply");
    let mut cases = 0;
    let own = log_of(desk);
    let mut asked: HashMap<Uuid, usize> = HashMap::new();
    for mut entry in journal.entries()?.into_iter().filter(|entry| entry.log == own) {
        let (mut open, mut there) = (Vec::new(), Vec::new());
        for case in std::mem::take(&mut entry.cases) {
            match desk.case(case).await {
                Ok(known) => {
                    there.push(case);
                    if !known.erased.as_ref().is_some_and(|e| e.covers(entry.what)) {
                        open.push(case);
                    }
                }
                // A case that came after the backup is not there to be erased.
                Err(DeskError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // The tombstone is the last of it: without one something may be left to do.
        let nth = asked.entry(entry.person).or_default();
        *nth += 1;
        let whole = tombstones(desk.log(), entry.person).await? >= *nth;
        let absent = there.is_empty() && !has_any(desk, &entry.accounts).await?;
        if open.is_empty() && (absent || whole) {
            continue;
        }
        if store::is_filling(desk.log().pool()).await? {
            return Err(PersonError::Rebuilding);
        }
        entry.cases = there;
        cases += carry_out(desk, journal, &entry, &open, &by).await?;
    }
    Ok(cases)
}

/// The name of the desk's log in journals: it comes back with every backup of it.
pub fn log_of(desk: &Desk) -> Uuid {
    desk.log().vault().identity("journal", "")
}

/// Whether the database knows one of some accounts, also one that was ended.
async fn has_any(desk: &Desk, accounts: &[Uuid]) -> Result<bool, PersonError> {
    for account in accounts {
        if ties::made_at(desk.log().pool(), *account).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The keyed hashes somebody is still known by.
async fn known_by(desk: &Desk, entry: &Entry) -> Result<BTreeSet<Uuid>, PersonError> {
    let pool = desk.log().pool();
    let mut known = BTreeSet::from([entry.person]);
    for case in &entry.cases {
        known.extend(store::identities_of(pool, *case).await?);
    }
    for account in &entry.accounts {
        known.extend(ties::identities_of(pool, *account).await?);
    }
    Ok(known)
}

/// Erases the cases of an entry that are open, and what is made of the words of all.
async fn carry_out(
    desk: &Desk,
    journal: &Journal,
    entry: &Entry,
    open: &[Uuid],
    by: &Actor,
) -> Result<usize, PersonError> {
    let command = Erase { what: entry.what, legal_ground: entry.legal_ground.clone() };
    // Mails and accounts first: by what cases were reported under, which is gone afterwards.
    let known = known_by(desk, entry).await?;
    let mails = letters::of(desk, &entry.cases, known.clone()).await?;
    letters::forget(desk, journal, &mails).await?;
    if entry.what == ErasedPart::Contact {
        // What they wrote is still theirs to have erased: whose it is can be told only now.
        let identities: Vec<Uuid> = known.iter().copied().collect();
        let of = (identities.as_slice(), entry.cases.as_slice());
        record_known(desk.log(), desk.random(), by, entry.person, of, desk.now()).await?;
    }
    let (theirs, times) = ((&*entry.accounts, &known), (entry.at, desk.now()));
    citizens::forget(desk.log(), desk.random(), by, theirs, times).await?;
    if entry.what == ErasedPart::Everything {
        for case in &entry.cases {
            elsewhere::erase(desk, *case, &command.legal_ground).await?;
        }
    }
    let erased = destroy(desk, open, &command).await?;
    forget(desk, &entry.cases, command.what).await?;
    // What was on its way meanwhile.
    letters::forget(desk, journal, &mails).await?;
    let event = PersonEvent::Erased(Erased {
        cases: entry.cases.clone(),
        what: entry.what,
        legal_ground: entry.legal_ground.clone(),
    });
    record(desk.log(), desk.random(), by, entry.person, &event, desk.now()).await?;
    Ok(erased)
}

/// Erases cases with everything in them, whoever wrote it, and what is made of their words. Returns
/// how many were not erased before.
pub(crate) async fn erase_cases(
    desk: &Desk,
    cases: &[Uuid],
    command: &Erase,
) -> Result<usize, PersonError> {
    // First what the case itself does not say: broken off here, it is found due again.
    if command.what == ErasedPart::Everything {
        for case in cases {
            elsewhere::erase_guests(desk, *case, &command.legal_ground).await?;
            elsewhere::erase(desk, *case, &command.legal_ground).await?;
        }
    }
    let erased = destroy(desk, cases, command).await?;
    forget(desk, cases, command.what).await?;
    Ok(erased)
}

/// The events that erase, with the keys overwritten.
async fn destroy(desk: &Desk, cases: &[Uuid], command: &Erase) -> Result<usize, PersonError> {
    let mut erased = 0;
    for case in cases {
        erased += usize::from(desk.erase(*case, command).await?);
    }
    Ok(erased)
}

/// What is made of the words of cases that were erased. Doing it again does no harm.
pub(crate) async fn forget(
    desk: &Desk,
    cases: &[Uuid],
    what: ErasedPart,
) -> Result<(), PersonError> {
    let log = desk.log();
    if what == ErasedPart::Everything {
        // Followers past the erasing events cannot write anything of the words any more.
        Followers::of(log).catch_up().await?;
        for case in cases {
            elsewhere::sweep(desk, *case).await?;
            store::forget_words(log.pool(), *case).await?;
        }
    }
    store::forget_identities(log.pool()).await?;
    store::scrub(log.pool()).await?;
    Ok(())
}

/// Whether a case's words can be erased at all.
async fn sealed(desk: &Desk, case: Uuid) -> Result<(), PersonError> {
    let log = desk.log();
    let stored = log.vault().stored(log.pool(), case).await;
    if stored.map_err(crate::log::LogError::from)?.is_some() {
        return elsewhere::sealed(desk, case).await;
    }
    Err(PersonError::Clear(desk.case(case).await?.number.to_string()))
}
