//! `GET /api/v1/cases/{number}/precedents`: rulings in disputes like this one, and whom they
//! propose.

use axum::Json;
use axum::extract::State;

use super::answers::visible_case;
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::{Params, up_to};
use crate::http::path::Number;
use crate::http::problem::Problem;
use crate::nearby::precedents::{Advice, Dispute, MOST, advice};

/// The coordinators' rulings nearest to this case, and the agencies they propose. A ruling that was
/// corrected, or whose case was merged away, does not count. Nothing is dispatched by it.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/precedents", tag = "cases",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("limit" = Option<usize>, Query, description = "1 to 20, 10 if not given"),
    ),
    responses(
        (status = 200, description = "From cases the caller may see", body = Advice),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<Advice>, Problem> {
    params.only(&["limit"])?;
    let limit = up_to(&params, MOST)?;
    let case = visible_case(&app, &reader, &number).await?;
    let (pool, rules) = (app.desk.log().pool(), app.desk.rules());
    // What it resembles would tell what it says.
    if case.is_denunciation() {
        return Ok(Json(Advice::default()));
    }
    let dispute = Dispute::case(&case, app.desk.log().vault());
    let advice = advice(pool, &reader, &rules, &dispute, app.desk.now(), limit)
        .await
        .map_err(DeskError::from)?;
    Ok(Json(advice))
}
