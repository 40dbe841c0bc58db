//! `/log/…`: what the log shows of itself to whoever does not trust it. Public, for hashes tell
//! nothing of what was hashed; the events themselves are not served, for they hold personal data.

pub(in crate::http) mod checkpoint;
pub(in crate::http) mod consistency;
pub(in crate::http) mod inclusion;
pub(in crate::http) mod key;
pub(in crate::http) mod receipt;
pub(in crate::http) mod tile;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER};

use crate::http::problem::Problem;
use crate::proof::ProofError;

/// What changes with the next checkpoint.
const MUTABLE: (HeaderName, HeaderValue) =
    (CACHE_CONTROL, HeaderValue::from_static("public, max-age=5"));
/// What never changes.
const IMMUTABLE: (HeaderName, HeaderValue) =
    (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
/// Notes and keys.
const TEXT: &str = "text/plain; charset=utf-8";

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::NoCheckpoint => Self::new(
                StatusCode::NOT_FOUND,
                "no_checkpoint_yet",
                "Nhật ký chưa có mốc nào được ký; vui lòng thử lại sau một phút.",
                "The log has no signed checkpoint yet; please try again in a minute.",
            )
            .header(RETRY_AFTER, "60"),
            ProofError::Beyond { size } => Self::new(
                StatusCode::NOT_FOUND,
                "beyond_the_checkpoint",
                format!("Mốc gần nhất có {size} sự kiện; không có gì được hỏi ở đây."),
                format!("The last checkpoint has {size} events; what is asked for is not in it."),
            ),
            ProofError::Log(error) => crate::desk::DeskError::from(error).into(),
            error => {
                tracing::error!(%error, "the log cannot be proved; nothing of it is served");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "log_forked",
                    "Nhật ký không khớp với mốc đã ký hoặc đã được chứng kiến; không phát hành bằng chứng. Hãy chạy `hoiam log verify`.",
                    "The log does not fit what was signed or witnessed; no proof is given. Run `hoiam log verify`.",
                )
            }
        }
    }
}
