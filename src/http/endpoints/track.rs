//! `GET /api/v1/track/{tracking_code}`: a citizen's own case.

#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::Case;
use hoiam_domain::case::attachment::Attachment;
use hoiam_domain::case::party::Party;
use hoiam_domain::case::stage::Stage;
use hoiam_projections::timeline::Line;
use uuid::Uuid;

use crate::desk::{DeskError, read_event};
use crate::http::App;
use crate::http::params::Params;
use crate::http::path::TypedCode;
use crate::http::problem::Problem;
use crate::log::RecordedEvent;
use crate::queries::tracked;
use crate::tracking::TrackingCode;
use crate::vault::CaseKeys;

pub(crate) use view::Track;

/// What a citizen can do by tracking code.
pub(super) const COMMANDS: [&str; 6] = ["reply", "rate", "reopen", "appeal", "withdraw", "choose"];
/// Most lines of the timeline; a case has about twenty.
const LINES: u32 = 500;
/// Most merges followed from one case to the next.
const MERGES: usize = 8;

/// What a tracking code opened.
pub(super) struct Opened {
    /// SHA-256 of the code.
    pub(super) code_hash: String,
    /// The case it was given for.
    pub(super) own: Arc<Case>,
    /// The case that goes on: the same, unless it was merged.
    pub(super) going_on: Arc<Case>,
    /// The citizen as a party of the case that goes on.
    pub(super) actor: Actor,
    /// The citizen as a party of the case the code was given for.
    pub(super) owner: Actor,
}

impl Opened {
    /// A citizen, who is the party `party` of their own case, in the case that goes on.
    fn of(own: Arc<Case>, going_on: Arc<Case>, party: &str, code_hash: String) -> Self {
        let owner = Actor::new(Role::Citizen, party);
        match same_party(&going_on, &code_hash) {
            // In the case that goes on the party has another id, but the same code.
            Some(there) => {
                let actor = Actor::new(Role::Citizen, there.id.clone());
                Self { code_hash, own, going_on, actor, owner }
            }
            // There the same id is somebody else: the own case is all they see.
            None => Self { code_hash, going_on: own.clone(), own, actor: owner.clone(), owner },
        }
    }

    /// The citizen in their own case.
    fn party(&self) -> Option<&Party> {
        self.own.parties.iter().find(|party| party.id == self.owner.id)
    }

    /// The files the citizen may see, each with its case: of the own one, then of the one it went
    /// into.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Case, &Attachment)> {
        let merged = self.own.id != self.going_on.id;
        let later = merged.then_some((&self.going_on, &self.actor));
        let cases = [(&self.own, &self.owner)].into_iter().chain(later);
        cases.flat_map(|(case, citizen)| {
            let all = case.attachments.iter().filter(|file| file.is_for(citizen));
            all.map(|file| (&**case, file))
        })
    }
}

/// The citizen's view: where the case stands, who has it and until when, what happened, what was
/// answered. Unknown and malformed codes are the same: not found.
#[utoipa::path(
    get, path = "/api/v1/track/{tracking_code}", tag = "citizens",
    params(("tracking_code" = String, Path, description = "As given on receipt; hyphens and case do not matter")),
    responses(
        (status = 200, description = "The case", body = Track),
        (status = 404, description = "No case has this code", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    params: Params,
) -> Result<Json<Track>, Problem> {
    params.only(&[])?;
    let opened = opened(&app, &typed).await?;
    shown(&app, &opened).await.map(Json)
}

/// What a citizen sees of a case.
pub(super) async fn shown(app: &App, opened: &Opened) -> Result<Track, Problem> {
    let recorded =
        app.desk.log().read_stream(opened.own.id, 0, LINES).await.map_err(DeskError::from)?;
    let stored = recorded.last().and_then(|event| event.keys.as_ref());
    let keys = app.desk.log().vault().keys(opened.own.id, stored);
    let lines = recorded.iter().map(|event| line(&keys, event)).collect::<Result<Vec<_>, _>>()?;
    Ok(view::of(opened, &lines, &app.desk.rules().directory))
}

fn line(keys: &CaseKeys, recorded: &RecordedEvent) -> Result<Line, DeskError> {
    let (event, meta) = read_event(keys, recorded)?;
    Ok(Line::of(&event, &meta))
}

/// The case of a code. A malformed code is looked up like any other, so that both take as long.
pub(super) async fn opened(app: &App, typed: &str) -> Result<Opened, Problem> {
    let code = TrackingCode::read(typed).unwrap_or_else(|| TrackingCode::derive(&[0; 16], ""));
    let code_hash = code.hash();
    let found = tracked(app.desk.log().pool(), &code_hash).await.map_err(DeskError::from)?;
    let found = found.ok_or_else(|| Problem::no_such_case().field("tracking_code"))?;
    let own = app.desk.case(found.case_id).await?;
    let going_on = going_on(app, &own).await?;
    Ok(Opened::of(own, going_on, &found.party, code_hash))
}

/// The party with a tracking code of this hash. Without one nobody is found: cases of other systems
/// may have reporters without a code.
fn same_party<'a>(case: &'a Case, code_hash: &str) -> Option<&'a Party> {
    case.parties.iter().find(|party| !code_hash.is_empty() && party.tracking_hash == code_hash)
}

/// The case of a signed-in citizen, as the party they are of it. Whoever is no party of it has no
/// such case.
pub(super) async fn opened_as(app: &App, case: Uuid, party: &str) -> Result<Opened, Problem> {
    let own = app.desk.case(case).await?;
    let going_on = going_on(app, &own).await?;
    // Who is known by the contact of a report is its own reporter.
    let theirs = own.parties.iter().find(|one| party.is_empty() || one.id == party);
    let theirs = theirs.ok_or_else(|| Problem::no_such_case().field("number"))?;
    let (id, code_hash) = (theirs.id.clone(), theirs.tracking_hash.clone());
    Ok(Opened::of(own, going_on, &id, code_hash))
}

/// The case that goes on: the same, unless it was merged.
async fn going_on(app: &App, own: &Arc<Case>) -> Result<Arc<Case>, Problem> {
    let mut going_on = own.clone();
    for _ in 0..MERGES {
        let Stage::Merged { into, .. } = going_on.work.stage else { break };
        going_on = app.desk.case(into).await?;
    }
    Ok(going_on)
}
