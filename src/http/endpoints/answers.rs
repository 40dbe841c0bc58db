//! Answers that several endpoints give.

use std::sync::Arc;

use axum::Json;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use hoiam_domain::actor::Actor;
use hoiam_domain::case::authority::may_view;
use hoiam_domain::case::ledger::holder;
use hoiam_domain::case::{Case, CaseNumber};
use hoiam_domain::routing::Directory;
use hoiam_projections::timeline::with_names;
use jiff::Timestamp;
use serde::Serialize;

use crate::desk::Done;
use crate::http::App;
use crate::http::headers::{REPLAYED, etag};
use crate::http::problem::Problem;

/// What a command left behind.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CommandDone {
    /// The case.
    number: String,
    /// Its version now; also the `ETag`.
    version: u64,
    /// Where it stands.
    status: &'static str,
    /// Where it stands, in Vietnamese.
    status_vi: &'static str,
    /// Where it stands, in English.
    status_en: &'static str,
    /// Who holds it.
    holder: String,
    /// The responsible agency.
    agency: Option<String>,
}

/// The answer to a command.
pub(super) fn done(done: &Done) -> Response {
    let case = &done.case;
    let stage = case.work.stage.name();
    let answer = CommandDone {
        number: case.number.to_string(),
        version: case.version,
        status: stage.as_str(),
        status_vi: stage.vi(),
        status_en: stage.en(),
        holder: holder(case).to_string(),
        agency: case.agency().map(ToString::to_string),
    };
    let mut response = (etag(case.version), Json(answer)).into_response();
    if done.replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// The case with a number, if `reader` may see it. Otherwise it does not exist.
pub(super) async fn visible_case(
    app: &App,
    reader: &Actor,
    number: &CaseNumber,
) -> Result<Arc<Case>, Problem> {
    let case = app.desk.case(app.desk.find(number).await?).await?;
    if may_view(&case, reader) { Ok(case) } else { Err(Problem::no_such_case()) }
}

/// An instant the read models stored.
pub(super) fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A sentence of the timeline with the agencies' names as the directory has them today.
pub(super) fn told(sentence: &str, directory: &Directory) -> String {
    with_names(sentence, |code| {
        directory.agencies.get(code).map(|agency| agency.short_name.clone())
    })
}
