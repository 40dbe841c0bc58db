//! What people wrote in cases that are not theirs: those theirs were merged into. There it stands
//! under a key of their own ([`crate::vault::guest_keys`]), also after the merge was undone, so that
//! it goes with them and with nobody else.

use std::collections::{BTreeSet, VecDeque};

use hoiam_domain::actor::Role;
use hoiam_domain::case::party::came_with;
use hoiam_domain::case::{CaseNumber, Event};
use uuid::Uuid;

use super::PersonError;
use crate::attachments::sweep;
use crate::desk::{Desk, read_sealed};
use crate::log::{LogError, RecordedEvent};

/// Events read at once.
const PAGE: u32 = 500;
/// A case never went through more merges than this.
const MOST: usize = 1_000;

/// The cases in which the reporter of a case may have written: those it was ever merged into, and
/// those that were merged further, whatever was undone since.
pub(super) async fn hosts(desk: &Desk, case: Uuid) -> Result<Vec<Uuid>, PersonError> {
    let mut seen = BTreeSet::from([case]);
    let (mut to_ask, mut hosts) = (VecDeque::from([case]), Vec::new());
    while let Some(case) = to_ask.pop_front() {
        for into in merged_into(desk, case).await? {
            if seen.insert(into) {
                to_ask.push_back(into);
                hosts.push(into);
            }
        }
        if hosts.len() > MOST {
            return Err(PersonError::TooMany { cases: hosts.len() });
        }
    }
    Ok(hosts)
}

async fn merged_into(desk: &Desk, case: Uuid) -> Result<Vec<Uuid>, PersonError> {
    let mut into = Vec::new();
    each(desk, case, |recorded| {
        if recorded.kind == "case.merged"
            && let (Event::Merged(merged), _) = read_sealed(recorded)?
        {
            into.push(merged.into);
        }
        Ok(())
    })
    .await?;
    Ok(into)
}

/// Erases what the reporter of a case wrote in others. Doing it again does no harm.
pub(super) async fn erase(desk: &Desk, case: Uuid, legal_ground: &str) -> Result<(), PersonError> {
    let hosts = hosts(desk, case).await?;
    if hosts.is_empty() {
        return Ok(());
    }
    let number = desk.case(case).await?.number.clone();
    for host in hosts {
        desk.erase_party(host, (case, &number), legal_ground).await?;
    }
    Ok(())
}

/// Erases what reporters of other cases wrote in this one: it was kept long enough.
pub(super) async fn erase_guests(
    desk: &Desk,
    case: Uuid,
    legal_ground: &str,
) -> Result<(), PersonError> {
    let log = desk.log();
    let stored = log.vault().stored(log.pool(), case).await.map_err(LogError::from)?;
    let guests = log.vault().keys(case, stored.as_ref()).guests().map_err(LogError::from)?;
    for guest in guests {
        let number = desk.case(guest).await?.number.clone();
        desk.erase_party(case, (guest, &number), legal_ground).await?;
    }
    Ok(())
}

/// The files that were erased, of a case and of those its reporter wrote in, go with the next round.
pub(super) async fn sweep(desk: &Desk, case: Uuid) -> Result<(), PersonError> {
    for case in std::iter::once(case).chain(hosts(desk, case).await?) {
        sweep::erased(desk.log().pool(), &*desk.case(case).await?).await?;
    }
    Ok(())
}

/// Whether what the reporter of a case wrote in others can be erased at all.
pub(super) async fn sealed(desk: &Desk, case: Uuid) -> Result<(), PersonError> {
    let log = desk.log();
    for host in hosts(desk, case).await? {
        let stored = log.vault().stored(log.pool(), host).await.map_err(LogError::from)?;
        if stored.is_none() && wrote(desk, host, &desk.case(case).await?.number).await? {
            return Err(PersonError::Clear(desk.case(host).await?.number.to_string()));
        }
    }
    Ok(())
}

/// Whether the reporter of the case with a number wrote in another.
async fn wrote(desk: &Desk, host: Uuid, number: &CaseNumber) -> Result<bool, PersonError> {
    let mut wrote = false;
    each(desk, host, |recorded| {
        let (_, meta) = read_sealed(recorded)?;
        let actor = &meta.actor;
        wrote |= actor.role == Role::Citizen && came_with(&actor.id).as_ref() == Some(number);
        Ok(())
    })
    .await?;
    Ok(wrote)
}

/// Looks at every event of a case, in order.
async fn each(
    desk: &Desk,
    case: Uuid,
    mut look: impl FnMut(&RecordedEvent) -> Result<(), PersonError> + Send,
) -> Result<(), PersonError> {
    let mut after = 0;
    loop {
        let page = desk.log().read_stream(case, after, PAGE).await?;
        page.iter().try_for_each(&mut look)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.version;
    }
}
