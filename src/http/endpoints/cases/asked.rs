//! What a list is asked for, out of the parameters.

use axum::http::StatusCode;
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::stage::StageName;
use hoiam_domain::kinds::{Channel, Kind, Priority};
use hoiam_domain::routing::RuleSet;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::queries::{Given, ListQuery, OpenPart, Order};

const KNOWN: [&str; 23] = [
    "status",
    "agency",
    "lead",
    "focal_point",
    "handler",
    "open_part",
    "part_due_before",
    "urgent",
    "due_from",
    "due_before",
    "sector",
    "category",
    "district",
    "channel",
    "kind",
    "priority",
    "overdue",
    "q",
    "from",
    "to",
    "sort",
    "limit",
    "cursor",
];
/// The word for a field that is empty.
const NONE: &str = "none";
/// Longest search, in characters.
const LONGEST: usize = 200;

pub(super) fn read(params: &Params, rules: &RuleSet, now: Timestamp) -> Result<ListQuery, Problem> {
    params.only(&KNOWN)?;
    let stages: Vec<&str> = StageName::ALL.iter().map(|stage| stage.as_str()).collect();
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let channels: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    let priorities: Vec<&str> = Priority::ALL.iter().map(|priority| priority.as_str()).collect();
    let overdue: Option<bool> = params.parsed("overdue", "true or false")?;
    let (q, number) = search(params)?;
    let handler = params.get("handler").filter(|id| id.chars().count() <= LONGEST);
    let mut query = ListQuery {
        status: params.words::<Stage>("status", &stages)?,
        kind: params.words::<Kind>("kind", &kinds)?,
        channel: params.words::<Channel>("channel", &channels)?,
        priority: params.words::<Priority>("priority", &priorities)?,
        handler: handler.map(given),
        urgent: params.parsed("urgent", "true or false")?,
        due_from: time(params, rules, "due_from", false)?,
        due_before: time(params, rules, "due_before", false)?,
        overdue: overdue.map(|overdue| (overdue, now.as_microsecond())),
        q,
        number,
        from: time(params, rules, "from", false)?,
        to: time(params, rules, "to", true)?,
        order: params
            .get("sort")
            .map(|word| word.parse::<Order>())
            .transpose()
            .map_err(|()| wrong("sort", &format!("one of {}", Order::NAMES.join(", "))))?
            .unwrap_or_default(),
        limit: params.limit()?,
        ..ListQuery::default()
    };
    codes(params, rules, &mut query)?;
    Ok(query)
}

/// A stage by its word.
struct Stage(StageName);

impl std::str::FromStr for Stage {
    type Err = hoiam_domain::kinds::UnknownWord;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        word.parse().map(Self)
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}

/// Codes of the directory; one that is not there is an error, not an empty list.
fn codes(params: &Params, rules: &RuleSet, query: &mut ListQuery) -> Result<(), Problem> {
    let directory = &rules.directory;
    let known = |name: &'static str, there: &dyn Fn(&str) -> bool| match params.get(name) {
        None => Ok(None),
        Some(code) if there(code) => Ok(Some(code.to_owned())),
        Some(_) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_code",
            "Mã này không có trong danh bạ.",
            "The directory has no such code.",
        )
        .field(name)),
    };
    query.agency = known("agency", &|code| directory.agencies.contains_key(code))?;
    let or_none = |code: &str, there: bool| code == NONE || there;
    let lead = known("lead", &|code| or_none(code, directory.agencies.contains_key(code)))?;
    query.lead = lead.as_deref().map(given);
    let focal_point =
        known("focal_point", &|code| or_none(code, directory.focal_points.contains_key(code)))?;
    query.focal_point = focal_point.as_deref().map(given);
    let due_before = time(params, rules, "part_due_before", false)?;
    query.part = known("open_part", &|code| directory.agencies.contains_key(code))?
        .map(|agency| OpenPart { agency, due_before });
    query.sector = known("sector", &|code| directory.sectors.contains_key(code))?;
    query.category = known("category", &|code| directory.categories.contains_key(code))?;
    query.district = known("district", &|code| directory.districts.contains_key(code))?;
    Ok(())
}

/// A code, or `none` for a field that is empty.
fn given(word: &str) -> Given {
    if word == NONE { Given::Absent } else { Given::Is(word.to_owned()) }
}

/// Words, or a case number.
fn search(params: &Params) -> Result<(Option<String>, Option<String>), Problem> {
    let Some(q) = params.get("q") else { return Ok((None, None)) };
    if let Ok(number) = q.parse::<CaseNumber>() {
        return Ok((None, Some(number.to_string())));
    }
    if q.chars().count() > LONGEST || !q.chars().any(char::is_alphanumeric) {
        return Err(wrong("q", "words of letters and digits, 200 characters at most"));
    }
    Ok((Some(q.to_owned()), None))
}

/// A time, or a day of the city; as an end, the day counts whole.
pub(in crate::http::endpoints) fn time(
    params: &Params,
    rules: &RuleSet,
    name: &'static str,
    end: bool,
) -> Result<Option<i64>, Problem> {
    let Some(text) = params.get(name) else { return Ok(None) };
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(at.as_microsecond()));
    }
    let midnight = || {
        let day: Date = text.parse().ok()?;
        let day = if end { day.checked_add(1.day()).ok()? } else { day };
        day.to_zoned(rules.policy.calendars.zone().clone()).ok()
    };
    let expected = "a day such as 2026-03-02 or a time such as 2026-03-02T08:00:00+07:00";
    midnight().map(|at| Some(at.timestamp().as_microsecond())).ok_or_else(|| wrong(name, expected))
}
