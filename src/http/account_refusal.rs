//! What accounts refuse, as problems.

use axum::http::StatusCode;
use hoiam_domain::accounts::AccountRejection;

use super::problem::Problem;
use crate::accounts::password::{LEAST, MOST, WeakPassword};
use crate::accounts::{AccountError, SignInError};
use crate::desk::DeskError;
use crate::log::{AppendError, LogError};

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        use AccountError as E;
        let unfit =
            |code, vi: &str, en: &str| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, vi, en);
        match error {
            E::Login => unfit(
                "login_invalid",
                "Tên đăng nhập gồm 2 đến 64 chữ a-z, số và các dấu . _ - @.",
                "A sign-in name is 2 to 64 letters a-z, digits and . _ - @.",
            )
            .field("login"),
            E::Name => unfit(
                "name_invalid",
                "Họ tên gồm 1 đến 120 ký tự trên một dòng.",
                "A name is 1 to 120 characters on one line.",
            )
            .field("name"),
            E::Rejected(rejection) => rejected(&rejection),
            E::Weak(weak) => too_weak(weak),
            E::Taken(_) => Self::new(
                StatusCode::CONFLICT,
                "login_taken",
                "Tên đăng nhập này đã có người dùng.",
                "There is an account of that name already.",
            )
            .field("login"),
            E::Unknown(_) => Self::new(
                StatusCode::NOT_FOUND,
                "no_such_account",
                "Không có tài khoản này.",
                "There is no such account.",
            )
            .field("login"),
            E::LastAdministrator => Self::new(
                StatusCode::CONFLICT,
                "last_administrator",
                "Đây là quản trị viên cuối cùng còn đăng nhập được; hãy thêm người khác trước.",
                "This is the last administrator who can sign in; add another one first.",
            ),
            E::Conflict => Self::new(
                StatusCode::CONFLICT,
                "account_changed",
                "Tài khoản vừa được thay đổi; vui lòng xem lại rồi làm lại nếu vẫn cần.",
                "The account was changed at the same time; look again and repeat what is still wanted.",
            ),
            E::Append(AppendError::Overloaded) => Self::overloaded(),
            E::Append(AppendError::Unavailable(why)) => DeskError::Unavailable(why).into(),
            E::Log(LogError::Database(error)) => DeskError::from(error).into(),
            E::Unavailable(error) => DeskError::from(error).into(),
            E::Hash(_) | E::Codec(_) | E::Append(_) | E::Log(_) => {
                tracing::error!(%error, "an account could not be read or written");
                Self::internal()
            }
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "sign_in_refused",
                "Tên đăng nhập, mật khẩu hoặc mã không đúng.",
                "Name, password or code is wrong.",
            ),
            SignInError::CodeNeeded => Self::new(
                StatusCode::UNAUTHORIZED,
                "code_needed",
                "Cần mã dùng một lần từ ứng dụng xác thực.",
                "A one-time code from the authenticator app is needed.",
            )
            .field("code"),
            SignInError::Wait { seconds } => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "sign_in_wait",
                format!("Sai quá nhiều lần; vui lòng thử lại sau {seconds} giây."),
                format!("Too many failures; please try again in {seconds} seconds."),
            )
            .retry_after(seconds),
            SignInError::Account(error) => error.into(),
        }
    }
}

fn rejected(rejection: &AccountRejection) -> Problem {
    let (code, field, vi) = match rejection {
        AccountRejection::NotForAccounts(_) => {
            ("role_not_for_accounts", "role", "Vai trò này không dành cho tài khoản.")
        }
        AccountRejection::AgencyMissing(_) => {
            ("agency_missing", "agency", "Vai trò này thuộc một đơn vị: hãy ghi rõ đơn vị.")
        }
        AccountRejection::AgencyGiven(_) => {
            ("agency_given", "agency", "Vai trò này không thuộc đơn vị nào: hãy bỏ trống đơn vị.")
        }
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, vi, rejection.to_string()).field(field)
}

fn too_weak(weak: WeakPassword) -> Problem {
    let vi = match weak {
        WeakPassword::Short => {
            format!("Mật khẩu cần ít nhất {LEAST} ký tự; một câu thì dễ nhớ.")
        }
        WeakPassword::Long => format!("Mật khẩu nhiều nhất {MOST} ký tự."),
        WeakPassword::Common => {
            "Mật khẩu này ai cũng đoán được trước tiên; hãy chọn mật khẩu khác.".to_owned()
        }
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password_weak", vi, weak.to_string())
        .field("new")
}
