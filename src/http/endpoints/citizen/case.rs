//! `GET /api/v1/citizen/cases/{number}`: one of the own cases, without its tracking code.

use axum::Json;
use axum::extract::State;
use hoiam_domain::case::CaseNumber;

use crate::accounts::citizens;
use crate::http::App;
use crate::http::auth::Resident;
use crate::http::endpoints::track::{Opened, Track, opened_as, shown};
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;
use crate::http::session::SignedCitizen;

/// One of the own cases, as its tracking code would show it. Of others it is not even told whether
/// they are there.
#[utoipa::path(
    get, path = "/api/v1/citizen/cases/{number}", tag = "citizens",
    params(("number" = String, Path, description = "Case number")),
    responses(
        (status = 200, description = "The case", body = Track),
        (status = 404, description = "None of the own cases", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Resident(signed): Resident,
    Number(number): Number,
    params: Params,
) -> Result<Json<Track>, Problem> {
    params.only(&[])?;
    shown(&app, &own(&app, &signed, &number).await?).await.map(Json)
}

/// The own case with a number; of others it is not told whether they are there.
pub(super) async fn own(
    app: &App,
    signed: &SignedCitizen,
    number: &CaseNumber,
) -> Result<Opened, Problem> {
    let unknown = || Problem::no_such_case().field("number");
    let Ok(id) = app.desk.find(number).await else { return Err(unknown()) };
    let case = citizens::case(app.desk.log().pool(), signed.who.id, id).await?;
    let case = case.ok_or_else(unknown)?;
    opened_as(app, case.id, &case.party).await
}
