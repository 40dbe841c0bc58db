//! `GET /api/v1/cases/{number}/duplicates`: cases that may be the same matter.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::answers::visible_case;
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::{Params, up_to};
use crate::http::path::Number;
use crate::http::problem::Problem;
use crate::nearby::duplicates::{Duplicate, MOST, Sought, duplicates};

/// Cases that may be the same matter.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Duplicates {
    /// The likeliest first.
    pub(super) items: Vec<Duplicate>,
}

/// Cases received within 30 days of this one that are probably the same matter, by place, words,
/// category and time, each with its reasons. Merged and finished cases are among them and say so.
/// What was received in the last second may be missing.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/duplicates", tag = "cases",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("limit" = Option<usize>, Query, description = "1 to 50, 10 if not given"),
    ),
    responses(
        (status = 200, description = "The cases the caller may see", body = Duplicates),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<Duplicates>, Problem> {
    params.only(&["limit"])?;
    let limit = up_to(&params, MOST)?;
    let case = visible_case(&app, &reader, &number).await?;
    let log = app.desk.log();
    // What it resembles would tell what it says.
    if case.is_denunciation() {
        return Ok(Json(Duplicates { items: Vec::new() }));
    }
    let sought = Sought::case(&case, log.vault());
    let items = duplicates(log, &reader, &sought, limit).await.map_err(DeskError::from)?;
    Ok(Json(Duplicates { items }))
}
