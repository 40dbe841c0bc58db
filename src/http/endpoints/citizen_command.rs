//! `POST /api/v1/track/{tracking_code}/{command}`: what a citizen does to the own case.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoiam_domain::case::Command;
use hoiam_domain::case::command::Choose;

use super::answers::{CommandDone, done};
use super::command::{Order, circumstances, give, read};
use super::track::{COMMANDS, Opened, opened};
use crate::desk::{Circumstances, DeskError};
use crate::http::App;
use crate::http::body::JsonBody;
use crate::http::params::Params;
use crate::http::path::{CommandWord, TypedCode};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// Answers the agency's question, rates, reopens, appeals, takes the feedback back, or says anew
/// whether it may be public and the name be shown. On a case
/// that was merged into another it concerns the one that goes on.
#[utoipa::path(
    post, path = "/api/v1/track/{tracking_code}/{command}", tag = "citizens",
    request_body(content = Object, description = "The fields of the command"),
    params(
        ("tracking_code" = String, Path, description = "As given on receipt"),
        ("command" = String, Path, description = "`reply`, `rate`, `reopen`, `appeal`, `withdraw` or `choose`"),
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
    // Keys of two citizens never meet: the scope is the secret's hash.
    let opened = opened(&app, &typed).await?;
    let scope = format!("track:{}", opened.code_hash);
    carried_out(&app, opened, scope, &word, (&headers, &params, &body)).await
}

/// A citizen's command on the own case, by code or with an account.
pub(super) async fn carried_out(
    app: &App,
    opened: Opened,
    scope: String,
    word: &str,
    (headers, params, body): (&HeaderMap, &Params, &JsonBody),
) -> Result<Response, Problem> {
    if !COMMANDS.contains(&word) {
        return Err(Problem::no_such_command());
    }
    let order = read(word, body)?;
    let chosen = match &order {
        Order::One(Command::Choose(chosen)) => Some(chosen.clone()),
        _ => None,
    };
    // Who may know of it is said of the own case, also where another goes on.
    let (actor, number) = match chosen {
        Some(_) => (opened.owner, opened.own.number.clone()),
        None => (opened.actor.clone(), opened.going_on.number.clone()),
    };
    let circumstances = circumstances(scope, &number, word, headers, params, body)?;
    let merged = opened.own.id != opened.going_on.id;
    let there = (opened.actor, opened.going_on.number.clone());
    let desk = app.desk.clone();
    let finished = to_the_end(async move {
        let finished = give(&desk, &actor, &number, &order, &circumstances).await?;
        // There they are a reporter as well, and hidden as they wish; sent again it adds nothing.
        if let Some(Choose { anonymous: Some(anonymous), .. }) = chosen.filter(|_| merged) {
            let hide = Choose { public: None, anonymous: Some(anonymous) };
            let order = Order::One(Command::Choose(hide));
            give(&desk, &there.0, &there.1, &order, &Circumstances::default()).await?;
        }
        Ok::<_, DeskError>(finished)
    })
    .await?;
    Ok(done(&finished))
}
