//! `GET /log/proof/consistency`: why the log only grew.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::MUTABLE;
use crate::http::App;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::proof::View;
use crate::proof::text::{hex_hash, hex_hashes};
use crate::proof::tree::Hash;

/// A consistency proof (RFC 6962, section 2.1.2). Hashes are hexadecimal.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Consistency {
    /// The smaller tree.
    first: u64,
    /// Its root.
    #[serde(with = "hex_hash")]
    #[schema(value_type = String)]
    first_root: Hash,
    /// The larger tree.
    second: u64,
    /// Its root.
    #[serde(with = "hex_hash")]
    #[schema(value_type = String)]
    second_root: Hash,
    /// The proof.
    #[serde(with = "hex_hashes")]
    #[schema(value_type = Vec<String>)]
    hashes: Vec<Hash>,
}

/// Why the tree of one size begins with that of another.
#[utoipa::path(
    get, path = "/log/proof/consistency", tag = "proof",
    params(
        ("first" = u64, Query, description = "The smaller tree's size"),
        ("second" = Option<u64>, Query, description = "The larger tree's size; that of the last checkpoint if not said"),
    ),
    responses(
        (status = 200, description = "The proof", body = Consistency),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>, params: Params) -> Result<Response, Problem> {
    params.only(&["first", "second"])?;
    const NUMBER: &str = "a whole number";
    let first: Option<u64> = params.parsed("first", NUMBER)?;
    let first = first.ok_or_else(|| wrong("first", "the size of the older checkpoint"))?;
    let second: Option<u64> = params.parsed("second", NUMBER)?;
    if second.is_some_and(|second| second < first) {
        return Err(wrong("second", "a size no smaller than `first`"));
    }
    let (first, second, hashes) = View::of(app.desk.log()).consistency(first, second).await?;
    let proof = Consistency {
        first: first.size,
        first_root: first.root,
        second: second.size,
        second_root: second.root,
        hashes,
    };
    Ok(([MUTABLE], Json(proof)).into_response())
}
