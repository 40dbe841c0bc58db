//! `GET /api/v1/cases/{number}/ledger`: who held a case when.

use axum::Json;
use axum::extract::State;
use hoiam_domain::case::ledger::Entry;
use jiff::Timestamp;
use serde::Serialize;

use super::answers::visible_case;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;

/// Who held a case when; the seconds of all holders add up to the time since receipt.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct LedgerView {
    /// Case number.
    number: String,
    /// Version of the case.
    version: u64,
    /// Up to when an entry that lasts is counted.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Stretches of time, oldest first.
    entries: Vec<EntryView>,
    /// Sums by holder, in order of first appearance.
    totals: Vec<Total>,
    /// All seconds since receipt.
    seconds: i64,
}

/// A stretch of time with one holder.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct EntryView {
    /// `desk`, `agency:CODE`, `citizen`, `arbitration`, `suspended:…` or `closed`.
    holder: String,
    /// From, included.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// To, excluded; null while it lasts.
    #[schema(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// How long.
    seconds: i64,
}

/// What one holder had.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Total {
    /// Who.
    holder: String,
    /// How long.
    seconds: i64,
}

/// The ledger of a case.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/ledger", tag = "cases",
    params(("number" = String, Path, description = "Case number, hyphens and case do not matter")),
    responses(
        (status = 200, description = "The ledger", body = LedgerView),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<LedgerView>, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &reader, &number).await?;
    let until = app.desk.now().max(case.last_at);
    let totals: Vec<Total> = case
        .ledger
        .sums(until)
        .into_iter()
        .map(|(holder, seconds)| Total { holder: holder.to_string(), seconds })
        .collect();
    Ok(Json(LedgerView {
        number: case.number.to_string(),
        version: case.version,
        until,
        entries: case.ledger.entries().iter().map(|entry| view(entry, until)).collect(),
        seconds: totals.iter().map(|total| total.seconds).sum(),
        totals,
    }))
}

fn view(entry: &Entry, until: Timestamp) -> EntryView {
    let to = entry.to.unwrap_or(until).max(entry.from);
    EntryView {
        holder: entry.holder.to_string(),
        from: entry.from,
        to: entry.to,
        seconds: to.as_second() - entry.from.as_second(),
    }
}
