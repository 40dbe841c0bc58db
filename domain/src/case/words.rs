//! Vietnamese for what people meet in refusals: commands and fields. English uses the words of the
//! interface itself.

/// What a command is called on a button.
pub fn command_vi(command: &str) -> &str {
    match command {
        "receive" => "tiếp nhận",
        "refuse" => "từ chối tiếp nhận",
        "hand-off" => "chuyển lực lượng khẩn cấp",
        "seal" => "chuyển luồng bảo mật",
        "classify" => "phân loại",
        "dispatch" => "chuyển đơn vị",
        "escalate" => "xin ý kiến điều phối",
        "accept" => "nhận xử lý",
        "return" => "trả lại",
        "rule" => "phân xử",
        "add-co-agency" => "thêm đơn vị phối hợp",
        "finish-part" => "hoàn thành phần việc",
        "drop-part" => "bỏ đơn vị phối hợp",
        "assign" => "phân công",
        "arrive" => "báo có mặt tại hiện trường",
        "make-safe" => "báo đã bảo đảm an toàn",
        "progress" => "báo tiến độ",
        "ask" => "hỏi người dân",
        "reply" => "bổ sung thông tin",
        "extend" => "gia hạn",
        "resolve" => "báo kết quả xử lý",
        "check-answer" => "kiểm tra kết quả",
        "answer" => "trả lời người dân",
        "rate" => "đánh giá",
        "reopen" => "mở lại",
        "appeal" => "đề nghị xem xét lại",
        "dismiss-appeal" => "giữ nguyên kết quả",
        "close" => "kết thúc hồ sơ",
        "choose" => "chọn công khai và giấu tên",
        "withdraw" => "rút phản ánh",
        "move-to-successor" => "chuyển đơn vị kế thừa",
        "correct" => "sửa bước ghi nhầm",
        "note" => "ghi chú",
        "erase" => "xoá dữ liệu cá nhân",
        "attach" => "đính kèm tệp",
        "tick" => "chạy hẹn giờ",
        "merge" => "gộp hồ sơ",
        "unmerge" => "tách hồ sơ",
        other => other,
    }
}

/// What a field is called on a form.
pub fn field_vi(field: &str) -> &str {
    match field {
        "text" => "nội dung",
        "name" => "họ tên",
        "phone" => "số điện thoại",
        "email" => "e-mail",
        "address" => "địa chỉ",
        "reason" => "lý do",
        "note" => "ghi chú",
        "legal_ground" => "căn cứ pháp lý",
        "task" => "phần việc",
        "handler" => "người xử lý",
        "question" => "câu hỏi",
        "comment" => "nhận xét",
        "photos" => "ảnh hiện trường",
        "committed_date" => "ngày cam kết hoàn thành",
        "new_due" => "hạn mới",
        "due" => "hạn phần việc",
        "receiver" => "nơi tiếp nhận",
        "file" => "tệp đính kèm",
        "duplicate_of" => "hồ sơ trùng",
        other => other,
    }
}

/// What a role is called.
pub fn role_vi(role: crate::actor::Role) -> &'static str {
    use crate::actor::Role;
    match role {
        Role::Citizen => "người dân",
        Role::Operator => "điện thoại viên",
        Role::Coordinator => "điều phối viên",
        Role::AgencyCoordinator => "đầu mối đơn vị",
        Role::Handler => "người xử lý",
        Role::UnitLeader => "lãnh đạo đơn vị",
        Role::CityLeader => "lãnh đạo thành phố",
        Role::Administrator => "quản trị viên",
        Role::Auditor => "kiểm toán viên",
        Role::System => "hệ thống",
        Role::Integration => "hệ thống kết nối",
    }
}

/// What a clock is called.
pub fn clock_vi(clock: crate::kinds::Clock) -> &'static str {
    use crate::kinds::Clock;
    match clock {
        Clock::Dispatch => "chuyển đơn vị",
        Clock::Ruling => "phân xử",
        Clock::Acknowledge => "nhận việc",
        Clock::OnSite => "có mặt tại hiện trường",
        Clock::MakeSafe => "bảo đảm an toàn",
        Clock::Resolve => "xử lý xong",
        Clock::Answer => "trả lời người dân",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::command::Command;

    #[test]
    fn every_command_has_a_vietnamese_name() {
        for name in Command::NAMES.iter().chain(&["receive", "attach", "merge", "unmerge"]) {
            assert_ne!(command_vi(name), *name);
        }
    }
}
