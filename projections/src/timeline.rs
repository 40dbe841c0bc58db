//! What happened, one line an event: a sentence in Vietnamese and English that gives nobody away.
//!
//! Made from the events when somebody reads it, never stored: a case has about twenty, and what is
//! not stored need not be written with each command, kept equal, rebuilt or erased.

use hoiam_domain::actor::Role;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::words::clock_vi;
use hoiam_domain::case::{Event, Meta};
use hoiam_domain::codes::AgencyCode;
use jiff::Timestamp;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Version of the event.
    pub version: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The citizen may see it.
    pub public: bool,
    /// In Vietnamese, with agencies as [`with_names`] reads them.
    pub vi: String,
    /// In English, likewise.
    pub en: String,
}

impl Line {
    /// The line of an event.
    pub fn of(event: &Event, meta: &Meta) -> Self {
        let (mut public, vi, en) = sentence(event);
        if let Event::Attached(attached) = event {
            public = attached.shown || meta.actor.role == Role::Citizen;
        }
        Self { version: meta.version, at: meta.occurred_at, public, vi, en }
    }
}

/// An agency as the sentence holds it, `{CODE}`; [`with_names`] puts the name of the day of reading.
fn named(agency: &AgencyCode) -> String {
    format!("{{{agency}}}")
}

