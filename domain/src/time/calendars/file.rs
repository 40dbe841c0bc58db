//! Reading `calendars.toml`: strict, with the line of every mistake.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::super::file_values::{FileDate, Stretch};
use super::check::{Check, Spans};
use super::days::{Day, Days, Status};
use super::table::Table;
use super::{AgencyHours, Calendars};
use crate::file_error::FileError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Spanned<u32>,
    revision: String,
    zone: Spanned<String>,
    default_schedule: Spanned<String>,
    #[serde(default)]
    schedules: Vec<Schedule>,
    #[serde(default)]
    agencies: Vec<Assignment>,
    #[serde(default)]
    years: Vec<YearTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) id: Spanned<String>,
    pub(super) vi: String,
    pub(super) en: String,
    #[serde(default)]
    pub(super) mon: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) tue: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) wed: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) thu: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) fri: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) sat: Vec<Spanned<Stretch>>,
    #[serde(default)]
    pub(super) sun: Vec<Spanned<Stretch>>,
    /// Hours of a weekend day that works in place of another; as on Friday when absent.
    pub(super) made_up: Option<Vec<Spanned<Stretch>>>,
    #[serde(default)]
    pub(super) works_on_holidays: bool,
    pub(super) working_days: WorkingDays,
}

/// Which days a period in working days counts.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum WorkingDays {
    /// The city's.
    City,
    /// Every day on which this schedule has hours.
    Own,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    pub(super) codes: Vec<Spanned<String>>,
    pub(super) schedule: Spanned<String>,
    pub(super) valid_from: Option<FileDate>,
    pub(super) valid_to: Option<Spanned<FileDate>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct YearTable {
    pub(super) year: Spanned<i16>,
    pub(super) announced: bool,
    /// Kept in the file for its readers; required, so that nobody adds days without one.
    #[serde(rename = "source")]
    pub(super) _source: String,
    #[serde(default)]
    pub(super) holidays: Vec<Holiday>,
    #[serde(default)]
    pub(super) swaps: Vec<Swap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holiday {
    pub(super) date: Spanned<FileDate>,
    /// Last day of a block of days off.
    pub(super) to: Option<Spanned<FileDate>>,
    pub(super) vi: String,
    pub(super) en: String,
    /// Whether a day of it that falls on a weekend gives the next working day off.
    #[serde(default = "yes")]
    pub(super) compensate: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Swap {
    pub(super) off: Spanned<FileDate>,
    pub(super) work: Spanned<FileDate>,
}

impl Schedule {
    pub(super) fn hours(&self, day: Weekday) -> &[Spanned<Stretch>] {
        match day {
            Weekday::Monday => &self.mon,
            Weekday::Tuesday => &self.tue,
            Weekday::Wednesday => &self.wed,
            Weekday::Thursday => &self.thu,
            Weekday::Friday => &self.fri,
            Weekday::Saturday => &self.sat,
            Weekday::Sunday => &self.sun,
        }
    }

    pub(super) fn made_up_hours(&self) -> &[Spanned<Stretch>] {
        self.made_up.as_deref().unwrap_or(&self.fri)
    }

    fn open_on(&self, day: &Day) -> Arc<[Stretch]> {
        let hours = match day.status {
            Status::MadeUp { .. } => self.made_up_hours(),
            Status::Holiday { .. } if !self.works_on_holidays => &[],
            _ => self.hours(day.date.weekday()),
        };
        hours.iter().map(|stretch| *stretch.as_ref()).collect()
    }
}

/// Reads `calendars.toml`.
///
/// # Errors
/// Everything that is wrong in the file, with lines; a file TOML cannot read gives one error.
pub fn parse_calendars(file: &str, text: &str) -> Result<Calendars, Vec<FileError>> {
    let raw: File = toml::from_str(text).map_err(|e| vec![FileError::toml(file, text, &e)])?;
    let mut check = Check { file, text, errors: Vec::new() };
    if *raw.version.as_ref() != 1 {
        check.error(&raw.version, "this program reads version 1 of calendars.toml");
    }
    let zone = TimeZone::get(raw.zone.as_ref()).ok();
    if zone.is_none() {
        check.error(&raw.zone, format!("`{}` is not a time zone", raw.zone.as_ref()));
    }
    check.schedules(&raw.schedules);
    let default = raw.schedules.iter().find(|s| s.id.as_ref() == raw.default_schedule.as_ref());
    let Some(default) = default else {
        check.error(&raw.default_schedule, "no schedule has this id");
        return Err(check.errors);
    };
    let days = check.days(&raw.years, default);
    let by_agency = check.agencies(&raw.agencies, &raw.schedules);
    let (Some(zone), true) = (zone, check.errors.is_empty()) else {
        return Err(check.errors);
    };
    let mut hours = vec![hours_of(&days, &[], default, &raw.schedules)];
    let mut shared: HashMap<Spans, usize> = HashMap::new();
    let mut index = BTreeMap::new();
    for (code, (line, spans)) in by_agency {
        let at = *shared.entry(spans.clone()).or_insert_with(|| {
            hours.push(hours_of(&days, &spans, default, &raw.schedules));
            hours.len() - 1
        });
        index.insert(code, (at, line));
    }
    Ok(Calendars { zone, revision: raw.revision, days, hours, by_agency: index })
}

/// One timetable over all days: the schedule assigned on each day, else the default.
fn hours_of(
    days: &Days,
    spans: &[(usize, Option<Date>, Option<Date>)],
    default: &Schedule,
    schedules: &[Schedule],
) -> AgencyHours {
    let on = |date: Date| {
        let holds = |(_, from, to): &&(usize, Option<Date>, Option<Date>)| {
            from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to)
        };
        spans.iter().find(holds).and_then(|(at, ..)| schedules.get(*at)).unwrap_or(default)
    };
    let table = Table::new(days.days.iter().map(|day| {
        let schedule = on(day.date);
        let open = schedule.open_on(day);
        let counts = match schedule.working_days {
            WorkingDays::City => day.works(),
            WorkingDays::Own => !open.is_empty(),
        };
        (open, counts)
    }));
    let named = spans.last().and_then(|(at, ..)| schedules.get(*at)).unwrap_or(default);
    AgencyHours { table, vi: named.vi.clone(), en: named.en.clone() }
}
