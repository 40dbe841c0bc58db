//! What the sealed stream refuses, as problems.

use axum::http::StatusCode;
use hoiam_domain::sealed::{GroupRejection, RevealRejection};

use super::problem::Problem;
use crate::accounts::AccountError;
use crate::desk::DeskError;
use crate::log::LogError;
use crate::sealed::SealedError;

impl From<SealedError> for Problem {
    fn from(error: SealedError) -> Self {
        use SealedError as E;
        match error {
            E::Group(no) => of_group(&no),
            E::Reveal(no) => of_reveal(&no),
            E::Account(error) => error.into(),
            E::Append(error) => AccountError::from(error).into(),
            E::Unavailable(error) => DeskError::from(error).into(),
            E::Log(LogError::Database(error)) => DeskError::from(error).into(),
            E::Codec(_) | E::Log(_) => {
                tracing::error!(%error, "the sealed stream's own events cannot be read");
                Self::internal()
            }
        }
    }
}

fn of_group(no: &GroupRejection) -> Problem {
    use GroupRejection as G;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let (status, code, field, vi) = match no {
        G::NotACoordinator(_) => {
            (unfit, "not_a_coordinator", "login", "Chỉ điều phối viên mới vào tổ hồ sơ mật.")
        }
        G::Disabled => (unfit, "account_disabled", "login", "Tài khoản này đang bị khóa."),
        G::TooFew => (
            StatusCode::CONFLICT,
            "group_too_small",
            "login",
            "Tổ hồ sơ mật luôn có ít nhất hai người; hãy thêm người khác trước.",
        ),
        G::TooMany => {
            (StatusCode::CONFLICT, "group_too_large", "login", "Tổ hồ sơ mật đã đủ người.")
        }
        G::Oneself => (unfit, "oneself", "login", "Không ai tự thêm hoặc tự rút tên mình."),
        G::BadNote => (unfit, "note_too_long", "note", "Ghi chú nhiều nhất 500 ký tự."),
    };
    Problem::new(status, code, vi, format!("{no}.")).field(field)
}

fn of_reveal(no: &RevealRejection) -> Problem {
    use RevealRejection as R;
    let (status, field) = match no {
        R::Fields | R::NotSealed(_) => (StatusCode::UNPROCESSABLE_ENTITY, Some("fields")),
        R::Reason => (StatusCode::UNPROCESSABLE_ENTITY, Some("reason")),
        R::NotAllowed | R::SamePerson | R::NotYours => (StatusCode::FORBIDDEN, None),
        R::NoSuchRequest => (StatusCode::NOT_FOUND, Some("request")),
        R::Decided | R::NotApproved | R::ReadAlready | R::Expired | R::TooMany => {
            (StatusCode::CONFLICT, None)
        }
    };
    let vi = in_vietnamese(no);
    let problem = Problem::new(status, no.code(), vi, format!("{no}."));
    match field {
        Some(field) => problem.field(field),
        None => problem,
    }
}

/// Why something is not read, for whoever wanted to.
pub(crate) const fn in_vietnamese(no: &RevealRejection) -> &'static str {
    use RevealRejection as R;
    match no {
        R::Fields => "Vui lòng nêu mỗi nội dung cần xem một lần.",
        R::NotSealed(_) => "Nội dung này không được niêm phong trong hồ sơ.",
        R::Reason => "Lý do gồm 10 đến 500 ký tự.",
        R::NotAllowed => "Bạn không được xem nội dung này.",
        R::SamePerson => "Người khác trong tổ phải quyết định yêu cầu của bạn.",
        R::NotYours => "Chỉ người yêu cầu mới được xem.",
        R::NoSuchRequest => "Không có yêu cầu này.",
        R::Decided => "Yêu cầu này đã được quyết định.",
        R::NotApproved => "Yêu cầu này chưa được chấp thuận.",
        R::ReadAlready => "Đã xem rồi; nếu cần, hãy yêu cầu lại.",
        R::Expired => "Đã hết thời hạn; nếu cần, hãy yêu cầu lại.",
        R::TooMany => "Đang có quá nhiều yêu cầu chờ quyết định.",
    }
}
