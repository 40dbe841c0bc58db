//! What must hold between the entries of `calendars.toml`, and the days that follow from them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, Weekday};
use toml::Spanned;

use super::super::file_values::FileDate;
use super::days::{Day, Days, Status, Year};
use super::file::{Assignment, Holiday, Schedule, Swap, YearTable};
use crate::codes::AgencyCode;
use crate::file_error::FileError;

/// Collects the mistakes of one file.
pub(super) struct Check<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) errors: Vec<FileError>,
}

/// The schedules of one agency: index, first day, last day.
pub(super) type Spans = Vec<(usize, Option<Date>, Option<Date>)>;

impl Check<'_> {
    pub(super) fn error<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.errors.push(FileError::at(self.file, self.text, at.span(), message));
    }

    fn line<T>(&self, at: &Spanned<T>) -> usize {
        FileError::at(self.file, self.text, at.span(), "").line
    }

    pub(super) fn schedules(&mut self, schedules: &[Schedule]) {
        for (i, schedule) in schedules.iter().enumerate() {
            if schedules[..i].iter().any(|s| s.id.as_ref() == schedule.id.as_ref()) {
                self.error(&schedule.id, "another schedule has this id");
            }
            let week = Weekday::Monday.cycle_forward().take(7).map(|day| schedule.hours(day));
            for hours in week.chain([schedule.made_up_hours()]) {
                for pair in hours.windows(2) {
                    if pair[1].as_ref().from < pair[0].as_ref().to {
                        self.error(&pair[1], "begins before the stretch before it ends");
                    }
                }
            }
        }
    }

    pub(super) fn agencies(
        &mut self,
        assignments: &[Assignment],
        schedules: &[Schedule],
    ) -> BTreeMap<AgencyCode, (usize, Spans)> {
        let mut found: BTreeMap<AgencyCode, (usize, Spans)> = BTreeMap::new();
        for row in assignments {
            let Some(at) = schedules.iter().position(|s| s.id.as_ref() == row.schedule.as_ref())
            else {
                self.error(&row.schedule, "no schedule has this id");
                continue;
            };
            let from = row.valid_from.map(|d| d.0);
            let to = row.valid_to.as_ref().map(|d| d.as_ref().0);
            if let (Some(from), Some(to), Some(place)) = (from, to, &row.valid_to)
                && to < from
            {
                self.error(place, "valid_to lies before valid_from");
            }
            for code in &row.codes {
                let line = self.line(code);
                let entry = found.entry(AgencyCode::new(code.as_ref().as_str()));
                let (first, spans) = entry.or_insert_with(|| (line, Spans::new()));
                let overlaps = |(_, f, t): &(usize, Option<Date>, Option<Date>)| {
                    f.is_none_or(|f| to.is_none_or(|to| f <= to))
                        && from.is_none_or(|from| t.is_none_or(|t| from <= t))
                };
                if spans.iter().any(overlaps) {
                    let message = format!(
                        "`{}` already has a schedule at that time (line {first})",
                        code.as_ref()
                    );
                    self.error(code, message);
                } else {
                    spans.push((at, from, to));
                }
            }
        }
        found
    }

    pub(super) fn days(&mut self, years: &[YearTable], default: &Schedule) -> Days {
        let mut days = Days { years: Vec::new(), days: Vec::new() };
        if years.is_empty() {
            self.errors.push(FileError::whole(self.file, "no years: add [[years]] with holidays"));
        }
        for table in years {
            let year = *table.year.as_ref();
            if days.years.last().is_some_and(|last| last.year.checked_add(1) != Some(year)) {
                self.error(&table.year, "years must follow each other without a gap");
                continue;
            }
            let Ok(first) = Date::new(year, 1, 1) else {
                self.error(&table.year, "not a year");
                continue;
            };
            days.years.push(Year { year, announced: table.announced });
            days.days.extend(first.series(jiff::Span::new().days(1)).map_while(|date| {
                let weekend = default.hours(date.weekday()).is_empty();
                let status = if weekend { Status::Weekend } else { Status::Working };
                (date.year() == year).then_some(Day { date, status })
            }));
        }
        if self.errors.is_empty() {
            self.mark(years, &mut days);
        }
        days
    }

    /// Writes holidays, swaps and days off in place of weekend holidays over the plain weeks.
    fn mark(&mut self, years: &[YearTable], days: &mut Days) {
        let mut taken: HashMap<usize, usize> = HashMap::new();
        let mut compensate: Vec<(usize, &Holiday)> = Vec::new();
        for table in years {
            for holiday in &table.holidays {
                let last = holiday.to.as_ref().unwrap_or(&holiday.date);
                let Some(first) = self.inside(&holiday.date, table, days) else { continue };
                let Some(end) = self.inside(last, table, days) else { continue };
                if end < first {
                    self.error(last, "`to` lies before `date`");
                }
                for at in first..=end {
                    let weekend = days.days[at].status == Status::Weekend;
                    if !self.take(&mut taken, at, &holiday.date, days) {
                        continue;
                    }
                    days.days[at].status =
                        Status::Holiday { vi: holiday.vi.clone(), en: holiday.en.clone() };
                    if weekend && holiday.compensate {
                        compensate.push((at, holiday));
                    }
                }
            }
        }
        for swap in years.iter().flat_map(|table| &table.swaps) {
            self.swap(swap, &mut taken, days);
        }
        compensate.sort_by_key(|(at, _)| *at);
        for (at, holiday) in compensate {
            let free = (at..days.days.len()).find(|i| days.days[*i].status == Status::Working);
            if let Some(free) = free {
                days.days[free].status = Status::Holiday {
                    vi: format!("nghỉ bù {}", holiday.vi),
                    en: format!("day off in place of {}", holiday.en),
                };
            }
        }
    }

    fn swap(&mut self, swap: &Swap, taken: &mut HashMap<usize, usize>, days: &mut Days) {
        let (off, work) = (swap.off.as_ref().0, swap.work.as_ref().0);
        let (Some(off_at), Some(work_at)) = (days.find(off), days.find(work)) else {
            self.error(&swap.off, "a swapped day lies outside the years of this file");
            return;
        };
        if days.days[off_at].status != Status::Working {
            self.error(
                &swap.off,
                format!("{off} is not a weekday that works; only such a day can be given off"),
            );
            return;
        }
        if days.days[work_at].status != Status::Weekend {
            self.error(
                &swap.work,
                format!("{work} is not a weekend day; only such a day can be worked instead"),
            );
            return;
        }
        let free = self.take(taken, off_at, &swap.off, days);
        if self.take(taken, work_at, &swap.work, days) && free {
            days.days[off_at].status = Status::Holiday {
                vi: format!("nghỉ hoán đổi, làm bù {}", work.strftime("%d/%m/%Y")),
                en: format!("swapped day off, worked on {work}"),
            };
            days.days[work_at].status = Status::MadeUp { instead_of: off };
        }
    }

    /// Claims a day for one entry of the file; a second claim is an error.
    fn take(
        &mut self,
        taken: &mut HashMap<usize, usize>,
        at: usize,
        place: &Spanned<FileDate>,
        days: &Days,
    ) -> bool {
        let line = self.line(place);
        if let Some(before) = taken.insert(at, line) {
            let date = days.days[at].date;
            self.error(place, format!("{date} is already given in line {before}"));
            return false;
        }
        true
    }

    fn inside(&mut self, date: &Spanned<FileDate>, year: &YearTable, days: &Days) -> Option<usize> {
        let year = *year.year.as_ref();
        if date.as_ref().0.year() != year {
            self.error(date, format!("{} is not in the year {year}", date.as_ref().0));
            return None;
        }
        days.find(date.as_ref().0)
    }
}
