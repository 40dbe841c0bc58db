//! `GET /log/tile/L/N[.p/W]`: a tile of the Merkle tree.

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::IMMUTABLE;
use crate::http::App;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::proof::View;
use crate::proof::tile::Asked;

/// A tile (C2SP tlog-tiles): up to 256 hashes of 32 bytes. `index` is three digits, or `x001/x234/067`
/// above 999, with `.p/W` behind for a partial tile of W hashes. Entries are not served: events hold
/// personal data.
#[utoipa::path(
    get, path = "/log/tile/{level}/{index}", tag = "proof",
    params(
        ("level" = String, Path, description = "Level, from 0 for leaf hashes"),
        ("index" = String, Path, description = "`x001/x234/067`, or `000.p/8`"),
    ),
    responses(
        (status = 200, description = "Hashes, one after another", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "No such tile", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
    params: Params,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let asked = path.ok().and_then(|Path((level, index))| match level.as_str() {
        "entries" => None,
        _ => Asked::read(&level, &index),
    });
    let asked = asked.ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "no_such_tile",
            "Không có ô này. Nội dung sự kiện không được phát hành vì có dữ liệu cá nhân.",
            "There is no such tile. Entries are not served: they hold personal data.",
        )
        .field("index")
    })?;
    let hashes = View::of(app.desk.log()).tile(asked).await?;
    let media = (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    Ok(([media, IMMUTABLE], hashes.into_flattened()).into_response())
}
