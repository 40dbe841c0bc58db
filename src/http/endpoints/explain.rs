//! `POST /api/v1/explain`: where a feedback being typed would go, and why; where no rule is sure,
//! whom earlier rulings propose.

use axum::Json;
use axum::extract::State;
use hoiam_domain::routing::Verdict;
use serde::Serialize;

use super::draft::{self, DraftBody};
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::body::JsonBody;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::nearby::precedents::{Dispute, Proposal, advice};

/// A verdict with what rulings propose.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Explained {
    /// The verdict, as a receipt would record it.
    #[serde(flatten)]
    verdict: Verdict,
    /// Where the verdict names no agency: those that rulings propose to the coordinators, the
    /// surest first. Empty otherwise, and for sealed matters.
    proposals: Vec<Proposal>,
}

/// The verdict of the rules on a feedback being typed. Where it names no agency, `proposals` says
/// what coordinators ruled in like disputes. Nothing is kept of the request and nothing dispatched.
#[utoipa::path(
    post, path = "/api/v1/explain", tag = "cases",
    request_body = DraftBody,
    responses(
        (status = 200, description = "The verdict", body = Explained),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
    body: JsonBody,
) -> Result<Json<Explained>, Problem> {
    params.only(&[])?;
    let input = draft::read(&app, &reader, &body)?;
    let rules = app.desk.rules();
    let boundaries = app.desk.rules_handle().boundaries();
    let verdict = rules.explain_with(&input, &boundaries);
    let proposals = if verdict.agency.is_some() || verdict.confidential {
        Vec::new()
    } else {
        let dispute = Dispute::typed(&input, &verdict, app.desk.log().vault());
        let pool = app.desk.log().pool();
        advice(pool, &reader, &rules, &dispute, input.at, 0)
            .await
            .map_err(DeskError::from)?
            .proposals
    };
    Ok(Json(Explained { verdict, proposals }))
}
