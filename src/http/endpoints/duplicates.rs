//! `POST /api/v1/duplicates`: cases that may be the same matter as a feedback being typed.

use axum::Json;
use axum::extract::State;

use super::case_duplicates::Duplicates;
use super::draft::{self, DraftBody};
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::body::JsonBody;
use crate::http::params::{Params, up_to};
use crate::http::problem::Problem;
use crate::nearby::duplicates::{MOST, Sought, duplicates};

/// Cases of the last 30 days that are probably the same matter as a feedback being typed. Nothing
/// is kept of the request.
#[utoipa::path(
    post, path = "/api/v1/duplicates", tag = "cases",
    request_body = DraftBody,
    params(("limit" = Option<usize>, Query, description = "1 to 50, 10 if not given")),
    responses(
        (status = 200, description = "The cases the caller may see", body = Duplicates),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
    body: JsonBody,
) -> Result<Json<Duplicates>, Problem> {
    params.only(&["limit"])?;
    let limit = up_to(&params, MOST)?;
    let input = draft::read(&app, &reader, &body)?;
    let boundaries = app.desk.rules_handle().boundaries();
    let log = app.desk.log();
    let sought = Sought::typed(&input, &app.desk.rules(), &boundaries, log.vault());
    let items = duplicates(log, &reader, &sought, limit).await.map_err(DeskError::from)?;
    Ok(Json(Duplicates { items }))
}
