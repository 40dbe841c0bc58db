//! `POST /api/v1/track/{tracking_code}/{command}`: what a citizen does to the own case.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answers::{CommandDone, done};
use super::command::{circumstances, give, read};
use super::track::{COMMANDS, opened};
use crate::http::App;
use crate::http::body::JsonBody;
use crate::http::params::Params;
use crate::http::path::{CommandWord, TypedCode};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// Answers the agency's question, rates, reopens, appeals or takes the feedback back. On a case
/// that was merged into another it concerns the one that goes on.
#[utoipa::path(
    post, path = "/api/v1/track/{tracking_code}/{command}", tag = "citizens",
    request_body(content = Object, description = "The fields of the command"),
    params(
        ("tracking_code" = String, Path, description = "As given on receipt"),
        ("command" = String, Path, description = "`reply`, `rate`, `reopen`, `appeal` or `withdraw`"),
        ("If-Match" = Option<String>, Header, description = "The version decided on, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; makes repeating safe"),
    ),
    responses(
        (status = 200, description = "Done", body = CommandDone, headers(("ETag" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn post(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    CommandWord(word): CommandWord,
    headers: HeaderMap,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let opened = opened(&app, &typed).await?;
    if !COMMANDS.contains(&word.as_str()) {
        return Err(Problem::no_such_command());
    }
    let order = read(&word, &body)?;
    let (actor, number) = (opened.actor, opened.going_on.number.clone());
    // Keys of two citizens never meet: the scope is the secret's hash.
    let scope = format!("track:{}", opened.code_hash);
    let circumstances = circumstances(scope, &number, &word, &headers, &params, &body)?;
    let desk = app.desk.clone();
    let finished =
        to_the_end(async move { give(&desk, &actor, &number, &order, &circumstances).await })
            .await?;
    Ok(done(&finished))
}
