//! `GET /api/v1/cases`: the list, filtered, in one order, page by page.

pub(super) mod asked;
mod cursor;
#[cfg(test)]
mod fuzz;
mod item;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::desk::DeskError;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::queries::list_cases;

pub(crate) use item::Item;

/// A page of the list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Cases {
    /// The cases, in the order asked for.
    items: Vec<Item>,
    /// What to pass as `cursor` for the next page, with everything else the same; null at the end.
    next: Option<String>,
}

/// Cases the caller may see. Lists of words are comma separated. `q` finds cases in whose text or
/// address every word occurs, the last one as a beginning; diacritics and đ do not matter. A `q`
/// that is a case number finds that case. Words that hundreds of cases have are looked for page by
/// page among the cases that come next in the order, and so are cases of a filter that leaves almost
/// nothing: a page may then be short, even empty, and still have a `next`.
#[utoipa::path(
    get, path = "/api/v1/cases", tag = "cases",
    params(
        ("status" = Option<String>, Query, description = "Stages, e.g. `dispatched,in_progress`"),
        ("agency" = Option<String>, Query, description = "An agency that leads or takes part"),
        ("lead" = Option<String>, Query, description = "The agency that leads; `none`: no agency has it"),
        ("focal_point" = Option<String>, Query, description = "Focal point of the lead agency; `none`: none yet"),
        ("handler" = Option<String>, Query, description = "The handler it is assigned to; `none`: nobody yet"),
        ("open_part" = Option<String>, Query, description = "An agency with a part in it that is not finished, as a co-agency"),
        ("part_due_before" = Option<String>, Query, description = "With `open_part`: that part's deadline lies before this time"),
        ("urgent" = Option<bool>, Query, description = "Jumps the queue, or does not"),
        ("due_from" = Option<String>, Query, description = "The earliest running deadline is at this time or later"),
        ("due_before" = Option<String>, Query, description = "The earliest running deadline is before this time"),
        ("sector" = Option<String>, Query, description = "Sector"),
        ("category" = Option<String>, Query, description = "Category"),
        ("district" = Option<String>, Query, description = "District"),
        ("channel" = Option<String>, Query, description = "Channels"),
        ("kind" = Option<String>, Query, description = "Kinds of case"),
        ("priority" = Option<String>, Query, description = "Priorities"),
        ("overdue" = Option<bool>, Query, description = "A running deadline has passed, or none has"),
        ("q" = Option<String>, Query, description = "Words, or a case number"),
        ("from" = Option<String>, Query, description = "Received from this day or time on"),
        ("to" = Option<String>, Query, description = "Received up to this day, or before this time"),
        ("sort" = Option<String>, Query, description = "`received`, `due`, `updated`, `number`, each also with `-` before it; `-received` if not given"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 if not given"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = Cases, headers(("Link" = Option<String>, description = "The next page"))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    RawQuery(raw): RawQuery,
    params: Params,
) -> Result<Response, Problem> {
    let rules = app.desk.rules();
    let now = app.desk.now();
    let mut query = asked::read(&params, &rules, now)?;
    let fingerprint = cursor::fingerprint(&params, query.order);
    query.after = params
        .get("cursor")
        .map(|text| cursor::read(text, query.order, &fingerprint))
        .transpose()?;
    let limit = query.limit as usize;
    // One more than asked for says whether there is a next page.
    query.limit += 1;
    let page = list_cases(app.desk.log(), &reader, &query).await.map_err(DeskError::from)?;
    let rows = page.rows;
    let last = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit);
    let end = last.map(|row| row.position(query.order)).or(page.walked);
    let next = end.map(|end| cursor::write(&end, &fingerprint));
    let link = next.as_deref().and_then(|next| link(raw.as_deref().unwrap_or_default(), next));
    let items = rows.into_iter().take(limit).map(|row| Item::of(row, now)).collect();
    let mut response = Json(Cases { items, next }).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// The address of the next page: this one with another cursor.
fn link(raw: &str, next: &str) -> Option<HeaderValue> {
    let kept: Vec<&str> =
        raw.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let cursor = format!("cursor={next}");
    let query = kept.into_iter().chain([cursor.as_str()]).collect::<Vec<_>>().join("&");
    HeaderValue::from_str(&format!("</api/v1/cases?{query}>; rel=\"next\"")).ok()
}
