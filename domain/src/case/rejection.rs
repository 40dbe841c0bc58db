//! Refusals: a code for programs, a sentence in Vietnamese and English for people that says what
//! to do.

use crate::actor::Role;
use crate::kinds::Clock;

use super::stage::StageName;
use super::words::{clock_vi, command_vi, field_vi, role_vi};

/// Why a command was refused. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is explained by its sentence below")]
pub enum Rejection {
    WrongStage { command: &'static str, stage: StageName },
    RoleNotAllowed { command: &'static str, role: Role },
    NotAParty,
    NotYourAgency,
    NotYourFocalPoint,
    NotYourCase,
    SealedCase,
    TextMissing { field: &'static str },
    TextTooLong { field: &'static str, limit: usize },
    TextControl { field: &'static str },
    TooMany { field: &'static str, limit: usize },
    InFuture,
    OutOfOrder,
    BadCoordinates,
    UnknownAgency { code: String },
    AgencyEnded { code: String, successor: Option<String> },
    AgencyStillOpen { code: String },
    NoSuccessor { code: String },
    AccusedAgency,
    UnknownFocalPoint { code: String },
    UnknownCategory { code: String },
    UnknownPlace,
    NothingToClassify,
    ReturnsExhausted { limit: u32 },
    RulingBinds,
    RulingNeeded,
    NoAppeal,
    NoQuestion,
    QuestionOpen,
    OthersReported,
    NotFirstReporter,
    AlreadyInvolved { code: String },
    NotInvolved { code: String },
    PartsOpen { agencies: String },
    DueNotFuture { field: &'static str },
    EvidenceMissing { field: &'static str },
    ExtensionUsed,
    ExtensionLate,
    ExtensionNotLater,
    ExtensionTooFar,
    NoClock { clock: Clock },
    ScoreOutOfRange,
    WindowOver,
    MergeIntoItself,
    MergeSealed,
    MergeTarget { stage: StageName },
    NotMergedHere,
    MergedOn { number: String },
    NothingToCorrect,
    NotTheLastStep { version: u64 },
    CorrectByOther,
    CalendarTooShort { detail: String },
}

impl Rejection {
    /// Code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongStage { .. } => "wrong_stage",
            Self::RoleNotAllowed { .. } => "role_not_allowed",
            Self::NotAParty => "not_a_party",
            Self::NotYourAgency => "not_your_agency",
            Self::NotYourFocalPoint => "not_your_focal_point",
            Self::NotYourCase => "not_your_case",
            Self::SealedCase => "sealed_case",
            Self::TextMissing { .. } => "text_missing",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TextControl { .. } => "text_control_characters",
            Self::TooMany { .. } => "too_many",
            Self::InFuture => "in_future",
            Self::OutOfOrder => "out_of_order",
            Self::BadCoordinates => "bad_coordinates",
            Self::UnknownAgency { .. } => "unknown_agency",
            Self::AgencyEnded { .. } => "agency_ended",
            Self::AgencyStillOpen { .. } => "agency_still_open",
            Self::NoSuccessor { .. } => "no_successor",
            Self::AccusedAgency => "accused_agency",
            Self::UnknownFocalPoint { .. } => "unknown_focal_point",
            Self::UnknownCategory { .. } => "unknown_category",
            Self::UnknownPlace => "unknown_place",
            Self::NothingToClassify => "nothing_to_classify",
            Self::ReturnsExhausted { .. } => "returns_exhausted",
            Self::RulingBinds => "ruling_binds",
            Self::RulingNeeded => "ruling_needed",
            Self::NoAppeal => "no_appeal",
            Self::NoQuestion => "no_question",
            Self::QuestionOpen => "question_open",
            Self::OthersReported => "others_reported",
            Self::NotFirstReporter => "not_first_reporter",
            Self::AlreadyInvolved { .. } => "already_involved",
            Self::NotInvolved { .. } => "not_involved",
            Self::PartsOpen { .. } => "parts_open",
            Self::DueNotFuture { .. } => "due_not_future",
            Self::EvidenceMissing { .. } => "evidence_missing",
            Self::ExtensionUsed => "extension_used",
            Self::ExtensionLate => "extension_late",
            Self::ExtensionNotLater => "extension_not_later",
            Self::ExtensionTooFar => "extension_too_far",
            Self::NoClock { .. } => "no_clock",
            Self::ScoreOutOfRange => "score_out_of_range",
            Self::WindowOver => "window_over",
            Self::MergeIntoItself => "merge_into_itself",
            Self::MergeSealed => "merge_sealed",
            Self::MergeTarget { .. } => "merge_target",
            Self::NotMergedHere => "not_merged_here",
            Self::MergedOn { .. } => "merged_on",
            Self::NothingToCorrect => "nothing_to_correct",
            Self::NotTheLastStep { .. } => "not_the_last_step",
            Self::CorrectByOther => "correct_by_other",
            Self::CalendarTooShort { .. } => "calendar_too_short",
        }
    }

    /// The field of the command that is wrong, if one is.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::TextMissing { field }
            | Self::TextTooLong { field, .. }
            | Self::TextControl { field }
            | Self::TooMany { field, .. }
            | Self::DueNotFuture { field }
            | Self::EvidenceMissing { field } => Some(field),
            Self::UnknownAgency { .. } | Self::AgencyEnded { .. } => Some("agency"),
            Self::UnknownFocalPoint { .. } => Some("focal_point"),
            Self::UnknownCategory { .. } => Some("category"),
            Self::ScoreOutOfRange => Some("score"),
            Self::BadCoordinates => Some("location"),
            Self::InFuture | Self::OutOfOrder => Some("occurred_at"),
            Self::ExtensionNotLater | Self::ExtensionTooFar => Some("new_due"),
            Self::MergeIntoItself | Self::MergeTarget { .. } => Some("into"),
            _ => None,
        }
    }

    /// The actor may not do this at all, whatever the state of the case.
    pub fn is_forbidden(&self) -> bool {
        matches!(
            self,
            Self::RoleNotAllowed { .. }
                | Self::NotAParty
                | Self::NotYourAgency
                | Self::NotYourFocalPoint
                | Self::NotYourCase
                | Self::SealedCase
                | Self::CorrectByOther
        )
    }

    /// For people: Vietnamese.
    pub fn vi(&self) -> String {
        match self {
            Self::WrongStage { command, stage } => {
                format!("Không thể {} khi hồ sơ {}.", command_vi(command), stage.vi())
            }
            Self::RoleNotAllowed { command, role } => {
                format!("Vai trò {} không được {}.", role_vi(*role), command_vi(command))
            }
            Self::NotAParty => "Chỉ người gửi phản ánh mới được làm việc này.".into(),
            Self::NotYourAgency => "Hồ sơ này không thuộc đơn vị của bạn.".into(),
            Self::NotYourFocalPoint => "Hồ sơ đã giao cho đầu mối khác của đơn vị.".into(),
            Self::NotYourCase => "Hồ sơ đã giao cho người xử lý khác.".into(),
            Self::SealedCase => "Hồ sơ mật: chỉ tổ hồ sơ mật được xử lý.".into(),
            Self::TextMissing { field } => format!("Vui lòng điền phần {}.", field_vi(field)),
            Self::TextTooLong { field, limit } => {
                format!("Phần {} dài quá {limit} ký tự; vui lòng rút gọn.", field_vi(field))
            }
            Self::TextControl { field } => {
                format!(
                    "Phần {} chứa ký tự điều khiển không hợp lệ; vui lòng xóa bỏ.",
                    field_vi(field)
                )
            }
            Self::TooMany { field, limit } => {
                format!("Phần {} chỉ được tối đa {limit} mục.", field_vi(field))
            }
            Self::InFuture => "Thời điểm xảy ra không được ở tương lai.".into(),
            Self::OutOfOrder => "Thời điểm xảy ra không được trước bước gần nhất.".into(),
            Self::BadCoordinates => "Tọa độ không hợp lệ: cần cả vĩ độ và kinh độ.".into(),
            Self::UnknownAgency { code } => format!("Không có đơn vị “{code}” trong danh bạ."),
            Self::AgencyEnded { code, successor: Some(next) } => {
                format!("Đơn vị “{code}” đã kết thúc hoạt động; hãy chọn “{next}”.")
            }
            Self::AgencyEnded { code, successor: None } => {
                format!("Đơn vị “{code}” đã kết thúc hoạt động; hãy chọn đơn vị khác.")
            }
            Self::AgencyStillOpen { code } => format!("Đơn vị “{code}” vẫn đang hoạt động."),
            Self::NoSuccessor { code } => {
                format!("Danh bạ chưa ghi đơn vị kế thừa của “{code}”; hãy nêu rõ đơn vị.")
            }
            Self::AccusedAgency => "Không được chuyển cho đơn vị bị khiếu nại, tố cáo.".into(),
            Self::UnknownFocalPoint { code } => format!("Không có đầu mối “{code}” ở đơn vị này."),
            Self::UnknownCategory { code } => format!("Không có loại việc “{code}”."),
            Self::UnknownPlace => {
                "Quận, phường không có trong danh bạ hoặc không khớp nhau.".into()
            }
            Self::NothingToClassify => "Vui lòng nêu ít nhất một nội dung phân loại.".into(),
            Self::ReturnsExhausted { limit } => {
                format!("Đã trả lại {limit} lần; điều phối viên sẽ phân xử.")
            }
            Self::RulingBinds => "Điều phối viên đã phân xử; đơn vị phải nhận.".into(),
            Self::RulingNeeded => "Hồ sơ đang chờ điều phối viên phân xử.".into(),
            Self::NoAppeal => "Hồ sơ không có đề nghị xem xét lại đang chờ.".into(),
            Self::NoQuestion => "Không có câu hỏi nào đang chờ người dân trả lời.".into(),
            Self::QuestionOpen => {
                "Người dân chưa trả lời câu hỏi trước; thời hạn không thể tạm dừng thêm.".into()
            }
            Self::OthersReported => {
                "Người khác cũng phản ánh việc này; một người không thể rút thay mọi người.".into()
            }
            Self::NotFirstReporter => {
                "Hồ sơ này của người phản ánh đầu tiên; chỉ người đó chọn công khai hay không."
                    .into()
            }
            Self::AlreadyInvolved { code } => format!("Đơn vị “{code}” đã tham gia hồ sơ."),
            Self::NotInvolved { code } => {
                format!("Đơn vị “{code}” không có phần việc trong hồ sơ.")
            }
            Self::PartsOpen { agencies } => {
                format!("Còn phần việc bắt buộc chưa xong của: {agencies}.")
            }
            Self::DueNotFuture { field } => {
                format!("Thời điểm ở phần {} phải ở tương lai.", field_vi(field))
            }
            Self::EvidenceMissing { field } => {
                format!("Kết quả này cần kèm {}.", field_vi(field))
            }
            Self::ExtensionUsed => "Hồ sơ đã gia hạn một lần; không thể gia hạn thêm.".into(),
            Self::ExtensionLate => "Đã quá hạn; chỉ được gia hạn trước khi hết hạn.".into(),
            Self::ExtensionNotLater => "Hạn mới phải sau hạn hiện tại.".into(),
            Self::ExtensionTooFar => "Hạn mới vượt mức gia hạn tối đa.".into(),
            Self::NoClock { clock } => {
                format!("Hồ sơ không có thời hạn “{}” đang chạy.", clock_vi(*clock))
            }
            Self::ScoreOutOfRange => "Điểm đánh giá từ 1 đến 5.".into(),
            Self::WindowOver => {
                "Đã hết thời gian đánh giá, mở lại hoặc đề nghị xem xét lại.".into()
            }
            Self::MergeIntoItself => "Không thể gộp hồ sơ vào chính nó.".into(),
            Self::MergeSealed => "Chỉ gộp hồ sơ có cùng mức bảo mật.".into(),
            Self::MergeTarget { stage } => {
                format!("Không thể gộp vào hồ sơ {}.", stage.vi())
            }
            Self::NotMergedHere => "Hồ sơ này không được gộp vào hồ sơ kia.".into(),
            Self::MergedOn { number } => {
                format!("Hồ sơ kia cũng đã được gộp vào “{number}”; hãy tách hồ sơ đó trước.")
            }
            Self::NothingToCorrect => "Không có bước nào để sửa.".into(),
            Self::NotTheLastStep { version } => {
                format!("Chỉ sửa được bước gần nhất (phiên bản {version}).")
            }
            Self::CorrectByOther => {
                "Chỉ người đã thao tác hoặc điều phối viên được sửa bước này.".into()
            }
            Self::CalendarTooShort { detail } => {
                format!("Lịch làm việc chưa đủ để tính hạn ({detail}); hãy báo quản trị viên.")
            }
        }
    }

    /// For people: English.
    pub fn en(&self) -> String {
        match self {
            Self::WrongStage { command, stage } => {
                format!("`{command}` is not possible while the case is {}.", stage.en())
            }
            Self::RoleNotAllowed { command, role } => {
                format!("The role `{role}` may not `{command}`.")
            }
            Self::NotAParty => "Only somebody who reported the case may do this.".into(),
            Self::NotYourAgency => "The case is not with your agency.".into(),
            Self::NotYourFocalPoint => "Another focal point of the agency has the case.".into(),
            Self::NotYourCase => "The case is assigned to another handler.".into(),
            Self::SealedCase => {
                "Sealed: only the group of the sealed stream may act on this case.".into()
            }
            Self::TextMissing { field } => format!("Please fill in `{field}`."),
            Self::TextTooLong { field, limit } => {
                format!("`{field}` is longer than {limit} characters; please shorten it.")
            }
            Self::TextControl { field } => {
                format!("`{field}` holds control characters; please remove them.")
            }
            Self::TooMany { field, limit } => format!("`{field}` may hold {limit} items at most."),
            Self::InFuture => "It cannot have happened in the future.".into(),
            Self::OutOfOrder => "It cannot have happened before the last step.".into(),
            Self::BadCoordinates => "Coordinates need a valid latitude and longitude.".into(),
            Self::UnknownAgency { code } => format!("No agency `{code}` in the directory."),
            Self::AgencyEnded { code, successor: Some(next) } => {
                format!("Agency `{code}` has ended; choose `{next}`.")
            }
            Self::AgencyEnded { code, successor: None } => {
                format!("Agency `{code}` has ended; choose another.")
            }
            Self::AgencyStillOpen { code } => format!("Agency `{code}` has not ended."),
            Self::NoSuccessor { code } => {
                format!("The directory names no successor of `{code}`; name one.")
            }
            Self::AccusedAgency => "The agency complained of may not get the case.".into(),
            Self::UnknownFocalPoint { code } => format!("The agency has no focal point `{code}`."),
            Self::UnknownCategory { code } => format!("No category `{code}`."),
            Self::UnknownPlace => {
                "The district or ward is not in the directory, or they do not fit.".into()
            }
            Self::NothingToClassify => "Give at least one thing to classify.".into(),
            Self::ReturnsExhausted { limit } => {
                format!("Returned {limit} times already; a coordinator rules now.")
            }
            Self::RulingBinds => "A coordinator ruled; the agency must take the case.".into(),
            Self::RulingNeeded => "The case waits for a coordinator's ruling.".into(),
            Self::NoAppeal => "There is no appeal to dismiss.".into(),
            Self::NoQuestion => "No question waits for the citizen's answer.".into(),
            Self::QuestionOpen => {
                "The citizen has not answered the last question; the clocks cannot pause again."
                    .into()
            }
            Self::OthersReported => {
                "Others reported the same; one person cannot take it back for all.".into()
            }
            Self::NotFirstReporter => {
                "Whether it may be public is for the first reporter of this case to say.".into()
            }
            Self::AlreadyInvolved { code } => format!("Agency `{code}` is involved already."),
            Self::NotInvolved { code } => format!("Agency `{code}` has no part in the case."),
            Self::PartsOpen { agencies } => format!("Mandatory parts are open: {agencies}."),
            Self::DueNotFuture { field } => format!("`{field}` must be in the future."),
            Self::EvidenceMissing { field } => format!("This outcome needs `{field}`."),
            Self::ExtensionUsed => "The case was extended once; it cannot be again.".into(),
            Self::ExtensionLate => "The deadline has passed; extend before it does.".into(),
            Self::ExtensionNotLater => "The new deadline must be after the present one.".into(),
            Self::ExtensionTooFar => "The new deadline is beyond the longest extension.".into(),
            Self::NoClock { clock } => format!("The clock `{clock}` is not running."),
            Self::ScoreOutOfRange => "Ratings go from 1 to 5.".into(),
            Self::WindowOver => "The time to rate, reopen or appeal is over.".into(),
            Self::MergeIntoItself => "A case cannot be merged into itself.".into(),
            Self::MergeSealed => "Only cases of the same confidentiality can be merged.".into(),
            Self::MergeTarget { stage } => {
                format!("Nothing can be merged into a case that is {}.", stage.en())
            }
            Self::NotMergedHere => "The case was not merged into that one.".into(),
            Self::MergedOn { number } => {
                format!("That case was itself merged into `{number}`; undo that first.")
            }
            Self::NothingToCorrect => "There is no step to correct.".into(),
            Self::NotTheLastStep { version } => {
                format!("Only the last step (version {version}) can be corrected.")
            }
            Self::CorrectByOther => {
                "Only whoever took the step or a coordinator can correct it.".into()
            }
            Self::CalendarTooShort { detail } => {
                format!("The calendar does not reach far enough ({detail}); tell an administrator.")
            }
        }
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for Rejection {}
