//! What accounts refuse, as problems.

use axum::http::StatusCode;
use hoiam_domain::accounts::AccountRejection;

use super::problem::Problem;
use crate::accounts::openid::OpenIdError;
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
            E::Identity => unfit(
                "identity_invalid",
                "Nhà cung cấp (issuer) và định danh (subject) gồm 1 đến 255 ký tự trên một dòng.",
                "An issuer and a subject are 1 to 255 characters on one line.",
            )
            .field("subject"),
            E::LinkedElsewhere => Self::new(
                StatusCode::CONFLICT,
                "identity_linked_elsewhere",
                "Định danh này đã được gắn với một tài khoản khác.",
                "Another account is linked to this person of that provider.",
            )
            .field("subject"),
            E::NotLinked => Self::new(
                StatusCode::NOT_FOUND,
                "identity_not_linked",
                "Tài khoản chưa được gắn với nhà cung cấp này.",
                "The account is not linked to that provider.",
            )
            .field("issuer"),
            E::TooManyCases => Self::new(
                StatusCode::CONFLICT,
                "too_many_cases",
                "Tài khoản đã theo dõi số hồ sơ tối đa.",
                "The account follows as many cases as it may.",
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
            E::Hash(_) | E::Sealed(_) | E::Unreadable | E::Codec(_) | E::Append(_) | E::Log(_) => {
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

impl From<OpenIdError> for Problem {
    fn from(error: OpenIdError) -> Self {
        match error {
            OpenIdError::Unavailable(why) => {
                tracing::warn!(why, "a sign-in through a provider failed");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "provider_unavailable",
                    "Dịch vụ đăng nhập tạm thời không trả lời; vui lòng thử lại sau.",
                    "The sign-in provider does not answer; please try again later.",
                )
                .retry_after(30)
            }
            OpenIdError::State => Self::new(
                StatusCode::BAD_REQUEST,
                "sign_in_not_begun",
                "Trình duyệt này chưa bắt đầu lần đăng nhập đó, hoặc đã quá lâu; vui lòng đăng nhập lại.",
                "This browser began no such sign-in, or too long ago; please sign in again.",
            ),
            OpenIdError::Denied(why) => {
                tracing::info!(why, "a provider refused a sign-in");
                Self::new(
                    StatusCode::UNAUTHORIZED,
                    "provider_refused",
                    "Dịch vụ đăng nhập đã từ chối, hoặc bạn đã dừng lại.",
                    "The sign-in provider refused, or you stopped.",
                )
            }
            OpenIdError::Untrusted(why) => {
                tracing::warn!(why, "a provider's answer is not trusted");
                Self::new(
                    StatusCode::UNAUTHORIZED,
                    "provider_not_trusted",
                    "Câu trả lời của dịch vụ đăng nhập không đáng tin.",
                    "The sign-in provider's answer cannot be trusted.",
                )
            }
            OpenIdError::NoAccount => Self::new(
                StatusCode::FORBIDDEN,
                "no_linked_account",
                "Chưa có tài khoản nào gắn với bạn; quản trị viên có thể gắn.",
                "No account is linked to you; an administrator can link one.",
            ),
            OpenIdError::Unfit => Self::new(
                StatusCode::FORBIDDEN,
                "provider_disagrees",
                "Vai trò hoặc đơn vị ở dịch vụ đăng nhập không khớp với tài khoản.",
                "Role or agency at the sign-in provider do not fit the account.",
            ),
            OpenIdError::Account(error) => error.into(),
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
