//! `GET /log/proof/inclusion`: why an event is in the log.

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

/// An inclusion proof (RFC 6962, section 2.1.1). Hashes are hexadecimal.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Inclusion {
    /// The leaf's index, from 0.
    leaf_index: u64,
    /// The event's position, from 1.
    position: u64,
    /// The leaf's hash.
    #[serde(with = "hex_hash")]
    #[schema(value_type = String)]
    leaf_hash: Hash,
    /// How many events the tree has.
    tree_size: u64,
    /// The root over them.
    #[serde(with = "hex_hash")]
    #[schema(value_type = String)]
    root: Hash,
    /// The roots beside the path, the lowest first.
    #[serde(with = "hex_hashes")]
    #[schema(value_type = Vec<String>)]
    hashes: Vec<Hash>,
}

/// Why the event with an index is in the tree of a size. Takes as long as the logarithm of the log.
#[utoipa::path(
    get, path = "/log/proof/inclusion", tag = "proof",
    params(
        ("leaf_index" = Option<u64>, Query, description = "The leaf, from 0; or `position`"),
        ("position" = Option<u64>, Query, description = "The event, from 1; or `leaf_index`"),
        ("tree_size" = Option<u64>, Query, description = "Of which tree; that of the last checkpoint if not said"),
    ),
    responses(
        (status = 200, description = "The proof", body = Inclusion),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>, params: Params) -> Result<Response, Problem> {
    params.only(&["leaf_index", "position", "tree_size"])?;
    const NUMBER: &str = "a whole number";
    let index: Option<u64> = params.parsed("leaf_index", NUMBER)?;
    let position: Option<u64> = params.parsed("position", NUMBER)?;
    let index = match (index, position) {
        (Some(index), None) => index,
        (None, Some(position)) if position > 0 => position - 1,
        _ => {
            return Err(wrong("leaf_index", "either it (from 0) or `position` (from 1)"));
        }
    };
    let size = params.parsed("tree_size", NUMBER)?;
    let (leaf_hash, head, hashes) = View::of(app.desk.log()).inclusion(index, size).await?;
    let (tree_size, root) = (head.size, head.root);
    let position = index.saturating_add(1);
    let proof = Inclusion { leaf_index: index, position, leaf_hash, tree_size, root, hashes };
    Ok(([MUTABLE], Json(proof)).into_response())
}
