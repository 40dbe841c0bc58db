//! What groups are called.

use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::routing::Directory;
use jiff::ToSpan;
use jiff::civil::date;

use super::By;

/// The code of a group as people write it; none for what has none.
pub(crate) fn code(by: By, group: String) -> Option<String> {
    match by {
        By::Day => Some(day(&group)),
        _ => Some(group).filter(|group| !group.is_empty()),
    }
}

/// A day since 1970-01-01 as a date.
fn day(group: &str) -> String {
    let days = group.parse::<i64>().ok();
    let date = days.and_then(|days| date(1970, 1, 1).checked_add(days.days()).ok());
    date.map_or_else(|| group.to_owned(), |date| date.to_string())
}

/// Its name in the directory; the code where there is none.
pub(crate) fn name(directory: &Directory, by: By, group: &str) -> String {
    let agency = |code: &str| directory.agencies.get(code).map(|row| row.name.clone());
    let known = match by {
        By::Agency => agency(group),
        By::Sector => directory.sectors.get(group).map(|row| row.name.clone()),
        By::Category => directory.categories.get(group).map(|row| row.name.clone()),
        By::District => directory.districts.get(group).map(|row| row.name.clone()),
        By::Channel => group.parse().ok().map(|channel| channel_name(channel).to_owned()),
        By::Kind => group.parse().ok().map(|kind| kind_name(kind).to_owned()),
        By::Holder => match group.strip_prefix("agency:") {
            Some(code) => agency(code),
            None => holder_name(group).map(ToOwned::to_owned),
        },
        By::Day => Some(String::new()),
    };
    known.unwrap_or_else(|| group.to_owned())
}

fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone => "Tổng đài 1022",
        Channel::Email => "Thư điện tử",
        Channel::App => "Ứng dụng di động",
        Channel::Web => "Trang web",
        Channel::Facebook => "Facebook",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "Sự cố",
        Kind::Question => "Câu hỏi",
        Kind::Proposal => "Hiến kế",
        Kind::Procedure => "Thủ tục hành chính",
        Kind::Enterprise => "Doanh nghiệp",
        Kind::Complaint => "Khiếu nại",
        Kind::Denunciation => "Tố cáo",
        Kind::Emergency => "Khẩn cấp",
    }
}

fn holder_name(holder: &str) -> Option<&'static str> {
    Some(match holder {
        "desk" => "Tổng đài tiếp nhận",
        "arbitration" => "Điều phối viên",
        "citizen" => "Người dân",
        "closed" => "Đã kết thúc",
        _ => return None,
    })
}
