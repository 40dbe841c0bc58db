//! `POST /api/v1/cases/{number}/reveal`: reading what is sealed, with a reason; below it deciding
//! about a request and reading what was granted.

pub(crate) mod answer;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hoiam_domain::actor::Role;
use hoiam_domain::case::Case;
use hoiam_domain::private::Private;
use hoiam_domain::sealed::requests::Asked;
use hoiam_domain::sealed::{RevealEvent, SealedField};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answers::visible_case;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::body::JsonBody;
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::sealed::SealedError;
use crate::sealed::reading::{self, Wanted};

/// What is to be read, and why.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevealAsked {
    /// Each once: `contact`, `content`.
    fields: Vec<SealedField>,
    /// 10 to 500 characters; stays in the log, with personal data covered.
    reason: String,
}

/// What was read, or the request that another member has to grant.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Revealed {
    /// Case number.
    number: String,
    /// `read`, or `asked`: another member has to agree first.
    status: &'static str,
    /// The request: what to approve, and then to read.
    request: Option<u64>,
    /// Until when it can be approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Who reported it.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Vec<Reporter>>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

/// Somebody who reported it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Reporter {
    /// Which party of the case.
    id: String,
    /// Name as given.
    name: Option<String>,
    /// Telephone number as given.
    phone: Option<String>,
    /// E-mail address as given.
    email: Option<String>,
}

/// What a sealed case says.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Content {
    /// What the citizen wrote.
    text: String,
    /// Address as given.
    address: Option<String>,
    /// Latitude.
    lat: Option<f64>,
    /// Longitude.
    lon: Option<f64>,
    /// The last question to the citizen.
    question: Option<String>,
    /// The last progress note.
    progress: Option<String>,
    /// What was done.
    resolution: Option<String>,
    /// What was answered.
    answer: Option<String>,
    /// Why it was refused.
    refusal: Option<String>,
}

/// Requests to know who reported a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Requests {
    /// The oldest first.
    items: Vec<RequestView>,
}

/// A request.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RequestView {
    /// What to approve, refuse or read.
    request: u64,
    /// Who asked.
    by: String,
    /// For what.
    fields: Vec<SealedField>,
    /// Why.
    reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Until when it can be approved, or read once it is.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// `waiting`, `approved`, `refused`, `read` or `expired`.
    status: &'static str,
    /// Who approved or refused it.
    decided_by: Option<String>,
}

/// Reads what is sealed in a case: the contact of a reporter who wishes to be hidden, or what a
/// denunciation says. Who a denouncer is takes another member of the group as well: the answer is
/// 202 with a request. Each reading, each request and each refusal is an event.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/reveal", tag = "cases",
    request_body = RevealAsked,
    params(("number" = String, Path, description = "Case number, hyphens and case do not matter")),
    responses(
        (status = 200, description = "Read", body = Revealed),
        (status = 202, description = "Another member has to agree", body = Revealed),
        (status = 403, description = "Not this reader's to know", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such case, or none the caller may see", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong, or not sealed", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(actor): Staff,
    Number(number): Number,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let RevealAsked { fields, reason } = body.read()?;
    let case = visible_case(&app, &actor, &number).await?;
    let desk = app.desk.clone();
    let wanted = Wanted::Ask(fields, reason);
    to_the_end(async move {
        let (version, event) = reading::take(&desk, &actor, &case, &wanted).await?;
        Ok::<_, SealedError>(told(&case, version, &event))
    })
    .await
}

/// The answer to an event that is stored: what was read, or which request now waits.
fn told(case: &Case, version: u64, event: &RevealEvent) -> Response {
    let number = case.number.to_string();
    match event {
        RevealEvent::Asked(asked) => {
            let (request, until) = (Some(version), Some(asked.until));
            let (contact, content) = (None, None);
            let waits = Revealed { number, status: "asked", request, until, contact, content };
            (StatusCode::ACCEPTED, Json(waits)).into_response()
        }
        RevealEvent::Read(read) => {
            let has = |field| read.fields.contains(&field);
            Json(Revealed {
                number,
                status: "read",
                request: read.request,
                until: None,
                contact: has(SealedField::Contact).then(|| reporters(case)),
                content: has(SealedField::Content).then(|| content(case)),
            })
            .into_response()
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// A text, unless there is none or it was erased.
fn clear<S>(text: Option<&Private<String, S>>) -> Option<String> {
    text.filter(|text| !text.is_erased()).map(|text| text.reveal().clone())
}

fn reporters(case: &Case) -> Vec<Reporter> {
    let view = |party: &hoiam_domain::case::party::Party| Reporter {
        id: party.id.clone(),
        name: clear(party.contact.name.as_ref()),
        phone: clear(party.contact.phone.as_ref()),
        email: clear(party.contact.email.as_ref()),
    };
    case.parties.iter().map(view).collect()
}

fn content(case: &Case) -> Content {
    let (work, place) = (&case.work, case.location.as_ref());
    Content {
        text: case.text.reveal().clone(),
        address: clear(place.and_then(|place| place.address.as_ref())),
        lat: place.and_then(|place| place.lat),
        lon: place.and_then(|place| place.lon),
        question: clear(work.question.as_ref()),
        progress: clear(work.progress.as_ref().map(|progress| &progress.note)),
        resolution: clear(work.resolution.as_ref().map(|resolution| &resolution.note)),
        answer: clear(work.answer.as_ref()),
        refusal: clear(work.refusal.as_ref()),
    }
}

/// The requests to know who reported a sealed case, for members of the group.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/reveal", tag = "cases",
    params(("number" = String, Path, description = "Case number, hyphens and case do not matter")),
    responses(
        (status = 200, description = "The requests", body = Requests),
        (status = 404, description = "No such case, or none the caller may see", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<Requests>, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &reader, &number).await?;
    if !(reader.role == Role::Coordinator && reader.in_group) {
        return Err(Problem::from(SealedError::from(
            hoiam_domain::sealed::RevealRejection::NotAllowed,
        )));
    }
    let requests = reading::requests(app.desk.log(), case.id).await?;
    let now = app.desk.now();
    let items = requests.asked.iter().map(|(request, asked)| view(*request, asked, now));
    Ok(Json(Requests { items: items.collect() }))
}

fn view(request: u64, asked: &Asked, now: Timestamp) -> RequestView {
    let status = match asked {
        Asked { read: true, .. } => "read",
        Asked { approved: false, decided_by: Some(_), .. } => "refused",
        Asked { until, .. } if *until <= now => "expired",
        Asked { approved: true, .. } => "approved",
        _ => "waiting",
    };
    RequestView {
        request,
        by: asked.by.clone(),
        fields: asked.fields.clone(),
        reason: asked.reason.clone(),
        at: asked.at,
        until: asked.until,
        status,
        decided_by: asked.decided_by.clone(),
    }
}
