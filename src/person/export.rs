//! Everything held about a person, for them: their cases as they stand, and every event of them in
//! clear; and their files ([`write_files`]).

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::reveal;
use hoiam_domain::person::{Exported, PersonEvent};
use hoiam_projections::case_page::CasePage;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

pub use super::export_files::{FileExport, write_files};

use super::PersonError;
use super::find::by_id;
use super::record::record;
use crate::desk::{Desk, read_event};

/// Events read at once.
const PAGE: u32 = 500;

/// Everything held about a person.
#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// Their id.
    pub person: Uuid,
    /// When it was put together.
    pub exported_at: Timestamp,
    /// Under how many telephone numbers and e-mail addresses they are known.
    pub identities: usize,
    /// Their cases, the first first.
    pub cases: Vec<CaseExport>,
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

/// Puts together everything held about a person, and records that it was.
///
/// # Errors
/// [`PersonError`].
pub async fn export(desk: &Desk, person: Uuid, by: &Actor) -> Result<Export, PersonError> {
    let found = by_id(desk, person).await?;
    let mut cases = Vec::with_capacity(found.cases.len());
    for id in &found.cases {
        let case = CasePage::of(&*desk.case(*id).await?);
        cases.push(CaseExport { case, events: events(desk, *id).await?, files: None });
    }
    let event = PersonEvent::Exported(Exported { cases: cases.len() as u64 });
    record(desk.log(), desk.random(), by, found.id, &event, desk.now()).await?;
    Ok(Export {
        person: found.id,
        exported_at: desk.now(),
        identities: found.identities.len(),
        cases,
    })
}

/// Without the keys of files, which are for the server alone.
fn told(mut data: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = data.as_object_mut() {
        fields.remove("key");
    }
    data
}

async fn events(desk: &Desk, case: Uuid) -> Result<Vec<EventExport>, PersonError> {
    let (log, mut all, mut after) = (desk.log(), Vec::new(), 0);
    loop {
        let page = log.read_stream(case, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.version;
        let keys = log.vault().keys(case, last.keys.as_ref());
        for recorded in &page {
            let (event, meta) = read_event(&keys, recorded)?;
            all.push(EventExport {
                position: recorded.position,
                kind: recorded.kind.clone(),
                occurred_at: recorded.occurred_at,
                role: meta.actor.role.to_string(),
                data: told(reveal(&event)?),
            });
        }
    }
}
