//! What is wrong with a log, in words.

use std::fmt;

/// Kinds of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The event is not what was appended.
    Altered,
    /// Events were taken away from between others.
    Missing,
    /// An event was put in.
    Inserted,
    /// An event stands where another was appended.
    Reordered,
    /// Events were cut off from the end.
    Truncated,
    /// An event does not follow the one before in its stream.
    OutOfOrder,
    /// A stored tile is not what the events make.
    Tile,
    /// The events are not those that were signed.
    Checkpoint,
    /// A stored checkpoint is not signed with the log's key.
    CheckpointAltered,
    /// A stored cosignature is false or its checkpoint is gone.
    Cosignature,
    /// The events are not those of the checkpoint from outside.
    Outside,
    /// The log has another key than the one given.
    OtherKey,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub what: What,
    /// The first position concerned; of a checkpoint, the first it says something new about.
    pub position: u64,
    /// The last position concerned.
    pub to: u64,
    /// More, where there is more to say.
    pub reason: &'static str,
}

impl Finding {
    pub(super) fn of(what: What, position: u64) -> Self {
        Self::to(what, position, position)
    }

    pub(super) fn to(what: What, position: u64, to: u64) -> Self {
        Self { what, position, to, reason: "" }
    }

    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// What is wrong, in Vietnamese.
    pub fn vi(&self) -> String {
        let Self { position, to, .. } = self;
        let events = if position == to {
            format!("sự kiện {position}")
        } else {
            format!("các sự kiện {position} đến {to}")
        };
        match self.what {
            What::Altered => format!("{events} đã bị sửa"),
            What::Missing => format!("{events} đã bị xóa"),
            What::Inserted => format!("{events} đã bị chèn thêm"),
            What::Reordered => format!("{events} đã bị đổi chỗ"),
            What::Truncated => format!("{events} ở cuối nhật ký đã bị cắt"),
            What::OutOfOrder => {
                format!("{events} không nối tiếp sự kiện trước trong cùng hồ sơ: thứ tự đã bị đổi")
            }
            What::Tile => format!("cây băm đã lưu không khớp với {events}"),
            What::Checkpoint => format!("{events} không khớp với mốc đã ký"),
            What::CheckpointAltered => format!("mốc đã lưu cho {to} sự kiện đã bị sửa"),
            What::Cosignature => {
                format!("chữ ký của bên chứng kiến cho mốc {to} sự kiện không đúng")
            }
            What::Outside => format!("{events} không khớp với mốc do bên ngoài giữ"),
            What::OtherKey => "nhật ký mang khóa khác với khóa được đưa".to_owned(),
        }
    }

    /// What is wrong, in English.
    pub fn en(&self) -> String {
        let Self { position, to, .. } = self;
        let events = if position == to {
            format!("event {position}")
        } else {
            format!("events {position} to {to}")
        };
        let was = if position == to { "was" } else { "were" };
        match self.what {
            What::Altered => format!("{events} {was} altered"),
            What::Missing => format!("{events} {was} removed"),
            What::Inserted => format!("{events} {was} inserted"),
            What::Reordered => format!("{events} {was} reordered"),
            What::Truncated => format!("{events} {was} truncated from the end of the log"),
            What::OutOfOrder => {
                format!("{events} does not follow the event before it in its stream: reordered")
            }
            What::Tile => format!("the stored tree does not fit {events}"),
            What::Checkpoint => format!("{events}: not those of the signed checkpoint"),
            What::CheckpointAltered => format!("the stored checkpoint of {to} events was altered"),
            What::Cosignature => format!("a cosignature of the checkpoint of {to} events is false"),
            What::Outside => format!("{events}: not those of the checkpoint kept outside"),
            What::OtherKey => "the log has another key than the one given".to_owned(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}
