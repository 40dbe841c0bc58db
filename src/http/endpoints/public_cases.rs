//! `GET /api/v1/public/cases`: what everybody may know, without an account.

pub(crate) mod one;
mod view;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoiam_domain::case::publicity::{STAGES, is_public};
use hoiam_domain::case::stage::StageName;
use serde::Serialize;
use uuid::Uuid;

use crate::desk::DeskError;
use crate::http::App;
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::queries::{After, Key, ListQuery, public_cases};

pub(crate) use view::PublicCase;

/// Cases a page has if nothing is said; each is put together from its events.
const USUAL: u32 = 20;
/// Most cases of a page.
const MOST: u32 = 50;

/// A page of public cases.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PublicCases {
    /// The newest first.
    items: Vec<PublicCase>,
    /// What to pass as `cursor` for the next page; null at the end. Where filters leave almost
    /// nothing, a page may be short, even empty, and still have a next one.
    next: Option<String>,
}

/// The cases their citizens made public, from the moment an agency accepted them, the newest first.
/// Personal data in texts are covered (`***`), nobody is named, places are known to about 110
/// metres. Sealed cases, complaints and denunciations are never here. Answers may be kept for a minute.
#[utoipa::path(
    get, path = "/api/v1/public/cases", tag = "citizens",
    params(
        ("status" = Option<String>, Query, description = "Any of `in_progress`, `waiting_citizen`, `resolved`, `checked`, `answered`, `closed`"),
        ("agency" = Option<String>, Query, description = "An agency that leads or takes part"),
        ("sector" = Option<String>, Query, description = "Sector"),
        ("category" = Option<String>, Query, description = "Category"),
        ("district" = Option<String>, Query, description = "District"),
        ("limit" = Option<u32>, Query, description = "1 to 50, 20 if not given"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("If-None-Match" = Option<String>, Header, description = "A page the caller has"),
    ),
    responses(
        (status = 200, description = "A page", body = PublicCases, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, description = "The caller has this page"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    params.only(&["status", "agency", "sector", "category", "district", "limit", "cursor"])?;
    let allowed: Vec<&str> = STAGES.iter().copied().map(StageName::as_str).collect();
    let given = |name: &str| params.get(name).map(str::to_owned);
    let limit = limit(&params)?;
    let query = ListQuery {
        status: params.words::<Stage>("status", &allowed)?,
        agency: given("agency"),
        sector: given("sector"),
        category: given("category"),
        district: given("district"),
        after: params.get("cursor").map(read).transpose()?,
        // One more than asked for says whether there is a next page.
        limit: limit + 1,
        ..ListQuery::default()
    };
    let (found, walked) =
        public_cases(app.desk.log().pool(), &query).await.map_err(DeskError::from)?;
    let whole = found.len() > limit as usize;
    let page = found.get(..found.len().min(limit as usize)).unwrap_or_default();
    let rules = app.desk.rules();
    let mut items = Vec::with_capacity(page.len());
    for (_, id) in page {
        let case = app.desk.case(*id).await?;
        // It may have been sealed since it was found.
        if is_public(&case) {
            items.push(PublicCase::of(&case, &rules.directory));
        }
    }
    let last = page.last().filter(|_| whole).map(|(at, id)| After { key: Key::Int(*at), id: *id });
    let next = last.or(walked).and_then(|end| written(&end));
    Ok(view::answer(&headers, &PublicCases { items, next }))
}

fn limit(params: &Params) -> Result<u32, Problem> {
    const EXPECTED: &str = "a number from 1 to 50";
    match params.parsed("limit", EXPECTED)? {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(_) => Err(wrong("limit", EXPECTED)),
    }
}

fn written(end: &After) -> Option<String> {
    match &end.key {
        Key::Int(at) => Some(format!("{at}.{}", end.id.simple())),
        Key::Text(_) | Key::Absent => None,
    }
}

fn read(cursor: &str) -> Result<After, Problem> {
    let parts = cursor
        .split_once('.')
        .and_then(|(at, id)| Some((at.parse::<i64>().ok()?, Uuid::try_parse(id).ok()?)));
    let (at, id) = parts.ok_or_else(|| wrong("cursor", "`next` of the page before"))?;
    Ok(After { key: Key::Int(at), id })
}

/// A stage in which a case may be public, by its word.
struct Stage(StageName);

impl std::str::FromStr for Stage {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        STAGES.iter().copied().find(|stage| stage.as_str() == word).map(Self).ok_or(())
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}
