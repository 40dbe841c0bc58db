//! `POST /api/v1/feedback`: a citizen's feedback becomes a case.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use hoiam_domain::codes::CategoryCode;
use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::time::{Calendars, Span};
use jiff::Timestamp;
use serde::Deserialize;

use super::citizen::cases::follow;
use crate::desk::{Feedback, IdempotencyKey, Received, Reporter};
use crate::http::App;
use crate::http::auth::Caller;
use crate::http::body::JsonBody;
use crate::http::headers::{REPLAYED, etag, idempotency_key};
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::session::SignedCitizen;

/// Most attributes of one feedback.
const ATTRIBUTES: usize = 20;
/// Longest name or value of an attribute, in characters.
const ATTRIBUTE: usize = 100;

/// A feedback.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackBody {
    /// How it came in.
    channel: Channel,
    /// The kind, where the citizen or operator chose it.
    #[serde(default)]
    kind: Option<Kind>,
    /// What the citizen wrote or said, 1 to 20,000 characters.
    text: String,
    /// Where it is.
    #[serde(default)]
    location: Option<LocationBody>,
    /// Who reports.
    #[serde(default)]
    reporter: Option<ReporterBody>,
    /// The reporter's name is shown to nobody but the desk.
    #[serde(default)]
    anonymous: Option<bool>,
    /// The citizen allows publication.
    #[serde(default)]
    public: Option<bool>,
    /// When the desk learnt of it, if not now; not in the future.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
    /// The category, where somebody chose it.
    #[serde(default)]
    category: Option<CategoryCode>,
    /// What is known about the thing concerned, e.g. `road_class`: answers to a verdict's question.
    #[serde(default)]
    attributes: Option<BTreeMap<String, String>>,
}

/// Where it is: a point, an address, or both.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocationBody {
    /// Latitude in degrees (WGS 84), with `lon`.
    #[serde(default)]
    pub(super) lat: Option<f64>,
    /// Longitude in degrees (WGS 84), with `lat`.
    #[serde(default)]
    pub(super) lon: Option<f64>,
    /// Address as given.
    #[serde(default)]
    pub(super) address: Option<String>,
}

/// Who reports; anything may be left out.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReporterBody {
    /// Name.
    #[serde(default)]
    name: Option<String>,
    /// Telephone.
    #[serde(default)]
    phone: Option<String>,
    /// E-mail.
    #[serde(default)]
    email: Option<String>,
}

