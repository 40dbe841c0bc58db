//! Why a file was not taken or cannot be given, as problems that say what to do.

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;

use crate::attachments::AttachmentError;
use crate::attachments::media::Unfit;
use crate::attachments::photo::PhotoError;
use crate::http::problem::Problem;

impl From<AttachmentError> for Problem {
    fn from(error: AttachmentError) -> Self {
        match error {
            AttachmentError::Unfit(why) => unfit(why),
            AttachmentError::Photo(why) => photo(&why),
            AttachmentError::Gone => Self::new(
                StatusCode::GONE,
                "attachment_erased",
                "Tệp này đã được xóa.",
                "This file was erased.",
            ),
            AttachmentError::Desk(error) => error.into(),
            AttachmentError::Altered => {
                tracing::error!("a stored attachment is not what was stored");
                Self::internal()
            }
            AttachmentError::Store(why) => {
                tracing::error!(why, "the store of attachments does not answer");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "attachments_unavailable",
                    "Tạm thời không lưu hoặc đọc được tệp; vui lòng thử lại sau ít phút.",
                    "Files cannot be stored or read now; please try again in a few minutes.",
                )
                .header(RETRY_AFTER, "30")
            }
            error @ (AttachmentError::BrokenOff | AttachmentError::Settings(_)) => {
                tracing::error!(%error, "an attachment");
                Self::internal()
            }
        }
    }
}

fn unfit(why: Unfit) -> Problem {
    let (status, code, vi, en) = match why {
        Unfit::Empty => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "file_empty",
            "Tệp trống; vui lòng chọn lại.",
            "The file is empty; please choose it again.",
        ),
        Unfit::Heic => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "file_is_heic",
            "Ảnh HEIC chưa được nhận. Trên iPhone: Cài đặt › Camera › Định dạng › “Tương thích nhất”, hoặc gửi ảnh chụp màn hình của ảnh đó.",
            "HEIC pictures are not taken. On an iPhone: Settings › Camera › Formats › Most Compatible, or send a screenshot of the picture.",
        ),
        Unfit::QuickTime => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "file_is_quicktime",
            "Phim MOV chưa được nhận. Trên iPhone: Cài đặt › Camera › Định dạng › “Tương thích nhất”, hoặc gửi ảnh.",
            "MOV films are not taken. On an iPhone: Settings › Camera › Formats › Most Compatible, or send pictures.",
        ),
        Unfit::Unknown => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "file_type_not_taken",
            "Loại tệp này không được nhận. Hãy gửi ảnh (JPEG, PNG, WebP), PDF, phim (MP4, 3GP), ghi âm (M4A, MP3, OGG) hoặc văn bản thuần.",
            "Files of this type are not taken. Send pictures (JPEG, PNG, WebP), PDF, films (MP4, 3GP), recordings (M4A, MP3, OGG) or plain text.",
        ),
    };
    Problem::new(status, code, vi, en).field("file")
}

fn photo(why: &PhotoError) -> Problem {
    let (status, code, vi, en) = match why {
        PhotoError::TooManyPoints { .. } | PhotoError::TooMuch => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "picture_too_large",
            "Ảnh có kích thước quá lớn (tối đa 50 triệu điểm ảnh); vui lòng gửi ảnh nhỏ hơn.",
            "The picture is too large (at most 50 million points); please send a smaller one.",
        ),
        PhotoError::Damaged => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "picture_damaged",
            "Ảnh bị hỏng hoặc chưa tải lên đủ; vui lòng gửi lại.",
            "The picture is damaged or incomplete; please send it again.",
        ),
    };
    Problem::new(status, code, vi, en).field("file")
}
