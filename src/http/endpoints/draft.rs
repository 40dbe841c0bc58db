//! A feedback that is being typed, before it is a case. It comes in a body, never in a URL: it is
//! what a person wrote.

use std::collections::BTreeMap;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::Rejection;
use hoiam_domain::case::authority::roles;
use hoiam_domain::codes::CategoryCode;
use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::routing::RouteInput;
use serde::Deserialize;

use super::feedback::{LocationBody, check_attributes, check_category, given, point};
use crate::desk::DeskError;
use crate::http::App;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;

/// A feedback as far as it is typed.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftBody {
    /// The words so far.
    text: String,
    /// How it comes in.
    #[serde(default)]
    channel: Option<Channel>,
    /// The kind, where somebody chose it.
    #[serde(default)]
    kind: Option<Kind>,
    /// The category, where somebody chose it.
    #[serde(default)]
    category: Option<CategoryCode>,
    /// Where it is.
    #[serde(default)]
    location: Option<LocationBody>,
    /// What is known about the thing concerned, e.g. `road_class`.
    #[serde(default)]
    attributes: Option<BTreeMap<String, String>>,
}

/// Reads a draft; only who may enter feedback for others may ask about one.
pub(super) fn read(app: &App, actor: &Actor, body: &JsonBody) -> Result<RouteInput, Problem> {
    if !roles("receive").contains(&actor.role) {
        let rejection = Rejection::RoleNotAllowed { command: "receive", role: actor.role };
        return Err(DeskError::Rejected(rejection).into());
    }
    let body: DraftBody = body.read()?;
    check_category(app, body.category.as_ref())?;
    let attributes = body.attributes.unwrap_or_default();
    check_attributes(&attributes)?;
    let (point, address) = match body.location {
        None => (None, None),
        Some(location) => (point(location.lat, location.lon)?, given(location.address)),
    };
    if let Some((lat, lon)) = point
        && app.desk.rules().directory.check_point(lat, lon).is_err()
    {
        return Err(DeskError::OutsideCity { lat, lon }.into());
    }
    Ok(RouteInput {
        text: body.text,
        kind: body.kind,
        category: body.category,
        point,
        address,
        attributes,
        at: app.desk.now(),
        channel: body.channel,
    })
}
