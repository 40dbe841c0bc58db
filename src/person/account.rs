//! Their accounts as citizens, for the export: when made, how they sign in, sessions, cases.

use std::collections::BTreeSet;

use hoiam_domain::actor::Actor;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::export::EventExport;
use super::find::is_secret;
use super::{PersonError, store};
use crate::accounts::ties;
use crate::desk::Desk;
use crate::log::AppendError;

/// Events read at once.
const PAGE: u32 = 500;

/// An account.
#[derive(Clone, Debug, Serialize)]
pub struct AccountExport {
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    pub made_at: Option<Timestamp>,
    /// What is proven of it, and by whom: how they sign in. Kept as keyed hashes only.
    pub proven: Vec<ProvenExport>,
    /// Where they are signed in.
    pub sessions: Vec<SessionExport>,
    /// The cases in its list.
    pub cases: Vec<FollowedExport>,
    /// Its history.
    pub events: Vec<EventExport>,
}

/// Something that is proven.
#[derive(Clone, Debug, Serialize)]
pub struct ProvenExport {
    /// `email`, `phone` or `national_number`.
    pub kind: String,
    /// `mail`, or the name of the provider that vouches.
    pub by: String,
    /// When last.
    pub at: Timestamp,
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionExport {
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// The provider that vouched; none: a mail.
    pub provider: Option<String>,
}

/// A case in the list of an account.
#[derive(Clone, Debug, Serialize)]
pub struct FollowedExport {
    /// Its number.
    pub number: String,
    /// Since when.
    pub at: Timestamp,
    /// They reported it; otherwise they showed its tracking code, and it is whoever's reported it.
    pub reported: bool,
}

/// What is held about an account, without denunciations but for those that are `given` anyway.
pub(super) async fn told(
    desk: &Desk,
    id: Uuid,
    given: &BTreeSet<Uuid>,
) -> Result<AccountExport, PersonError> {
    let pool = desk.log().pool();
    let held = ties::held(pool, id).await?;
    let (mut cases, mut left_out) = (Vec::with_capacity(held.cases.len()), Vec::new());
    for followed in held.cases {
        let found = store::received(pool, followed.case).await?;
        let (_, number) = found.ok_or(PersonError::Missing(followed.case))?;
        if !given.contains(&followed.case) && is_secret(desk, followed.case).await? {
            left_out.extend([followed.case.to_string(), number]);
            continue;
        }
        cases.push(FollowedExport { number, at: followed.at, reported: followed.reported });
    }
    let proven = held.proven.into_iter().map(|one| ProvenExport {
        kind: one.kind,
        by: one.source,
        at: one.at,
    });
    let sessions = held.sessions.into_iter().map(|one| SessionExport {
        began_at: one.at,
        seen_at: one.seen_at,
        provider: one.provider,
    });
    Ok(AccountExport {
        id,
        made_at: ties::made_at(pool, id).await?,
        proven: proven.collect(),
        sessions: sessions.collect(),
        cases,
        events: events(desk, id, &left_out).await?,
    })
}

/// Its history, without what names one of the cases left out by id or number.
async fn events(
    desk: &Desk,
    id: Uuid,
    left_out: &[String],
) -> Result<Vec<EventExport>, PersonError> {
    let unreadable = |error: serde_json::Error| AppendError::Invalid(error.to_string());
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = desk.log().read_stream(id, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.version;
        for recorded in &page {
            if left_out.iter().any(|name| recorded.payload.contains(name.as_str())) {
                continue;
            }
            let by: Actor = serde_json::from_str(&recorded.actor).map_err(unreadable)?;
            all.push(EventExport {
                position: recorded.position,
                kind: recorded.kind.clone(),
                occurred_at: recorded.occurred_at,
                role: by.role.to_string(),
                data: recorded.decode().map_err(unreadable)?,
            });
        }
    }
}
