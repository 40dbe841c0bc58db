//! A case as the list shows it.

use hoiam_domain::case::stage::StageName;
use hoiam_domain::kinds::Kind;
use hoiam_domain::text::mask::SIGN;
use jiff::Timestamp;
use serde::Serialize;

use crate::http::endpoints::answers::instant;
use crate::queries::CaseRow;

/// A case as the list shows it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Item {
    /// Case number.
    number: String,
    /// Version of the case.
    version: i64,
    /// Where it stands.
    status: String,
    /// Where it stands, in Vietnamese.
    status_vi: &'static str,
    /// Where it stands, in English.
    status_en: &'static str,
    /// Who holds it.
    holder: String,
    /// Kind of case.
    kind: String,
    /// How it came in.
    channel: String,
    /// Sector.
    sector: Option<String>,
    /// Category.
    category: Option<String>,
    /// Priority.
    priority: Option<String>,
    /// Jumps the queue.
    urgent: bool,
    /// In the sealed stream.
    confidential: bool,
    /// The responsible agency.
    agency: Option<String>,
    /// Its focal point.
    focal_point: Option<String>,
    /// District.
    district: Option<String>,
    /// Ward.
    ward: Option<String>,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// When the last thing happened.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// The earliest deadline that runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_due: Option<Timestamp>,
    /// Which clock that is.
    next_clock: Option<String>,
    /// That deadline has passed.
    overdue: bool,
    /// How it ended.
    outcome: Option<String>,
    /// The citizen's rating.
    rating: Option<i64>,
    /// How the text begins.
    excerpt: String,
}

impl Item {
    /// The item of a row, as of `now`.
    pub(super) fn of(row: CaseRow, now: Timestamp) -> Self {
        let stage: Option<StageName> = row.status.parse().ok();
        Self {
            status_vi: stage.map_or("", StageName::vi),
            status_en: stage.map_or("", StageName::en),
            overdue: row.next_due.is_some_and(|due| due < now.as_microsecond()),
            // What a denunciation says is read with a reason, not here.
            excerpt: if row.confidential && row.kind == Kind::Denunciation.as_str() {
                SIGN.to_owned()
            } else {
                row.excerpt
            },
            received_at: instant(row.received_at),
            updated_at: instant(row.updated_at),
            next_due: row.next_due.map(instant),
            number: row.number,
            version: row.version,
            status: row.status,
            holder: row.holder,
            kind: row.kind,
            channel: row.channel,
            sector: row.sector,
            category: row.category,
            priority: row.priority,
            urgent: row.urgent,
            confidential: row.confidential,
            agency: row.agency,
            focal_point: row.focal_point,
            district: row.district,
            ward: row.ward,
            next_clock: row.next_clock,
            outcome: row.outcome,
            rating: row.rating,
        }
    }
}
