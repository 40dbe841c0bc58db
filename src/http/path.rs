//! What stands in a path.

use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::number::NumberError;
use uuid::Uuid;

use super::App;
use super::problem::Problem;

/// The case number of a path, read forgivingly.
pub(super) struct Number(pub(super) CaseNumber);

/// The last word of a path such as `/cases/{number}/{command}`; empty when it is no text at all.
pub(super) struct CommandWord(pub(super) String);

/// The tracking code of a path, as typed; empty when it is no text at all.
pub(super) struct TypedCode(pub(super) String);

/// The id of an attachment in a path.
pub(super) struct AttachmentId(pub(super) Uuid);

impl FromRequestParts<App> for AttachmentId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let typed = named(parts, app, "attachment").await.unwrap_or_default();
        Uuid::try_parse(&typed).map(Self).map_err(|_| Problem::no_such_attachment())
    }
}

impl FromRequestParts<App> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let typed = named(parts, app, "number").await.unwrap_or_default();
        typed.parse().map(Self).map_err(|error| match error {
            NumberError::Check => Problem::new(
                axum::http::StatusCode::NOT_FOUND,
                "no_such_case",
                "Số hồ sơ có ký tự sai hoặc bị đảo; vui lòng kiểm tra lại.",
                "The case number has a wrong character or two are swapped; please check it.",
            )
            .field("number"),
            NumberError::Shape | NumberError::Range => Problem::no_such_case().field("number"),
        })
    }
}

impl FromRequestParts<App> for CommandWord {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &App,
    ) -> Result<Self, std::convert::Infallible> {
        Ok(Self(named(parts, app, "command").await.unwrap_or_default()))
    }
}

impl FromRequestParts<App> for TypedCode {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &App,
    ) -> Result<Self, std::convert::Infallible> {
        Ok(Self(named(parts, app, "tracking_code").await.unwrap_or_default()))
    }
}

async fn named(parts: &mut Parts, app: &App, name: &str) -> Option<String> {
    type All = Path<Vec<(String, String)>>;
    let all: Result<All, PathRejection> = Path::from_request_parts(parts, app).await;
    all.ok()?.0.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}
