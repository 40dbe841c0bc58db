//! What became of the cases: counts by agency, sector, channel, category, district or kind.
//!
//! A case counts under what it is now. `received` counts all of them; each is then `open`, one of
//! the three closed ones, or `merged` into another case. It is closed on time when the citizen's
//! clock stopped no later than its deadline; a case without such a deadline (another system's that
//! had no target, an emergency handed over) is `closed_without_target`. `returned` and `reopened`
//! count cases that were returned by an agency, or reopened, at least once.

mod table;

use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::routing::Directory;
use jiff::Timestamp;
use serde::Serialize;

use crate::log::Pool;
use crate::queries::report::counts;

/// What to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The agency that has the case, or had it last.
    Agency,
    /// The sector.
    Sector,
    /// The channel it came through.
    Channel,
    /// The category.
    Category,
    /// The district.
    District,
    /// The kind of case.
    Kind,
}

/// How many cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Received in the period.
    pub received: i64,
    /// Of those, not finished.
    pub open: i64,
    /// Finished no later than the deadline.
    pub closed_on_time: i64,
    /// Finished later than the deadline.
    pub closed_late: i64,
    /// Finished, without a deadline.
    pub closed_without_target: i64,
    /// Returned by an agency at least once.
    pub returned: i64,
    /// Reopened at least once.
    pub reopened: i64,
    /// Merged into another case.
    pub merged: i64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.open += other.open;
        self.closed_on_time += other.closed_on_time;
        self.closed_late += other.closed_late;
        self.closed_without_target += other.closed_without_target;
        self.returned += other.returned;
        self.reopened += other.reopened;
        self.merged += other.merged;
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Its code; none for the cases that have none.
    pub code: Option<String>,
    /// Its name in the directory; the code where there is none, empty without a code.
    pub name: String,
    /// Its cases.
    #[serde(flatten)]
    pub counts: Counts,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it counts by.
    pub by: By,
    /// Received from this moment on; none: from the beginning.
    pub from: Option<Timestamp>,
    /// Received before this moment; none: until now.
    pub to: Option<Timestamp>,
    /// The groups in the order of their codes, cases without a code last.
    pub rows: Vec<ReportRow>,
    /// All of them.
    pub total: Counts,
}

/// Counts the cases received from `from` until before `to`.
///
/// # Errors
/// When the database does not answer.
pub async fn report(
    pool: &Pool,
    directory: &Directory,
    by: By,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Report, crate::log::LogError> {
    let microseconds = |at: Timestamp| at.as_microsecond();
    let counted =
        counts(pool, by, from.map_or(i64::MIN, microseconds), to.map_or(i64::MAX, microseconds))
            .await?;
    let mut total = Counts::default();
    let mut rows: Vec<ReportRow> = counted
        .into_iter()
        .map(|(code, counts)| {
            total.add(&counts);
            let name = code.as_deref().map_or_else(String::new, |code| name(directory, by, code));
            ReportRow { code, name, counts }
        })
        .collect();
    rows.sort_by(|a, b| (a.code.is_none(), &a.code).cmp(&(b.code.is_none(), &b.code)));
    Ok(Report { by, from, to, rows, total })
}

fn name(directory: &Directory, by: By, code: &str) -> String {
    let known = match by {
        By::Agency => directory.agencies.get(code).map(|row| row.name.clone()),
        By::Sector => directory.sectors.get(code).map(|row| row.name.clone()),
        By::Category => directory.categories.get(code).map(|row| row.name.clone()),
        By::District => directory.districts.get(code).map(|row| row.name.clone()),
        By::Channel => code.parse().ok().map(channel_name),
        By::Kind => code.parse().ok().map(kind_name),
    };
    known.unwrap_or_else(|| code.to_owned())
}

fn channel_name(channel: Channel) -> String {
    let name = match channel {
        Channel::Phone => "Tổng đài 1022",
        Channel::Email => "Thư điện tử",
        Channel::App => "Ứng dụng di động",
        Channel::Web => "Trang web",
        Channel::Facebook => "Facebook",
    };
    name.to_owned()
}

fn kind_name(kind: Kind) -> String {
    let name = match kind {
        Kind::Incident => "Sự cố",
        Kind::Question => "Câu hỏi",
        Kind::Proposal => "Hiến kế",
        Kind::Procedure => "Thủ tục hành chính",
        Kind::Enterprise => "Doanh nghiệp",
        Kind::Complaint => "Khiếu nại",
        Kind::Denunciation => "Tố cáo",
        Kind::Emergency => "Khẩn cấp",
    };
    name.to_owned()
}
