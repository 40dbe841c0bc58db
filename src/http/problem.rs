//! Saying no: RFC 9457 problems with a code for programs and a sentence for people, in Vietnamese
//! and English. A problem never repeats what a person wrote.

use std::any::Any;
use std::borrow::Cow;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why a request was not answered as asked. Small, for every function here may return one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Problem(Box<ProblemDetails>);

/// What a problem says.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ProblemDetails {
    /// A name of the kind of problem, `urn:hoiam:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:hoiam:problem:text_missing")]
    kind: String,
    /// What the status means.
    #[schema(value_type = String)]
    title: Cow<'static, str>,
    /// The status, again.
    status: u16,
    /// What is wrong with this request, in English.
    detail: String,
    /// Code for programs.
    #[schema(value_type = String, example = "text_missing")]
    code: Cow<'static, str>,
    /// The field, header or parameter that is wrong, e.g. `location.lat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "text")]
    field: Option<String>,
    /// What is wrong and what to do, in Vietnamese.
    vi: String,
    /// What is wrong and what to do, in English.
    en: String,
    /// The version the case has, when another one was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with its status, code and sentences.
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let en = en.into();
        Self(Box::new(ProblemDetails {
            kind: format!("urn:hoiam:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Problem").into(),
            status: status.as_u16(),
            detail: en.clone(),
            code: code.into(),
            field: None,
            vi: vi.into(),
            en,
            version: None,
            headers: Vec::new(),
        }))
    }

    /// The field that is wrong.
    #[must_use]
    pub(super) fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// The field put below another, where the caller's request nests it.
    #[must_use]
    pub(super) fn rename(mut self, from: &str, to: &str) -> Self {
        if self.0.field.as_deref() == Some(from) {
            self.0.field = Some(to.to_owned());
        }
        self
    }

    /// The version the case has.
    #[must_use]
    pub(super) fn version(mut self, version: u64) -> Self {
        self.0.version = Some(version);
        self
    }

    /// A header of the answer.
    #[must_use]
    pub(super) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.0.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// In how many seconds to try again.
    #[must_use]
    pub(super) fn retry_after(mut self, seconds: i64) -> Self {
        self.0.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    /// What is wrong and what to do, in Vietnamese and in English.
    pub(super) fn sentences(&self) -> (&str, &str) {
        (&self.0.vi, &self.0.en)
    }

    /// Whether the problem has this code.
    pub(super) fn is(&self, code: &str) -> bool {
        self.0.code == code
    }

    /// Something nobody asked for happened here.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Hệ thống gặp lỗi; vui lòng thử lại sau.",
            "Something went wrong here; please try again later.",
        )
    }

    /// The database does not answer.
    pub(super) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Hệ thống tạm thời không ghi nhận được; vui lòng thử lại sau ít phút.",
            "The desk cannot answer now; please try again in a few minutes.",
        )
        .header(RETRY_AFTER, "5")
    }

    /// Too many requests at the same time.
    pub(super) fn overloaded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "Hệ thống đang quá tải; vui lòng thử lại sau giây lát.",
            "Too much is waiting; please try again in a moment.",
        )
        .header(RETRY_AFTER, "1")
    }

    /// No such case, or none the caller may see.
    pub(super) fn no_such_case() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_case",
            "Không tìm thấy hồ sơ này.",
            "There is no such case.",
        )
    }

    /// No such file in this case, or none the caller may see.
    pub(super) fn no_such_attachment() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_attachment",
            "Không có tệp đính kèm này.",
            "There is no such attachment.",
        )
        .field("attachment")
    }

    /// No such command.
    pub(super) fn no_such_command() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_command",
            "Không có thao tác này.",
            "There is no such command.",
        )
        .field("command")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers: HeaderMap = self.0.headers.iter().cloned().collect();
        let mut response = (status, headers, Json(self)).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// Nobody signs in that way here.
pub(super) fn no_such_way() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_such_provider",
        "Hệ thống không có cách đăng nhập này.",
        "Nobody signs in that way here.",
    )
}

/// Nothing is served at a path.
pub(super) async fn no_such_path() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_such_path",
        "Không có địa chỉ này; xem /api/openapi.json.",
        "Nothing is served here; see /api/openapi.json.",
    )
}

/// A path is served, but not with this method. The router adds `Allow`.
pub(super) async fn method_not_allowed(method: Method) -> Problem {
    // Methods are words of HTTP or of the caller; only the former are repeated.
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let name = known.into_iter().find(|name| *name == method.as_str()).unwrap_or("?");
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("Địa chỉ này không nhận phương thức {name}."),
        format!("This path does not take the method {name}."),
    )
}

/// A handler panicked: a mistake in the program, for its log and nobody else. What the panic says is
/// left out: it may hold what a person wrote.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request handler panicked");
    Problem::internal().into_response()
}
