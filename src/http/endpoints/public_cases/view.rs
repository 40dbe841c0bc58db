//! A case as everybody may know it: texts with personal data covered, nobody's name, a place that
//! is no address.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hoiam_domain::case::Case;
use hoiam_domain::case::publicity::{coarse, covered};
use hoiam_domain::kinds::Clock;
use hoiam_domain::private::Private;
use hoiam_domain::routing::Directory;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::http::headers::{etag, is_known};
use crate::tracking::hex;

/// Everybody may keep an answer for a minute: that long a case that was sealed may still be read.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// A public case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PublicCase {
    /// Case number.
    number: String,
    /// Where it stands.
    status: &'static str,
    /// Where it stands, in Vietnamese.
    status_vi: &'static str,
    /// Where it stands, in English.
    status_en: &'static str,
    /// Kind of case.
    kind: &'static str,
    /// Sector.
    sector: Option<String>,
    /// Category.
    category: Option<String>,
    /// District.
    district: Option<String>,
    /// Ward.
    ward: Option<String>,
    /// Latitude to a thousandth of a degree.
    lat: Option<f64>,
    /// Longitude to a thousandth of a degree.
    lon: Option<f64>,
    /// The responsible agency.
    agency: Option<String>,
    /// Its name.
    agency_name: Option<String>,
    /// What was reported, personal data covered.
    text: String,
    /// What was answered, personal data covered.
    answer: Option<String>,
    /// How it ended.
    outcome: Option<&'static str>,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Until when the answer is promised.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    /// When the agency said it will be finished.
    #[schema(value_type = Option<String>, format = DateTime)]
    committed_date: Option<Timestamp>,
    /// When the last thing happened.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl PublicCase {
    pub(super) fn of(case: &Case, directory: &Directory) -> Self {
        let work = &case.work;
        let stage = work.stage.name();
        let found = work.found.as_ref();
        let point = case.location.as_ref().and_then(|place| place.lat.zip(place.lon));
        let agency = case.agency();
        let text = |text: &Private<String>| covered(case, text.reveal());
        let resolution = work.resolution.as_ref();
        Self {
            number: case.number.to_string(),
            status: stage.as_str(),
            status_vi: stage.vi(),
            status_en: stage.en(),
            kind: case.kind().as_str(),
            sector: found.and_then(|f| f.sector.as_ref()).map(ToString::to_string),
            category: found.and_then(|f| f.category.as_ref()).map(ToString::to_string),
            district: found.and_then(|f| f.district.as_ref()).map(ToString::to_string),
            ward: found.and_then(|f| f.ward.as_ref()).map(ToString::to_string),
            lat: point.map(|(lat, _)| coarse(lat)),
            lon: point.map(|(_, lon)| coarse(lon)),
            agency: agency.map(ToString::to_string),
            agency_name: agency.and_then(|code| directory.agency(code)).map(|a| a.name.clone()),
            text: text(&case.text),
            answer: work.answer.as_ref().filter(|answer| !answer.is_erased()).map(text),
            outcome: resolution.map(|resolution| resolution.outcome.as_str()),
            received_at: case.received_at,
            due: case.due(Clock::Answer),
            committed_date: resolution
                .and_then(|resolution| resolution.committed_date)
                .or(work.progress.as_ref().and_then(|progress| progress.committed_date)),
            updated_at: case.last_at,
        }
    }
}

/// An answer with a tag of what it says.
pub(super) fn answer(headers: &HeaderMap, body: &impl Serialize) -> Response {
    // Texts and numbers: it always serialises.
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    let tag = hex(&Sha256::digest(&bytes)[..16]);
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, etag(&tag), [(CACHE_CONTROL, KEPT)]).into_response();
    }
    (etag(&tag), [(CACHE_CONTROL, KEPT)], Json(body)).into_response()
}
