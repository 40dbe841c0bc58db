//! Limits and calendars: rows no case reaches, limits nobody asks for, years that run out.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::{Finding, Lint, Severity};
use crate::file_error::FileError;
use crate::routing::ruleset::reading::Row;

const LIMITS: &str = "limits.toml";
const CALENDARS: &str = "calendars.toml";

/// A calendar should reach so much further than the day: the longest periods, extended and paused.
const AHEAD_DAYS: i64 = 270;
/// By then the days off of a year have been announced.
const ANNOUNCED_DAYS: i64 = 14;

/// Where things stand in `limits.toml`.
#[derive(Deserialize)]
struct LimitRows {
    #[serde(default)]
    infrastructure_sectors: Vec<Spanned<String>>,
    #[serde(default)]
    limits: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: Spanned<String>,
}

/// Where things stand in `calendars.toml`.
#[derive(Deserialize)]
struct YearRows {
    #[serde(default)]
    years: Vec<Numbered>,
}

#[derive(Deserialize)]
struct Numbered {
    year: Spanned<i16>,
}

impl Lint<'_> {
    /// Looks at both files; they were read before, so they are there and can be read.
    pub(super) fn time(&mut self, files: &[(String, String)]) {
        let text = |path: &str| files.iter().find(|(there, _)| there == path).map(|(_, text)| text);
        if let Some((text, rows)) = text(LIMITS).and_then(|t| Some((t, toml::from_str(t).ok()?))) {
            self.limits(text, &rows);
        }
        if let Some((text, rows)) = text(CALENDARS).and_then(|t| Some((t, toml::from_str(t).ok()?)))
        {
            self.years(text, &rows);
            self.hours();
        }
    }

    fn limits(&mut self, text: &str, places: &LimitRows) {
        let rules = self.rules;
        let limits = &rules.policy.limits;
        let at = |id: &str| {
            let row = places.limits.iter().find(|row| row.id.get_ref() == id);
            row.map_or(0..0, |row| row.id.span())
        };
        let mut categories = Vec::new();
        for (code, limits) in &rules.policy.category_limits {
            categories.push((code, limits));
        }
        let own: Vec<_> = categories.iter().map(|(_, limits)| *limits).collect();
        let reach = limits.reach(&own);
        for id in &reach.never {
            let vi = format!("{id}: các dòng trước đã quyết định mọi trường hợp của dòng này.");
            let en = format!("{id}: the rows before it decide each of its cases");
            let place = FileError::at(LIMITS, text, at(id), "");
            self.at(Severity::Error, "unreachable", place, vi, en);
        }
        for id in &reach.unused {
            let vi = format!("{id}: không loại việc nào trong danh mục dẫn đến dòng này.");
            let en = format!("{id}: no category of the directory leads to it");
            self.at(Severity::Note, "unused", FileError::at(LIMITS, text, at(id), ""), vi, en);
        }
        for (nth, clock) in reach.unread {
            let Some((code, _)) = categories.get(nth) else { continue };
            let vi = format!(
                "Thời hạn riêng `{clock}` của {code} không được dòng nào của limits.toml hỏi đến."
            );
            let en =
                format!("no row of limits.toml ever asks for the own `{clock}` limit of {code}");
            self.found(Severity::Warning, "never-applies", (Row::Category, code.as_str()), vi, en);
        }
        for sector in limits.infrastructure_sectors() {
            if rules.directory.sectors.contains_key(sector) {
                continue;
            }
            let mut named = places.infrastructure_sectors.iter();
            let there = named.find(|there| there.get_ref() == sector.as_str());
            let place = FileError::at(LIMITS, text, there.map_or(0..0, Spanned::span), "");
            let vi = format!("Không có lĩnh vực `{sector}`.");
            let en = format!("there is no sector `{sector}`");
            self.at(Severity::Warning, "unknown", place, vi, en);
        }
    }

    fn years(&mut self, text: &str, places: &YearRows) {
        let years: Vec<(i16, bool)> = self.rules.policy.calendars.years().collect();
        let (Some((first, _)), Some((last, _))) = (years.first(), years.last()) else { return };
        let at = |year: i16| {
            let row = places.years.iter().find(|row| *row.year.get_ref() == year);
            FileError::at(CALENDARS, text, row.map_or(0..0, |row| row.year.span()), "")
        };
        let day = self.day;
        if day.year() < *first {
            let vi = format!("Lịch bắt đầu từ năm {first}: chưa tính được hạn vào ngày {day}.");
            let en = format!("the calendar begins in {first}: no deadline can be counted on {day}");
            self.at(Severity::Error, "runs-out", at(*first), vi, en);
        }
        if day.year() > *last {
            let vi = format!("Lịch hết vào cuối năm {last}: không tính được hạn nữa.");
            let en = format!("the calendar ended with {last}: no deadline can be counted any more");
            self.at(Severity::Error, "runs-out", at(*last), vi, en);
        } else if later(day, AHEAD_DAYS).year() > *last {
            let vi = format!("Lịch hết vào cuối năm {last}: hạn dài sẽ không tính được.");
            let en = format!("the calendar ends with {last}: long deadlines cannot be counted");
            self.at(Severity::Warning, "runs-out", at(*last), vi, en);
        }
        let soon = later(day, ANNOUNCED_DAYS).year();
        if years.iter().any(|(year, announced)| *year == soon && !announced) {
            let vi = format!("Ngày nghỉ năm {soon} vẫn là dự kiến (announced = false).");
            let en = format!("the days off of {soon} are still predicted (announced = false)");
            self.at(Severity::Warning, "predicted", at(soon), vi, en);
        }
    }

    /// Agencies with hours of their own that are gone.
    fn hours(&mut self) {
        let rules = self.rules;
        for (code, line) in rules.policy.calendars.agencies() {
            let ended = rules.directory.agencies.get(code).and_then(|agency| agency.validity.to);
            let Some(to) = ended.filter(|to| *to < self.day) else { continue };
            let place = FileError { file: CALENDARS.to_owned(), line, message: String::new() };
            let vi =
                format!("{code} đã kết thúc {to}; đơn vị kế nhiệm không có giờ riêng theo đó.");
            let en = format!("{code} ended {to}; whoever took over does not have its hours");
            self.at(Severity::Note, "expired", place, vi, en);
        }
    }

    fn at(
        &mut self,
        severity: Severity,
        check: &'static str,
        place: FileError,
        vi: String,
        en: String,
    ) {
        let FileError { file, line, .. } = place;
        self.findings.push(Finding { severity, check, file, line, vi, en });
    }
}

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}
