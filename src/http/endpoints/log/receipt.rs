//! `GET /api/v1/track/{tracking_code}/receipt`: the proof in a citizen's hand.

use axum::Json;
use axum::extract::State;

use crate::desk::DeskError;
use crate::http::App;
use crate::http::endpoints::track::opened;
use crate::http::params::Params;
use crate::http::path::TypedCode;
use crate::http::problem::Problem;
use crate::proof::View;
use crate::proof::receipt::Receipt;

/// The receipt of a case: where it begins in the log, and, once a checkpoint covers it, that event byte
/// for byte, with personal words sealed, and why it is there. Save the answer as a file: `hoiam receipt
/// verify FILE --key KEY` checks it without this server.
#[utoipa::path(
    get, path = "/api/v1/track/{tracking_code}/receipt", tag = "citizens",
    params(("tracking_code" = String, Path, description = "As given on receipt; hyphens and case do not matter")),
    responses(
        (status = 200, description = "The receipt", body = Receipt),
        (status = 404, description = "No case has this code", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    params: Params,
) -> Result<Json<Receipt>, Problem> {
    params.only(&[])?;
    let opened = opened(&app, &typed).await?;
    let log = app.desk.log();
    let first = log.read_stream(opened.own.id, 0, 1).await.map_err(DeskError::from)?;
    let first = first.first().ok_or_else(Problem::no_such_case)?;
    let number = opened.own.number.to_string();
    Ok(Json(View::of(log).receipt(&number, first).await?))
}