/// Sends a feedback. The answer holds the tracking code, which is shown only here: repeating the
/// request with the same `Idempotency-Key` gives the same answer.
#[utoipa::path(
    post, path = "/api/v1/feedback", tag = "citizens",
    request_body = FeedbackBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; makes repeating safe")),
    responses(
        (status = 201, description = "Received and routed", body = Received,
            headers(("Location" = String), ("ETag" = String), ("Idempotency-Replayed" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Caller(actor): Caller,
    resident: Option<Extension<SignedCitizen>>,
    headers: HeaderMap,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let key = idempotency_key(&headers)?.map(|key| IdempotencyKey {
        scope: format!("feedback:{}", actor.id),
        key,
        request_hash: body.hash("POST /feedback"),
    });
    let feedback = read(&app, &body)?;
    let desk = app.desk.clone();
    let (received, replayed) = to_the_end(async move { desk.receive(&actor, feedback, key).await })
        .await
        .map_err(nested)?;
    if let Some(Extension(signed)) = resident {
        // Taken is taken: the tracking code works, whatever becomes of this.
        if follow(&app, signed.who.id, (&received.tracking_code, true)).await.is_err() {
            tracing::warn!("a case was not added to the account of who reported it");
        }
    }
    answer(received, replayed)
}

fn answer(received: Received, replayed: bool) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(&format!("/api/v1/cases/{}", received.number))
        .map_err(|_| Problem::internal())?;
    let version = received.version;
    let mut response = (StatusCode::CREATED, etag(version), [(LOCATION, location)], Json(received))
        .into_response();
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The body as the desk takes it.
fn read(app: &App, body: &JsonBody) -> Result<Feedback, Problem> {
    let body: FeedbackBody = body.read()?;
    check_category(app, body.category.as_ref())?;
    if let Some(at) = body.occurred_at {
        check_time(&app.desk.rules().policy.calendars, at)?;
    }
    let attributes = body.attributes.unwrap_or_default();
    check_attributes(&attributes)?;
    let (point, address) = match body.location {
        None => (None, None),
        Some(location) => (point(location.lat, location.lon)?, given(location.address)),
    };
    let reporter = body.reporter.unwrap_or(ReporterBody { name: None, phone: None, email: None });
    Ok(Feedback {
        channel: body.channel,
        kind: body.kind,
        category: body.category,
        attributes,
        text: body.text,
        point,
        address,
        reporter: Reporter {
            name: given(reporter.name),
            phone: given(reporter.phone),
            email: given(reporter.email),
            anonymous: body.anonymous.unwrap_or(false),
        },
        public: body.public.unwrap_or(false),
        occurred_at: body.occurred_at,
    })
}

/// A time outside the years of the calendars cannot be promised anything, whatever its clocks.
fn check_time(calendars: &Calendars, at: Timestamp) -> Result<(), Problem> {
    match calendars.add(None, at, Span::WorkingDays(1)) {
        Ok(_) => Ok(()),
        Err(_) => Err(invalid(
            "calendar_too_short",
            "occurred_at",
            "Thời điểm nằm ngoài các năm mà lịch làm việc của thành phố có.",
            "The time lies outside the years the city's calendar covers.",
        )),
    }
}

/// A category must be one of the directory's.
pub(super) fn check_category(app: &App, code: Option<&CategoryCode>) -> Result<(), Problem> {
    match code {
        Some(code) if app.desk.rules().directory.category(code).is_none() => Err(invalid(
            "unknown_category",
            "category",
            "Không có danh mục này.",
            "There is no such category.",
        )),
        _ => Ok(()),
    }
}

/// A form sends empty fields for what was not filled in.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

pub(super) fn point(lat: Option<f64>, lon: Option<f64>) -> Result<Option<(f64, f64)>, Problem> {
    let missing = |field| {
        invalid(
            "bad_coordinates",
            field,
            "Tọa độ cần cả vĩ độ và kinh độ.",
            "Coordinates need both a latitude and a longitude.",
        )
    };
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("location.lon")),
        (None, Some(_)) => Err(missing("location.lat")),
        (Some(lat), Some(_)) if !(-90.0..=90.0).contains(&lat) => Err(invalid(
            "bad_coordinates",
            "location.lat",
            "Vĩ độ từ -90 đến 90.",
            "Latitudes go from -90 to 90.",
        )),
        (Some(_), Some(lon)) if !(-180.0..=180.0).contains(&lon) => Err(invalid(
            "bad_coordinates",
            "location.lon",
            "Kinh độ từ -180 đến 180.",
            "Longitudes go from -180 to 180.",
        )),
        (Some(lat), Some(lon)) => Ok(Some((lat, lon))),
    }
}

pub(super) fn check_attributes(attributes: &BTreeMap<String, String>) -> Result<(), Problem> {
    let fits =
        |text: &str| text.chars().count() <= ATTRIBUTE && !text.chars().any(char::is_control);
    if attributes.len() <= ATTRIBUTES && attributes.iter().all(|(k, v)| fits(k) && fits(v)) {
        return Ok(());
    }
    Err(invalid(
        "invalid_value",
        "attributes",
        "Tối đa 20 thuộc tính, mỗi tên và giá trị tối đa 100 ký tự.",
        "At most 20 attributes, each name and value of at most 100 characters.",
    ))
}

fn invalid(code: &'static str, field: &str, vi: &str, en: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, vi, en).field(field)
}

/// The domain's field names as this body nests them.
fn nested(problem: Problem) -> Problem {
    problem
        .rename("name", "reporter.name")
        .rename("phone", "reporter.phone")
        .rename("email", "reporter.email")
        .rename("address", "location.address")
}
