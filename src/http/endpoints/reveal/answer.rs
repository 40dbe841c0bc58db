//! `POST /api/v1/cases/{number}/reveal/{request}/{answer}`: granting a request, refusing it, and
//! reading what was granted.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use hoiam_domain::case::CaseNumber;
use serde::Deserialize;

use super::{Revealed, told};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::body::JsonBody;
use crate::http::endpoints::answers::visible_case;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::sealed::SealedError;
use crate::sealed::reading::{self, Wanted};

/// Why a request is refused; nothing is needed to approve or to read.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevealAnswer {
    /// 10 to 500 characters; stays in the log, with personal data covered.
    #[serde(default)]
    reason: String,
}

/// Decides about a request, as another member than the one who asked, within 24 hours: `approve`
/// or `refuse`. Then whoever asked may `read` it, once, within an hour.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/reveal/{request}/{answer}", tag = "cases",
    request_body = RevealAnswer,
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("request" = u64, Path, description = "As it was given when it was asked"),
        ("answer" = String, Path, description = "`approve`, `refuse` or `read`"),
    ),
    responses(
        (status = 200, description = "Read", body = Revealed),
        (status = 204, description = "Approved or refused"),
        (status = 403, description = "Not this member's to do", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such case or request", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible any more, or not yet", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(actor): Staff,
    path: Result<Path<(String, String, String)>, axum::extract::rejection::PathRejection>,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let Ok(Path((number, request, answer))) = path else { return Err(Problem::no_such_command()) };
    let number: CaseNumber = number.parse().map_err(|_| Problem::no_such_case())?;
    let case = visible_case(&app, &actor, &number).await?;
    let request = request.parse().map_err(|_| no_such_request())?;
    let RevealAnswer { reason } = body.read()?;
    let wanted = match answer.as_str() {
        "approve" => Wanted::Approve(request),
        "refuse" => Wanted::Refuse(request, reason),
        "read" => Wanted::Read(request),
        _ => return Err(Problem::no_such_command()),
    };
    let desk = app.desk.clone();
    to_the_end(async move {
        let (version, event) = reading::take(&desk, &actor, &case, &wanted).await?;
        Ok::<_, SealedError>(told(&case, version, &event))
    })
    .await
}

fn no_such_request() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_such_request",
        "Không có yêu cầu này.",
        "There is no such request.",
    )
    .field("request")
}
