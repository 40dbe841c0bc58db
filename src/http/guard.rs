//! Limits that every request passes: how large, how many at once, how long.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::problem::Problem;

/// The largest body, in bytes. Above the longest feedback by far, so that a text of a megabyte is
/// refused by the field it stands in and only what is larger by its size alone.
pub(super) const BODY: usize = 2 << 20;
/// How much more of a body that is too large is received before the connection is given up.
pub(super) const DRAINED: usize = 16 << 20;
/// The longest path with its query, in bytes.
const URI: usize = 8 << 10;
/// All headers together, in bytes.
const HEADERS: usize = 32 << 10;
/// The longest a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest an upload may take: ten megabytes over a poor mobile connection.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(180);
/// The longest nothing may come of a body.
pub(super) const SILENCE: Duration = Duration::from_secs(15);
/// Uploads received at the same time; each may take as much memory as a file may be large.
pub(super) const UPLOADS: usize = 32;
/// Files being read by clients at the same time, likewise.
pub(super) const DOWNLOADS: usize = 64;
/// Requests worked on at the same time.
pub(super) const AT_ONCE: usize = 1_024;

/// Lets a request through if it keeps the limits.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Who watches the program must be answered when it is busiest.
    let watched = matches!(path, "/healthz" | "/readyz" | "/metrics");
    let answers_api = path.starts_with("/api/v1");
    let uploads = *request.method() == Method::POST && path.ends_with("/attachments");
    let patience = if uploads { UPLOAD_PATIENCE } else { PATIENCE };
    if let Err(problem) = sizes(&request) {
        return problem.into_response();
    }
    let slot = app.slots.try_acquire();
    if slot.is_err() && !watched {
        return Problem::overloaded().into_response();
    }
    let mut response = match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => too_long().into_response(),
    };
    harden(response.headers_mut(), answers_api);
    response
}

fn sizes(request: &Request) -> Result<(), Problem> {
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri > URI {
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "uri_too_long",
            "Địa chỉ yêu cầu quá dài.",
            "The path with its query is too long.",
        ));
    }
    let headers: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > HEADERS {
        return Err(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            "Phần tiêu đề quá lớn.",
            "The headers are too large.",
        ));
    }
    Ok(())
}

fn too_long() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "timeout",
        "Yêu cầu mất quá nhiều thời gian; hãy gửi lại với cùng Idempotency-Key.",
        "The request took too long; send it again with the same Idempotency-Key.",
    )
    .header(axum::http::header::RETRY_AFTER, "1")
}

/// What browsers must keep to, on every answer: no script, style or frame but our own and none
/// inline, TLS from now on, no guessing of types, nothing about our addresses told to others.
const HARDENED: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(self), microphone=(), payment=()"),
];

/// Answers about cases belong to whoever asked, not to a cache or another page.
fn harden(headers: &mut HeaderMap, answers_api: bool) {
    for (name, value) in HARDENED {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        // What people sent is served under a policy that allows less still.
        if name == CONTENT_SECURITY_POLICY && headers.contains_key(&name) {
            continue;
        }
        headers.insert(name, value);
    }
    if answers_api {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}
