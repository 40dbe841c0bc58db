//! Who has how much open work, and what of it is late or due soon. Every figure leads to its cases.

use std::str::FromStr;

use hoiam_domain::actor::Actor;
use hoiam_domain::codes::AgencyCode;
use hoiam_domain::routing::Directory;
use hoiam_projections::workload::OPEN_STAGES;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::duplicates::instant;
use crate::log::Pool;
use crate::queries::{Load, Loads, workload as loads};

/// What counts as due soon.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// By what work is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The agency that leads the case.
    Agency,
    /// Its focal point.
    FocalPoint,
    /// The handler it is assigned to.
    Handler,
}

impl FromStr for By {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "agency" => Ok(Self::Agency),
            "focal_point" => Ok(Self::FocalPoint),
            "handler" => Ok(Self::Handler),
            _ => Err(()),
        }
    }
}

/// A figure and where its cases are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Figure {
    /// How many.
    pub count: i64,
    /// The cases: a question to the list.
    pub cases: String,
}

/// The open work of an agency, focal point or handler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Workload {
    /// Code of the agency or focal point, id of the handler; null for what none of them has.
    pub code: Option<String>,
    /// Its name; of a handler the id.
    pub name: String,
    /// The agency; null for what is with the desk or the coordinators.
    pub agency: Option<String>,
    /// Cases that are not answered yet.
    pub open: Figure,
    /// Of those, waiting for the citizen; their clocks stand still.
    pub waiting: Figure,
    /// Of those, urgent.
    pub urgent: Figure,
    /// Of those, with a running deadline that has passed.
    pub overdue: Figure,
    /// Of those, whose next deadline comes within 24 hours.
    pub due_within_24h: Figure,
    /// The next deadline still to come.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_due: Option<Timestamp>,
    /// Parts still open in cases that others lead; null except by agency.
    pub parts: Option<Figure>,
    /// Of those, past their deadline.
    pub parts_overdue: Option<Figure>,
}

/// Open work as of a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Workloads {
    /// By what it is divided.
    pub by: By,
    /// Now: deadlines are late or soon as of this moment.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// The most overdue first.
    pub items: Vec<Workload>,
    /// Cases not answered yet, of all groups.
    pub open: i64,
    /// Of those, with a running deadline that has passed.
    pub overdue: i64,
}

/// The open work that `reader` may see. People of an agency see that agency's only.
///
/// # Errors
/// When the database does not answer.
pub async fn workload(
    pool: &Pool,
    reader: &Actor,
    directory: &Directory,
    by: By,
    agency: Option<&AgencyCode>,
    now: Timestamp,
) -> Result<Workloads, sqlx::Error> {
    let soon = now.saturating_add(SOON).unwrap_or(Timestamp::MAX);
    let asked = Loads {
        within: match by {
            By::Agency => None,
            By::FocalPoint => Some("focal_point"),
            By::Handler => Some("handler"),
        },
        agency: agency.map(ToString::to_string),
        now: now.as_microsecond(),
        soon: soon.as_microsecond(),
    };
    let mut found = loads(pool, reader, &asked).await?;
    found.sort_by_key(|load| (std::cmp::Reverse((load.overdue, load.open)), load.agency.clone()));
    Ok(Workloads {
        by,
        as_of: now,
        open: found.iter().map(|load| load.open).sum(),
        overdue: found.iter().map(|load| load.overdue).sum(),
        items: found.into_iter().map(|load| told(directory, by, now, soon, load)).collect(),
    })
}

fn told(directory: &Directory, by: By, now: Timestamp, soon: Timestamp, load: Load) -> Workload {
    let agency = Some(load.agency).filter(|agency| !agency.is_empty());
    let code = if by == By::Agency { agency.clone() } else { load.within };
    let cases = Cases::of(by, agency.as_deref(), code.as_deref());
    let figure = |count: i64, more: &str| Figure { count, cases: cases.open(more) };
    let part = |count: i64, more: &str| {
        let agency = agency.as_deref().filter(|_| by == By::Agency)?;
        Some(Figure { count, cases: format!("/api/v1/cases?open_part={}{more}", escaped(agency)) })
    };
    Workload {
        name: name(directory, by, agency.as_deref(), code.as_deref()),
        open: figure(load.open, ""),
        waiting: Figure { count: load.waiting, cases: cases.in_stages("waiting_citizen") },
        urgent: figure(load.urgent, "&urgent=true"),
        overdue: figure(load.overdue, "&overdue=true&sort=due"),
        due_within_24h: figure(load.soon, &format!("&due_from={now}&due_before={soon}&sort=due")),
        next_due: load.next_due.map(instant),
        parts: part(load.parts, ""),
        parts_overdue: part(load.parts_overdue, &format!("&part_due_before={now}")),
        agency,
        code,
    }
}

/// The question to the list that gives a group's cases.
struct Cases(String);

impl Cases {
    fn of(by: By, agency: Option<&str>, code: Option<&str>) -> Self {
        let mut whose = format!("&lead={}", escaped(agency.unwrap_or("none")));
        let code = escaped(code.unwrap_or("none"));
        match by {
            By::Agency => {}
            By::FocalPoint => whose.push_str(&format!("&focal_point={code}")),
            By::Handler => whose.push_str(&format!("&handler={code}")),
        }
        Self(whose)
    }

    fn open(&self, more: &str) -> String {
        let stages: Vec<&str> = OPEN_STAGES.iter().map(|stage| stage.as_str()).collect();
        format!("{}{more}", self.in_stages(&stages.join(",")))
    }

    fn in_stages(&self, stages: &str) -> String {
        format!("/api/v1/cases?status={stages}{}", self.0)
    }
}

/// A code as it stands in a query: letters, digits and a few marks; anything else as `%XX`.
fn escaped(code: &str) -> String {
    let mut out = String::new();
    for byte in code.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn name(directory: &Directory, by: By, agency: Option<&str>, code: Option<&str>) -> String {
    let known = match (by, agency, code) {
        (_, None, _) => Some("Chưa giao đơn vị".to_owned()),
        (By::Agency, Some(agency), _) => directory.agencies.get(agency).map(|a| a.name.clone()),
        (By::FocalPoint, _, None) => Some("Chưa giao đầu mối".to_owned()),
        (By::Handler, _, None) => Some("Chưa giao người xử lý".to_owned()),
        (By::FocalPoint, _, Some(code)) => directory.focal_points.get(code).map(|f| f.name.clone()),
        (By::Handler, _, Some(_)) => None,
    };
    known.or_else(|| code.map(str::to_owned)).unwrap_or_default()
}
