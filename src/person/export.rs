//! Everything held about a person, for them: their cases as they stand, and every event of them in
//! clear; their accounts; and their files ([`write_files`]). Denunciations are left out, unless two
//! members of the group of the sealed stream agreed that who made one be known.

use std::collections::{BTreeMap, BTreeSet};

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::reveal;
use hoiam_domain::case::{Case, evolve};
use hoiam_domain::person::{Exported, PersonEvent};
use hoiam_projections::case_page::CasePage;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

pub use super::export_files::{FileExport, write_files};

use super::PersonError;
use super::account::{self, AccountExport};
use super::elsewhere::hosts;
use super::find::{Person, by_id, is_secret};
use super::record::record;
use super::store::identities_of;
use crate::desk::{Desk, read_event_with};
use crate::sealed::reading::hand_out;

/// Events read at once.
const PAGE: u32 = 500;

/// Approved requests to know who made a denunciation, by the number of its case.
pub type Granted = BTreeMap<String, u64>;

/// What every export says, whether there are any or not: else it would say that there are.
pub const DENUNCIATIONS: &str = "Đơn tố cáo, nếu có, không nằm trong bản này, trừ đơn mà hai người của tổ hồ sơ mật \
     đã chấp thuận mở (--reveal SỐ=YÊU CẦU). · Denunciations, if there are any, are not in this, but for those two \
     members of the group of the sealed stream agreed to open (--reveal NUMBER=REQUEST).";

/// Everything held about a person.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// Their id.
    pub person: Uuid,
    /// When it was put together.
    pub exported_at: Timestamp,
    /// Under how many telephone numbers and e-mail addresses they are known.
    pub identities: usize,
    /// What is left out: [`DENUNCIATIONS`].
    pub left_out: &'static str,
    /// Their cases, the first first.
    pub cases: Vec<CaseExport>,
    /// Their accounts as citizens.
    pub accounts: Vec<AccountExport>,
    /// What they wrote in cases theirs were merged into.
    pub elsewhere: Vec<ElsewhereExport>,
}

/// What they wrote in another person's case.
#[derive(Clone, Debug, Serialize)]
pub struct ElsewhereExport {
    /// Its number.
    pub number: String,
    /// What they did there.
    pub events: Vec<EventExport>,
    /// Files they sent there, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileExport>>,
}

/// A case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseExport {
    /// As it stands.
    pub case: CasePage,
    /// Its history.
    pub events: Vec<EventExport>,
    /// Its files, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileExport>>,
}

/// An event of a case.
#[derive(Clone, Debug, Serialize)]
pub struct EventExport {
    /// Its position in the log.
    pub position: u64,
    /// What happened.
    pub kind: String,
    /// When.
    pub occurred_at: Timestamp,
    /// In which role somebody did it; who, is another person's datum.
    pub role: String,
    /// Its fields, in clear.
    pub data: serde_json::Value,
}

/// Puts together everything held about a person but denunciations, and records that it was.
///
/// # Errors
/// [`PersonError`].
pub async fn export(desk: &Desk, person: Uuid, by: &Actor) -> Result<Export, PersonError> {
    export_granted(desk, person, by, &Granted::new()).await
}

/// As [`export`], with the denunciations of which an approved request is named. Each request is
/// used up by it, as a reading is, and the reading recorded before anything is given.
///
/// # Errors
/// [`PersonError`]; a request may be used up.
pub async fn export_granted(
    desk: &Desk,
    person: Uuid,
    by: &Actor,
    granted: &Granted,
) -> Result<Export, PersonError> {
    let found = asked_for(desk, person).await?;
    let own = given(desk, &found, by, granted).await?;
    let (mut cases, mut elsewhere) = (Vec::with_capacity(own.len()), Vec::new());
    let mut seen = own.clone();
    for id in found.cases.iter().filter(|id| own.contains(id)) {
        let (case, events) = told(desk, *id, &own, false).await?;
        let case = CasePage::of(&case);
        cases.push(CaseExport { case, events, files: None });
        for host in hosts(desk, *id).await? {
            if !seen.insert(host) || is_secret(desk, host).await? {
                continue;
            }
            let (case, events) = told(desk, host, &own, true).await?;
            if !events.is_empty() {
                let number = case.number.to_string();
                elsewhere.push(ElsewhereExport { number, events, files: None });
            }
        }
    }
    let mut accounts = Vec::with_capacity(found.accounts.len());
    for id in &found.accounts {
        accounts.push(account::told(desk, *id, &own).await?);
    }
    let event = PersonEvent::Exported(Exported { cases: cases.len() as u64 });
    record(desk.log(), desk.random(), by, found.id, &event, desk.now()).await?;
    Ok(Export {
        person: found.id,
        exported_at: desk.now(),
        identities: found.identities.len(),
        left_out: DENUNCIATIONS,
        cases,
        accounts,
        elsewhere,
    })
}

/// Somebody by their id; by a denunciation's nothing but that, for what else is theirs would say
/// who they are.
async fn asked_for(desk: &Desk, person: Uuid) -> Result<Person, PersonError> {
    let found = by_id(desk, person).await?;
    if !found.cases.contains(&person) || !is_secret(desk, person).await? {
        return Ok(found);
    }
    let identities = identities_of(desk.log().pool(), person).await?.into_iter().collect();
    Ok(Person { id: person, identities, cases: vec![person], accounts: BTreeSet::new() })
}

/// Those of their cases that are given: all but denunciations of which no request is named. Of the
/// others the reading is recorded now.
async fn given(
    desk: &Desk,
    found: &Person,
    by: &Actor,
    granted: &Granted,
) -> Result<BTreeSet<Uuid>, PersonError> {
    let (mut own, mut secret) = (BTreeSet::new(), BTreeMap::new());
    for id in &found.cases {
        let case = desk.case(*id).await?;
        match case.is_denunciation() {
            true => secret.insert(case.number.to_string(), case).is_none(),
            false => own.insert(*id),
        };
    }
    if let Some(other) = granted.keys().find(|number| !secret.contains_key(*number)) {
        return Err(PersonError::NotTheirs(other.clone()));
    }
    for (number, request) in granted {
        if let Some(case) = secret.get(number)
            && hand_out(desk, by, case, Some(*request), None).await?
        {
            own.insert(case.id);
        }
    }
    Ok(own)
}

/// Without the keys of files, which are for the server alone.
fn told_of(mut data: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = data.as_object_mut() {
        fields.remove("key");
    }
    data
}

/// A case and its events, without what reporters of other cases wrote in it, but for those of `own`;
/// or what these wrote alone.
async fn told(
    desk: &Desk,
    id: Uuid,
    own: &BTreeSet<Uuid>,
    alone: bool,
) -> Result<(Case, Vec<EventExport>), PersonError> {
    let (log, mut case, mut all, mut after) = (desk.log(), None, Vec::new(), 0);
    loop {
        let page = log.read_stream(id, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok((case.ok_or(PersonError::Missing(id))?, all));
        };
        after = last.version;
        let seal = log.vault().keys(id, last.keys.as_ref()).before(own.clone());
        for recorded in &page {
            let (event, meta) = read_event_with(&seal, recorded)?;
            if !alone || meta.actor.reported.is_some_and(|reported| own.contains(&reported)) {
                all.push(EventExport {
                    position: recorded.position,
                    kind: recorded.kind.clone(),
                    occurred_at: recorded.occurred_at,
                    role: meta.actor.role.to_string(),
                    data: told_of(reveal(&event)?),
                });
            }
            case = evolve(case, &event, &meta);
        }
    }
}
