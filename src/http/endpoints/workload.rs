//! `GET /api/v1/workload`: who has how much open work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hoiam_domain::codes::AgencyCode;

use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::nearby::workload::{By, Workloads, workload};

/// Open work by agency, focal point or handler: how much, waiting, urgent, overdue, due within 24
/// hours, the next deadline. Late and soon are as of now; each figure leads to its cases. People of
/// an agency see that agency's only. What happened in the last second may be missing.
#[utoipa::path(
    get, path = "/api/v1/workload", tag = "cases",
    params(
        ("by" = Option<String>, Query, description = "`agency`, `focal_point` or `handler`; `agency` if not given"),
        ("agency" = Option<String>, Query, description = "One agency only"),
    ),
    responses(
        (status = 200, description = "The most overdue first", body = Workloads),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
) -> Result<Json<Workloads>, Problem> {
    params.only(&["by", "agency"])?;
    let word = params.get("by").unwrap_or("agency");
    let by: By = word.parse().map_err(|()| wrong("by", "agency, focal_point or handler"))?;
    let rules = app.desk.rules();
    let agency = params.get("agency").map(AgencyCode::new);
    if let (Some(asked), Some(own)) = (&agency, &reader.agency)
        && asked != own
    {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not_your_agency",
            "Chỉ xem được số liệu của đơn vị mình.",
            "Only your own agency's figures are shown to you.",
        )
        .field("agency"));
    }
    if let Some(asked) = &agency
        && rules.directory.agency(asked).is_none()
    {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_code",
            "Mã này không có trong danh bạ.",
            "The directory has no such code.",
        )
        .field("agency"));
    }
    let (pool, now) = (app.desk.log().pool(), app.desk.now());
    let workload = workload(pool, &reader, &rules.directory, by, agency.as_ref(), now)
        .await
        .map_err(DeskError::from)?;
    Ok(Json(workload))
}
