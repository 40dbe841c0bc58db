//! `POST /api/v1/citizen/cases/{number}/{command}`: what a citizen does to one of the own cases,
//! without its tracking code.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::case::own;
use crate::http::App;
use crate::http::auth::Resident;
use crate::http::body::JsonBody;
use crate::http::endpoints::answers::CommandDone;
use crate::http::endpoints::citizen_command::carried_out;
use crate::http::params::Params;
use crate::http::path::{CommandWord, Number};
use crate::http::problem::Problem;

/// What can be done by tracking code, with an account.
#[utoipa::path(
    post, path = "/api/v1/citizen/cases/{number}/{command}", tag = "citizens",
    request_body(content = Object, description = "The fields of the command"),
    params(
        ("number" = String, Path, description = "Case number"),
        ("command" = String, Path, description = "As with a tracking code"),
        ("If-Match" = Option<String>, Header, description = "The version decided on, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; makes repeating safe"),
    ),
    responses(
        (status = 200, description = "Done", body = CommandDone, headers(("ETag" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Resident(signed): Resident,
    Number(number): Number,
    CommandWord(word): CommandWord,
    headers: HeaderMap,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let opened = own(&app, &signed, &number).await?;
    let scope = format!("citizen:{}", signed.who.id);
    carried_out(&app, opened, scope, &word, (&headers, &params, &body)).await
}
