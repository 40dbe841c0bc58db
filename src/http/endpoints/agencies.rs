//! `GET /api/v1/agencies`: the agencies of the directory.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoiam_domain::routing::Agency;
use serde::Serialize;

use super::sectors::{ValidView, in_force, listed};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::problem::Problem;

/// The agencies.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Agencies {
    /// By code.
    items: Vec<AgencyView>,
}

/// An agency.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AgencyView {
    /// Its code.
    code: String,
    /// Full name.
    name: String,
    /// Short name for lists.
    short_name: String,
    /// What kind of unit it is, a word of the directory.
    unit: String,
    /// Sectors it works in.
    sectors: Vec<String>,
    /// Sectors it leads.
    lead_sectors: Vec<String>,
    /// Whether it works in the whole city.
    citywide: bool,
    /// Districts it is responsible for.
    areas: Vec<String>,
    /// The agency above it.
    parent: Option<String>,
    /// Somebody is on duty round the clock.
    duty: bool,
    /// When it exists.
    #[serde(flatten)]
    valid: ValidView,
    /// Who took over, when that agency is in the directory.
    successor: Option<String>,
    /// Who took over, in words.
    successor_note: Option<String>,
    /// How many focal points it has.
    focal_points: usize,
}

/// The agencies, ended ones as well unless `at` names a day.
#[utoipa::path(
    get, path = "/api/v1/agencies", tag = "directory",
    params(("at" = Option<String>, Query, description = "Only what is in force on this day")),
    responses(
        (status = 200, description = "The agencies", body = Agencies, headers(("ETag" = String))),
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
    let agencies = rules.directory.agencies.values().filter(|agency| holds(agency.validity));
    Ok(listed(&headers, &rules.hash, &params, || Agencies { items: agencies.map(view).collect() }))
}

fn view(agency: &Agency) -> AgencyView {
    let strings = |codes: &[hoiam_domain::codes::SectorCode]| {
        codes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    AgencyView {
        code: agency.code.to_string(),
        name: agency.name.clone(),
        short_name: agency.short_name.clone(),
        unit: agency.unit.clone(),
        sectors: strings(&agency.sectors),
        lead_sectors: strings(&agency.lead_sectors),
        citywide: agency.citywide,
        areas: agency.areas.iter().map(ToString::to_string).collect(),
        parent: agency.parent.as_ref().map(ToString::to_string),
        duty: agency.duty,
        valid: agency.validity.into(),
        successor: agency.successor.as_ref().map(ToString::to_string),
        successor_note: agency.successor_note.clone(),
        focal_points: agency.focal_points.len(),
    }
}
