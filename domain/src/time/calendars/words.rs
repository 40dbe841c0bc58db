//! The sentences of an explanation: Vietnamese and English, followable by hand.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;

use super::days::Status;
use super::table::Place;
use super::{AgencyHours, Calendars};
use crate::time::explanation::{Explanation, SkippedDay};
use crate::time::file_values::weekday_names;
use crate::time::span::Span;

impl Calendars {
    pub(super) fn explain_clock(&self, from: Timestamp, span: Span, at: Timestamp) -> Explanation {
        let (from, at) = (self.minute(from), self.minute(at));
        Explanation {
            vi: format!("{} từ {from}, tính liên tục cả ngày nghỉ; hạn {at}.", span.vietnamese()),
            en: format!("{span} from {from}, round the clock, days off too; due {at}."),
            ..Explanation::default()
        }
    }

    pub(super) fn explain_working_hours(
        &self,
        hours: &AgencyHours,
        start: Place,
        span: Span,
        end: Place,
    ) -> Explanation {
        let from = self.place_text(start);
        let mut vi = format!("{} từ {from}", span.vietnamese());
        let mut en = format!("{span} from {from}");
        if let Some(open) = hours.table.next_open(start).filter(|open| *open != start) {
            let open = self.place_text(open);
            let _ = write!(vi, " (ngoài giờ làm việc, tính từ {open})");
            let _ = write!(en, " (outside office hours, counted from {open})");
        }
        let due = self.place_text(end);
        let _ = write!(vi, ", chỉ tính trong giờ làm việc ({}); hạn {due}.", hours.vi);
        let _ = write!(en, ", office hours only ({}); due {due}.", hours.en);
        let closed = |day: &usize| hours.table.days[*day].open.is_empty();
        let skipped = (start.day..=end.day).filter(closed).map(|day| self.skipped(day)).collect();
        self.finish(vi, en, skipped, start.day, end.day)
    }

    pub(super) fn explain_days(
        &self,
        hours: &AgencyHours,
        received: Date,
        span: Span,
        last: usize,
        end: usize,
    ) -> Explanation {
        let (day, due) = (self.day_text(last), self.day_text(end));
        let received = date_text(received);
        let mut vi = format!(
            "{} tính từ ngày liền sau ngày {received} (BLDS 2015, Điều 147), ngày cuối là {day}",
            span.vietnamese()
        );
        let mut en = format!(
            "{span} counted from the day after {received} (Civil Code 2015, art. 147), the last is {day}"
        );
        if end != last {
            let _ = write!(vi, ", là ngày nghỉ nên chuyển sang ngày làm việc kế tiếp {due}");
            let _ = write!(en, ", which is off, so the next working day {due}");
        }
        end_of_day(&mut vi, &mut en, &due);
        let off = |day: &usize| !hours.table.days[*day].counts;
        let skipped = (last..=end).filter(off).map(|day| self.skipped(day)).collect();
        self.finish(vi, en, skipped, last, end)
    }

    pub(super) fn explain_working_days(
        &self,
        hours: &AgencyHours,
        start: usize,
        received: usize,
        span: Span,
        end: usize,
    ) -> Explanation {
        let (day, due) = (self.day_text(start), self.day_text(end));
        let mut vi = format!("{} kể từ ngày nhận {day}", span.vietnamese());
        let mut en = format!("{span} from the day of receipt {day}");
        if received != start {
            let next = self.day_text(received);
            let _ = write!(vi, " (ngày nghỉ: tính như nhận ngày {next})");
            let _ = write!(en, " (off: counted as received on {next})");
        }
        vi.push_str(", không tính ngày nhận, tính cả ngày cuối");
        en.push_str(", the day of receipt not counted, the last day included");
        end_of_day(&mut vi, &mut en, &due);
        let off = |day: &usize| !hours.table.days[*day].counts;
        let skipped = (start..=end).filter(off).map(|day| self.skipped(day)).collect();
        self.finish(vi, en, skipped, start, end)
    }

    /// Adds what was skipped, weekends that worked, and predicted years.
    fn finish(
        &self,
        mut vi: String,
        mut en: String,
        skipped: Vec<SkippedDay>,
        from: usize,
        to: usize,
    ) -> Explanation {
        if !skipped.is_empty() {
            let list = |reason: fn(&SkippedDay) -> &str| runs(&skipped, reason).join(", ");
            let _ = write!(vi, " Không tính: {}.", list(|s| &s.reason_vi));
            let _ = write!(en, " Not counted: {}.", list(|s| &s.reason_en));
        }
        for day in &self.days.days[from..=to] {
            if let Status::MadeUp { instead_of } = day.status {
                let (date, off) = (date_text(day.date), date_text(instead_of));
                let _ = write!(vi, " {date} là ngày làm bù cho {off}.");
                let _ = write!(en, " {date} is worked in place of {off}.");
            }
        }
        for year in self.days.predicted(from, to) {
            let _ = write!(vi, " Lịch nghỉ năm {year} là dự kiến, chưa có thông báo chính thức.");
            let _ = write!(en, " The days off of {year} are predicted, not yet announced.");
        }
        Explanation { vi, en, skipped, calendar: self.revision.clone(), ..Explanation::default() }
    }

    fn skipped(&self, day: usize) -> SkippedDay {
        let day = &self.days.days[day];
        let (vi, en) = match &day.status {
            Status::Holiday { vi, en } => (vi.clone(), en.clone()),
            Status::Weekend => {
                let (vi, en) = weekday_names(day.date.weekday());
                (vi.to_owned(), en.to_owned())
            }
            Status::Working | Status::MadeUp { .. } => (
                "ngoài lịch làm việc của đơn vị".to_owned(),
                "closed by its own schedule".to_owned(),
            ),
        };
        SkippedDay { date: day.date, reason_vi: vi, reason_en: en }
    }

    fn minute(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S %d/%m/%Y").to_string()
    }

    fn place_text(&self, place: Place) -> String {
        let seconds = place.us / 1_000_000;
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let date = self.day_text(place.day);
        if s == 0 {
            format!("{h:02}:{m:02} {date}")
        } else {
            format!("{h:02}:{m:02}:{s:02} {date}")
        }
    }

    fn day_text(&self, day: usize) -> String {
        date_text(self.days.days[day].date)
    }
}

fn date_text(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// Civil Code 2015, art. 148.6: a period ends at 24:00 of its last day.
fn end_of_day(vi: &mut String, en: &mut String, due: &str) {
    let _ = write!(vi, "; hạn 23:59:59 {due} (hết 24 giờ của ngày cuối, BLDS 2015, Điều 148).");
    let _ = write!(en, "; due 23:59:59 {due} (24:00 of the last day, Civil Code 2015, art. 148).");
}

/// Neighbouring days with one reason as one run: `16/02–20/02 (Tết)`.
fn runs(skipped: &[SkippedDay], reason: fn(&SkippedDay) -> &str) -> Vec<String> {
    let same = |a: &SkippedDay, b: &SkippedDay| {
        reason(a) == reason(b) && a.date.tomorrow().is_ok_and(|next| next == b.date)
    };
    let short = |day: &SkippedDay| day.date.strftime("%d/%m").to_string();
    let text = |run: &[SkippedDay]| match run {
        [] => String::new(),
        [one] => format!("{} ({})", short(one), reason(one)),
        [first, .., last] => format!("{}–{} ({})", short(first), short(last), reason(first)),
    };
    skipped.chunk_by(same).map(text).collect()
}
