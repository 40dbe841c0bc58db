//! `GET /api/v1/categories`: the categories of the directory.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoiam_domain::kinds::{Handoff, Priority};
use hoiam_domain::routing::Category;
use serde::Serialize;

use super::sectors::{ValidView, in_force, listed};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::problem::Problem;

/// The categories.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Categories {
    /// By code.
    items: Vec<CategoryView>,
}

/// A category.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CategoryView {
    /// Its code.
    code: String,
    /// The sector it belongs to.
    sector: String,
    /// Its name.
    name: String,
    /// How urgent such cases are.
    priority: Priority,
    /// Such cases jump the queue.
    urgent: bool,
    /// Such cases are kept in the sealed stream.
    confidential: bool,
    /// "Done" needs a photograph taken after the work.
    after_photo: bool,
    /// Who may be responsible, the most likely first; `UBND@AREA` is the unit of the place.
    agencies: Vec<String>,
    /// Who helps.
    co_agencies: Vec<String>,
    /// Emergency services such reports are handed to.
    handoff: Vec<Handoff>,
    /// When it exists.
    #[serde(flatten)]
    valid: ValidView,
}

/// The categories, ended ones as well unless `at` names a day.
#[utoipa::path(
    get, path = "/api/v1/categories", tag = "directory",
    params(("at" = Option<String>, Query, description = "Only what is in force on this day")),
    responses(
        (status = 200, description = "The categories", body = Categories, headers(("ETag" = String))),
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
    let categories = rules.directory.categories.values().filter(|c| holds(c.validity));
    Ok(listed(&headers, &rules.hash, &params, || Categories {
        items: categories.map(view).collect(),
    }))
}

fn view(category: &Category) -> CategoryView {
    CategoryView {
        code: category.code.to_string(),
        sector: category.sector.to_string(),
        name: category.name.clone(),
        priority: category.priority,
        urgent: category.urgent,
        confidential: category.confidential,
        after_photo: category.after_photo,
        agencies: category.primary.iter().map(ToString::to_string).collect(),
        co_agencies: category.co_agencies.iter().map(ToString::to_string).collect(),
        handoff: category.handoff.clone(),
        valid: category.validity.into(),
    }
}
