//! `GET /api/v1/sectors`: the sectors of the directory; and what all lists of it share.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use hoiam_domain::routing::Sector;
use hoiam_domain::routing::directory::Validity;
use jiff::civil::Date;
use serde::Serialize;

use crate::http::App;
use crate::http::auth::Staff;
use crate::http::headers::{etag, is_known};
use crate::http::params::Params;
use crate::http::problem::Problem;

/// When a row of the directory exists.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ValidView {
    /// First day; null for since ever.
    #[schema(value_type = Option<String>, format = Date)]
    valid_from: Option<Date>,
    /// Last day; null while it lasts.
    #[schema(value_type = Option<String>, format = Date)]
    valid_to: Option<Date>,
}

impl From<Validity> for ValidView {
    fn from(validity: Validity) -> Self {
        Self { valid_from: validity.from, valid_to: validity.to }
    }
}

/// What holds on the day of `at`; everything without it.
pub(super) fn in_force(params: &Params) -> Result<impl Fn(Validity) -> bool + use<>, Problem> {
    params.only(&["at"])?;
    let day: Option<Date> = params.parsed("at", "a day that exists, e.g. 2026-03-02")?;
    Ok(move |validity: Validity| day.is_none_or(|day| validity.holds_on(day)))
}

/// The list, unless the caller has it of this rule set and day already.
pub(super) fn listed<T: Serialize>(
    headers: &HeaderMap,
    rule_set: &str,
    params: &Params,
    list: impl FnOnce() -> T,
) -> Response {
    let day = params.get("at").unwrap_or_default();
    let tag = format!("{}{day}", rule_set.get(..16).unwrap_or(rule_set));
    let keep = [(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, etag(tag), keep).into_response();
    }
    (etag(tag), keep, Json(list())).into_response()
}

/// The sectors.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Sectors {
    /// By code.
    items: Vec<SectorView>,
}

/// A sector.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SectorView {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// How many categories it has.
    categories: usize,
    /// When it exists.
    #[serde(flatten)]
    valid: ValidView,
}

/// The sectors, ended ones as well unless `at` names a day.
#[utoipa::path(
    get, path = "/api/v1/sectors", tag = "directory",
    params(("at" = Option<String>, Query, description = "Only what is in force on this day")),
    responses(
        (status = 200, description = "The sectors", body = Sectors, headers(("ETag" = String))),
        (status = 304, description = "The caller has this rule set's"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(_): Staff,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let rules = app.desk.rules();
    let holds = in_force(&params)?;
    let view = |sector: &Sector| SectorView {
        code: sector.code.to_string(),
        name: sector.name.clone(),
        categories: rules
            .directory
            .categories
            .values()
            .filter(|category| category.sector == sector.code && holds(category.validity))
            .count(),
        valid: sector.validity.into(),
    };
    let sectors = rules.directory.sectors.values().filter(|sector| holds(sector.validity));
    Ok(listed(&headers, &rules.hash, &params, || Sectors { items: sectors.map(view).collect() }))
}