/// A sentence with the agencies' names in place of their codes. A code `name_of` does not know
/// stays as it is.
pub fn with_names(sentence: &str, name_of: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((code, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&name_of(code).unwrap_or_else(|| code.to_owned()));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether a citizen sees it, and in which words.
fn sentence(event: &Event) -> (bool, String, String) {
    let shown = |vi: &str, en: &str| (true, vi.to_owned(), en.to_owned());
    let hidden = |vi: &str, en: &str| (false, vi.to_owned(), en.to_owned());
    match event {
        Event::Received(_) => shown("Đã tiếp nhận phản ánh", "Received"),
        Event::Refused(_) => shown("Từ chối tiếp nhận, có nêu lý do", "Refused, with a reason"),
        Event::HandedOff(e) => (
            true,
            format!("Đã chuyển ngay cho {}", e.service),
            format!("Handed to {} at once", e.service),
        ),
        Event::Sealed(_) => hidden("Chuyển luồng bảo mật", "Put into the sealed stream"),
        Event::Classified(_) => hidden("Đã phân loại", "Classified"),
        Event::Dispatched(e) => (
            true,
            format!("Đã chuyển {}", named(&e.agency)),
            format!("Sent to {}", named(&e.agency)),
        ),
        Event::SentToArbitration(_) => {
            shown("Điều phối viên đang xác định đơn vị xử lý", "Coordinators decide who acts")
        }
        Event::Accepted(e) => (
            true,
            format!("{} đã nhận xử lý", named(&e.agency)),
            format!("{} accepted", named(&e.agency)),
        ),
        Event::Returned(e) => (
            true,
            format!("{} đề nghị chuyển đơn vị khác", named(&e.agency)),
            format!("{} asked for another agency", named(&e.agency)),
        ),
        Event::Ruled(e) => (
            true,
            format!("Điều phối viên giao {} xử lý", named(&e.agency)),
            format!("Coordinators gave it to {}", named(&e.agency)),
        ),
        Event::CoAgencyAdded(e) => (
            true,
            format!("{} cùng phối hợp", named(&e.agency)),
            format!("{} takes part as well", named(&e.agency)),
        ),
        Event::PartFinished(e) => (
            true,
            format!("{} đã xong phần việc", named(&e.agency)),
            format!("{} finished its part", named(&e.agency)),
        ),
        Event::PartDropped(_) => hidden("Bỏ đơn vị phối hợp", "A co-agency was released"),
        Event::PartMoved(e) => (
            true,
            format!("{} phối hợp thay {}", named(&e.to), named(&e.from)),
            format!("{} takes part in place of {}", named(&e.to), named(&e.from)),
        ),
        Event::Assigned(_) => hidden("Đã phân công", "Assigned"),
        Event::Arrived(_) => shown("Đã có mặt tại hiện trường", "On site"),
        Event::MadeSafe(_) => shown("Đã bảo đảm an toàn tạm thời", "Made safe"),
        Event::ProgressReported(_) => shown("Cập nhật tiến độ", "Progress reported"),
        Event::QuestionAsked(_) => shown("Chờ bạn bổ sung thông tin", "Waiting for your answer"),
        Event::QuestionAnswered(_) => shown("Đã nhận thông tin bổ sung", "Your answer arrived"),
        Event::PauseCapped(_) => {
            shown("Tiếp tục xử lý dù chưa có bổ sung", "Work goes on without the answer")
        }
        Event::Extended(_) => shown("Gia hạn, có nêu lý do", "Extended, with a reason"),
        Event::Resolved(_) => shown("Đơn vị báo đã xử lý", "The agency reports it is finished"),
        Event::AnswerChecked(_) => hidden("Kiểm tra kết quả", "Answer checked"),
        Event::Answered(_) => shown("Đã trả lời", "Answered"),
        Event::Rated(_) => shown("Bạn đã đánh giá", "Rated"),
        Event::Reopened(_) => shown("Mở lại theo yêu cầu", "Reopened"),
        Event::Appealed(_) => shown("Đã ghi nhận đề nghị xem xét lại", "Appeal received"),
        Event::AppealDismissed(_) => shown("Giữ nguyên kết quả", "The result stands"),
        Event::Closed(_) => shown("Kết thúc hồ sơ", "Closed"),
        Event::Merged(e) => {
            (true, format!("Gộp vào hồ sơ {}", e.number), format!("Merged into case {}", e.number))
        }
        Event::Absorbed(_) => hidden("Nhận hồ sơ gộp", "Another case was merged in"),
        Event::Unmerged(_) => shown("Tách lại thành hồ sơ riêng", "A case of its own again"),
        Event::Released(_) => hidden("Tách hồ sơ đã gộp", "A merged case left"),
        Event::Withdrawn(_) => shown("Đã rút phản ánh", "Withdrawn"),
        Event::MovedToSuccessor(e) => (
            true,
            format!("{} tiếp nhận thay {}", named(&e.to), named(&e.from)),
            format!("{} took over from {}", named(&e.to), named(&e.from)),
        ),
        Event::StepCorrected(_) => shown("Sửa một bước ghi nhầm", "A mistaken step was undone"),
        Event::Erased(e) => match e.what {
            ErasedPart::Contact => {
                shown("Đã xoá thông tin người phản ánh", "Who reported it was erased")
            }
            ErasedPart::Everything => {
                shown("Đã xoá dữ liệu cá nhân và nội dung", "Personal data and texts were erased")
            }
        },
        Event::PartyErased(_) => hidden(
            "Đã xoá những gì người phản ánh của hồ sơ gộp viết ở đây",
            "What the reporter of a merged case wrote here was erased",
        ),
        Event::PublicityChosen(e) => {
            let (vi, en) = if e.public {
                ("được công khai", "may be public")
            } else {
                ("không công khai", "not public")
            };
            let (hidden_vi, hidden_en) = if e.anonymous {
                ("giấu tên", "name hidden")
            } else {
                ("không giấu tên", "name not hidden")
            };
            (
                true,
                format!("Người phản ánh chọn: {vi}, {hidden_vi}"),
                format!("The reporter chose: {en}, {hidden_en}"),
            )
        }
        Event::Attached(_) => shown("Đã nhận tệp đính kèm", "A file was attached"),
        Event::Noted(_) => hidden("Ghi chú nội bộ", "Note"),
        Event::DeadlineWarned(e) => (
            false,
            format!("Sắp đến hạn: {}", clock_vi(e.clock)),
            format!("Deadline near: {}", e.clock),
        ),
        Event::DeadlineMissed(e) => (
            true,
            format!("Quá hạn: {}", clock_vi(e.clock)),
            format!("Deadline missed: {}", e.clock),
        ),
        Event::PartMissed(_) => hidden("Phần việc phối hợp quá hạn", "A part is overdue"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_names() {
        let name_of = |code: &str| (code == "UDC").then(|| "Thoát nước Đô thị".to_owned());
        assert_eq!(with_names("{UDC} thay {X} rồi {", name_of), "Thoát nước Đô thị thay X rồi {");
    }
}
