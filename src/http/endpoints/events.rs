//! `GET /api/v1/cases/{number}/events`: what the log holds of a case.

use axum::Json;
use axum::extract::State;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::Case;
use hoiam_domain::case::codec::reveal;
use hoiam_domain::case::publicity::without_hidden;
use hoiam_domain::routing::Directory;
use hoiam_projections::timeline::Line;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::answers::{told, visible_case};
use crate::desk::{DeskError, read_event};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;
use crate::log::RecordedEvent;
use crate::tracking::hex;
use crate::vault::Vault;

/// A page of events.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Events {
    /// The events, oldest first.
    items: Vec<EventView>,
    /// What to pass as `after` for the next page; null at the end.
    next: Option<u64>,
}

/// One event.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct EventView {
    /// Its place in the case, from 1.
    version: u64,
    /// Its place in the whole log, from 1.
    position: u64,
    /// Its kind.
    kind: String,
    /// Version of the shape of its fields.
    schema: u16,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Who did it.
    actor: Actor,
    /// What happened, in Vietnamese.
    vi: String,
    /// What happened, in English.
    en: String,
    /// Its fields, without what the reader may not know.
    #[schema(value_type = Object)]
    data: Value,
    /// Its leaf of the log's tree: SHA-256 over a zero byte and the stored bytes.
    leaf_hash: String,
}

/// The events of a case.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/events", tag = "cases",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("after" = Option<u64>, Query, description = "Only events after this version"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 if not given"),
    ),
    responses(
        (status = 200, description = "A page of events", body = Events),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<Events>, Problem> {
    params.only(&["after", "limit"])?;
    let after: u32 = params.parsed("after", "the version of an event")?.unwrap_or(0);
    let limit = params.limit()?;
    let case = visible_case(&app, &reader, &number).await?;
    let (log, rules) = (app.desk.log(), app.desk.rules());
    let recorded =
        log.read_stream(case.id, u64::from(after), limit).await.map_err(DeskError::from)?;
    let items = recorded
        .into_iter()
        .map(|event| view(log.vault(), event, &case, &reader, &rules.directory))
        .collect::<Result<Vec<_>, DeskError>>()?;
    let next = items.last().map(|event| event.version).filter(|last| *last < case.version);
    Ok(Json(Events { items, next }))
}

fn view(
    vault: &Vault,
    recorded: RecordedEvent,
    case: &Case,
    reader: &Actor,
    directory: &Directory,
) -> Result<EventView, DeskError> {
    let (event, meta) =
        read_event(&vault.keys(recorded.stream, recorded.keys.as_ref()), &recorded)?;
    let mut data = reveal(&event)?;
    mask(&mut data, case, reader);
    let line = Line::of(&event, &meta);
    Ok(EventView {
        version: recorded.version,
        position: recorded.position,
        kind: recorded.kind,
        schema: recorded.schema,
        occurred_at: recorded.occurred_at,
        recorded_at: recorded.recorded_at,
        actor: meta.actor,
        vi: told(&line.vi, directory),
        en: told(&line.en, directory),
        data,
        leaf_hash: hex(&recorded.leaf_hash),
    })
}

/// Takes away what the case's page would not show this reader either: how to reach reporters, and
/// who is complained of. Hashes of tracking codes are nobody's business.
fn mask(data: &mut Value, case: &Case, reader: &Actor) {
    let desk = matches!(reader.role, Role::Operator | Role::Coordinator | Role::System);
    let told = (desk || reader.role.belongs_to_agency()) && !case.confidential;
    let Value::Object(fields) = data else { return };
    // What a denunciation says is read with a reason, not here.
    if case.is_denunciation() {
        fields.clear();
        return;
    }
    if !desk {
        fields.remove("accused");
    }
    // The key of a file is for the server alone; files are read by their own route.
    fields.remove("key");
    let strip = |party: &mut Value| {
        let Value::Object(party) = party else { return };
        party.remove("tracking_hash");
        let anonymous = party.get("anonymous").and_then(Value::as_bool).unwrap_or(true);
        // What they say of it now counts as well.
        let id = party.get("id").and_then(Value::as_str).unwrap_or_default();
        let hidden = case.parties.iter().any(|one| one.id == id && one.anonymous);
        if anonymous || hidden || !told {
            party.remove("contact");
        }
    };
    // The citizen's own words, without who wishes to be hidden.
    for field in ["text", "comment", "reason"] {
        let Some(Value::String(text)) = fields.get_mut(field).filter(|_| !desk) else { continue };
        if let Some(covered) = without_hidden(case, text) {
            *text = covered;
        }
    }
    if let Some(reporter) = fields.get_mut("reporter") {
        strip(reporter);
    }
    // The reporters of a case that was merged in.
    if let Some(Value::Array(parties)) = fields.get_mut("parties") {
        parties.iter_mut().for_each(strip);
    }
}
