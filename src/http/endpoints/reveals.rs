//! `GET /api/v1/reveals`: who read what is sealed, and why, for auditors.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::answers::instant;
use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Auditor;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::log::Log;
use crate::queries::{RevealAfter, RevealRow, revealed_at, reveals};

/// A page of readings.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Reveals {
    /// The oldest first.
    items: Vec<RevealView>,
    /// What to pass as `after` for the next page; null at the end.
    next: Option<String>,
}

/// One event of a reading. What was read is not told; nor of which sealed case, and why.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RevealView {
    /// Case number; null of a sealed case, which does not exist for anybody but its readers.
    number: Option<String>,
    /// Its place among the readings of the case; of a request its name.
    version: i64,
    /// `asked`, `approved`, `refused`, `read` or `denied`.
    what: String,
    /// Which request it is about.
    request: Option<i64>,
    /// `contact`, `content`; of what was denied, what was tried.
    fields: Vec<String>,
    /// Why; of what was denied, the code of the refusal; null of a sealed case.
    reason: Option<String>,
    /// Who, as an id that stands in events.
    by: String,
    /// In which role.
    role: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Who asked to read, allowed, refused and read what is sealed, and why.
#[utoipa::path(
    get, path = "/api/v1/reveals", tag = "cases",
    params(
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 if not given"),
    ),
    responses(
        (status = 200, description = "A page", body = Reveals),
        (status = 403, description = "Not an auditor", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    _: Auditor,
    params: Params,
) -> Result<Json<Reveals>, Problem> {
    params.only(&["after", "limit"])?;
    let limit = params.limit()?;
    let log = app.desk.log();
    let pool = log.pool();
    let after = match params.get("after") {
        Some(cursor) => Some(read(log, cursor).await?),
        None => None,
    };
    let mut rows = reveals(pool, after, i64::from(limit) + 1).await.map_err(DeskError::from)?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more);
    let next =
        next.map(|(row, _)| format!("{}.{}.{}", row.at, mark(log, row.case_id), row.version));
    Ok(Json(Reveals { items: rows.into_iter().map(view).collect(), next }))
}

/// What stands for a case in a cursor: the case itself is not the reader's to know.
fn mark(log: &Log, case: Uuid) -> String {
    log.vault().identity("reveals", &case.to_string()).simple().to_string()
}

async fn read(log: &Log, cursor: &str) -> Result<RevealAfter, Problem> {
    let unknown = || wrong("after", "`next` of the page before");
    let mut parts = cursor.split('.');
    let mut place = || {
        let (at, marked, version) = (parts.next()?, parts.next()?, parts.next()?);
        Some((at.parse().ok()?, marked, version.parse().ok()?))
    };
    let (at, marked, version) = place().ok_or_else(unknown)?;
    let cases = revealed_at(log.pool(), at).await.map_err(DeskError::from)?;
    let case = cases.into_iter().find(|case| mark(log, *case) == marked);
    Ok((at, case.ok_or_else(unknown)?, version))
}

fn view((row, open): (RevealRow, bool)) -> RevealView {
    let fields = row.fields.split(',').filter(|field| !field.is_empty());
    RevealView {
        fields: fields.map(str::to_owned).collect(),
        number: open.then_some(row.number),
        version: row.version,
        what: row.what,
        request: row.request,
        reason: row.reason.filter(|_| open),
        by: row.actor_id,
        role: row.role,
        at: instant(row.at),
    }
}
