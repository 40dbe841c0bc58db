//! What the desk refuses, as problems.

use axum::http::StatusCode;
use hoiam_domain::case::Rejection;

use super::problem::Problem;
use crate::desk::DeskError;

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::no_such_case(),
            DeskError::Rejected(rejection) => rejected(&rejection),
            DeskError::Stale { actual } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale_version",
                format!("Hồ sơ đã thay đổi (phiên bản {actual}); vui lòng tải lại."),
                format!("The case has changed (version {actual}); please load it again."),
            )
            .field("If-Match")
            .version(actual),
            DeskError::OutsideCity { .. } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "outside_city",
                "Vị trí nằm ngoài thành phố; vui lòng kiểm tra lại tọa độ.",
                "The point lies outside the city; please check the coordinates.",
            )
            .field("location"),
            DeskError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "Khóa Idempotency-Key này đã dùng cho yêu cầu khác.",
                "This Idempotency-Key was used for another request.",
            )
            .field("Idempotency-Key"),
            DeskError::Overloaded => Self::overloaded(),
            DeskError::Unavailable(why) => {
                tracing::error!(why, "the database is not available");
                Self::unavailable()
            }
            DeskError::Unreadable(why) => {
                tracing::error!(%why, "the log cannot be read");
                Self::internal()
            }
            DeskError::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "Nội dung quá lớn; vui lòng rút gọn.",
                "The request is too large; please shorten it.",
            ),
        }
    }
}

fn rejected(rejection: &Rejection) -> Problem {
    let status = if rejection.is_forbidden() {
        StatusCode::FORBIDDEN
    } else if depends_on_the_case(rejection) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let problem = Problem::new(status, rejection.code(), rejection.vi(), rejection.en());
    match rejection.field() {
        Some(field) => problem.field(field),
        None => problem,
    }
}

/// The same request could succeed on the case in another state.
fn depends_on_the_case(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::WrongStage { .. }
            | Rejection::AgencyStillOpen { .. }
            | Rejection::AccusedAgency
            | Rejection::ReturnsExhausted { .. }
            | Rejection::RulingBinds
            | Rejection::RulingNeeded
            | Rejection::NoAppeal
            | Rejection::AlreadyInvolved { .. }
            | Rejection::NotInvolved { .. }
            | Rejection::PartsOpen { .. }
            | Rejection::ExtensionUsed
            | Rejection::ExtensionLate
            | Rejection::NoClock { .. }
            | Rejection::WindowOver
            | Rejection::MergeIntoItself
            | Rejection::MergeSealed
            | Rejection::MergeTarget { .. }
            | Rejection::NotMergedHere
            | Rejection::NothingToCorrect
            | Rejection::NotTheLastStep { .. }
    )
}

/// Runs what changes something to its end, also when the client goes away meanwhile: a dropped
/// transaction could leave a connection in a state nobody knows.
///
/// # Errors
/// What the work refuses.
pub(super) async fn to_the_end<T, E, F>(work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<Problem> + Send + 'static,
    F: Future<Output = Result<T, E>> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => {
            tracing::error!(%error, "a command did not run to its end");
            Err(Problem::internal())
        }
    }
}
