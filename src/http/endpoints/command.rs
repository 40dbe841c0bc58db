//! `POST /api/v1/cases/{number}/{command}`: whatever staff may do to a case.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::authority::may_view;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::case::{CaseNumber, Command};
use serde::Deserialize;

use super::answers::{CommandDone, done, visible_case};
use crate::desk::{Circumstances, Desk, DeskError, Done, IdempotencyKey};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::body::JsonBody;
use crate::http::headers::{expected_version, idempotency_key};
use crate::http::params::Params;
use crate::http::path::{CommandWord, Number};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// Any command, with the case it merges into if it is that.
pub(super) enum Order {
    /// On one case.
    One(Command),
    /// Into another case.
    Merge(Merge),
    /// Out of another case.
    Unmerge(Unmerge),
}

/// Gives a command. `{command}` is one of the words of the life cycle, its body the schema of the
/// same name (`accept` takes `Accept`, `check-answer` takes `CheckAnswer`, …); nothing at all
/// counts as `{}`. `merge` and `unmerge` concern a second case.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/{command}", tag = "cases",
    request_body(content = Object, description = "The fields of the command"),
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("command" = String, Path, description = "e.g. `accept`, `return`, `resolve`, `merge`"),
        ("occurred_at" = Option<String>, Query, description = "When it happened, if not now"),
        ("If-Match" = Option<String>, Header, description = "The version decided on, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; makes repeating safe"),
    ),
    responses(
        (status = 200, description = "Done", body = CommandDone,
            headers(("ETag" = String), ("Idempotency-Replayed" = String))),
        (status = 403, description = "Not this actor's to do", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the present state of the case", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "The case has another version", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(actor): Staff,
    Number(number): Number,
    CommandWord(word): CommandWord,
    headers: HeaderMap,
    params: Params,
    body: JsonBody,
) -> Result<Response, Problem> {
    let order = read(&word, &body)?;
    let scope = format!("commands:{}", actor.id);
    let circumstances = circumstances(scope, &number, &word, &headers, &params, &body)?;
    let merging = matches!(order, Order::Merge(_));
    // Their part is agencies that end, not sealed cases, of which an answer would tell them.
    if actor.role == Role::Administrator {
        visible_case(&app, &actor, &number).await?;
    }
    let (desk, who, what) = (app.desk.clone(), actor.clone(), number.clone());
    let outcome =
        to_the_end(async move { give(&desk, &who, &what, &order, &circumstances).await }).await;
    match outcome {
        // Repeating a request tells nothing new to somebody who has lost sight of the case since.
        Ok(finished) if finished.replayed && !may_view(&finished.case, &actor) => {
            Err(Problem::no_such_case())
        }
        Ok(finished) => Ok(done(&finished)),
        Err(problem) => Err(explained(&app, &actor, &number, problem, merging).await),
    }
}

/// The command of a word with its body. Timers and erasing are the engine's alone.
pub(super) fn read(word: &str, body: &JsonBody) -> Result<Order, Problem> {
    match word {
        "merge" => body.read_with(|json| Merge::deserialize(json)).map(Order::Merge),
        "unmerge" => body.read_with(|json| Unmerge::deserialize(json)).map(Order::Unmerge),
        word if Command::INTERNAL.contains(&word) || !Command::NAMES.contains(&word) => {
            Err(Problem::no_such_command())
        }
        word => body
            .read_with(|json| Command::deserialize(word, json).transpose())?
            .map(Order::One)
            .ok_or_else(Problem::no_such_command),
    }
}

/// What headers and parameters say about a command.
pub(super) fn circumstances(
    scope: String,
    number: &CaseNumber,
    word: &str,
    headers: &HeaderMap,
    params: &Params,
    body: &JsonBody,
) -> Result<Circumstances, Problem> {
    params.only(&["occurred_at"])?;
    let request_hash = body.hash(&format!("POST {number} {word}"));
    let key = idempotency_key(headers)?;
    Ok(Circumstances {
        expected: expected_version(headers)?,
        occurred_at: params.occurred_at()?,
        idempotency: key.map(|key| IdempotencyKey { scope, key, request_hash }),
    })
}

/// Gives it to the desk.
pub(super) async fn give(
    desk: &Desk,
    actor: &Actor,
    number: &CaseNumber,
    order: &Order,
    circumstances: &Circumstances,
) -> Result<Done, DeskError> {
    match order {
        Order::One(command) => desk.command(actor, number, command, circumstances).await,
        Order::Merge(merge) => desk.merge(actor, number, merge, circumstances).await,
        Order::Unmerge(unmerge) => desk.unmerge(actor, number, unmerge, circumstances).await,
    }
}

/// A refusal as this reader may know it: nothing about a case they may not see, and, where the
/// second case of a merge does not exist, that.
async fn explained(
    app: &App,
    actor: &Actor,
    number: &CaseNumber,
    problem: Problem,
    merging: bool,
) -> Problem {
    let reveals = problem.is("stale_version");
    let second_missing = merging && problem.is("no_such_case");
    if !(reveals || second_missing) {
        return problem;
    }
    match visible_case(app, actor, number).await {
        Ok(_) if reveals => problem,
        Ok(_) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_such_case",
            "Không tìm thấy hồ sơ để gộp vào.",
            "There is no such case to merge into.",
        )
        .field("into"),
        Err(hidden) => hidden,
    }
}
