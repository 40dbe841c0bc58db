//! A deadline: the limit that holds, counted on the calendar, with its reason.

use jiff::{SignedDuration, Timestamp};

use super::{ClockFacts, Policy};
use crate::codes::AgencyCode;
use crate::kinds::Clock;
use crate::time::error::TimeError;
use crate::time::explanation::{Deadline, Explanation};
use crate::time::limits::Found;
use crate::time::span::Span;

impl Policy {
    /// The deadline of a clock that starts at `start`; `None` when this clock does not run for
    /// such a case.
    ///
    /// # Errors
    /// When the calendar does not cover the period.
    pub fn deadline(
        &self,
        clock: Clock,
        facts: &ClockFacts,
        start: Timestamp,
    ) -> Result<Option<Deadline>, TimeError> {
        let received = self.calendars.local_date(facts.received_at);
        let category = facts.category.as_ref().and_then(|code| self.category_limits.get(code));
        let Some(found) = self.limits.find(clock, facts, category, received) else {
            return Ok(None);
        };
        let agency = Self::hours_for(clock, facts.agency.as_ref());
        let due = self.calendars.add(agency, start, found.span)?;
        let warn_at = self.warn_at(agency, found.span, start, due.at)?;
        let explanation = because(clock, facts, &found, due.explanation);
        Ok(Some(Deadline { clock, span: found.span, start, due: due.at, warn_at, explanation }))
    }

    /// When the share of time the desk warns at is left: of office time for working spans, of
    /// plain time for the others. `None` when that leaves no second before the end.
    pub(super) fn warn_at(
        &self,
        agency: Option<&AgencyCode>,
        span: Span,
        start: Timestamp,
        due: Timestamp,
    ) -> Result<Option<Timestamp>, TimeError> {
        let gone = 100 - i64::from(self.rules(start).warn_percent);
        let office = match span.is_working() {
            true => self.calendars.office_us_between(agency, start, due)?,
            false => 0,
        };
        let warn = if office > 0 {
            self.calendars.after_office_us(agency, start, office * gone / 100)?
        } else {
            let all = due.duration_since(start).as_secs();
            let part = SignedDuration::from_secs(all * gone / 100);
            start.checked_add(part).map_err(|_| TimeError::OutOfRange)?
        };
        let whole = Timestamp::from_second(warn.as_second()).map_err(|_| TimeError::OutOfRange)?;
        Ok(Some(whole).filter(|warn| start < *warn && *warn < due))
    }
}

/// Puts the rule before the arithmetic.
fn because(
    clock: Clock,
    facts: &ClockFacts,
    found: &Found<'_>,
    counted: Explanation,
) -> Explanation {
    let row = found.row;
    let (start_vi, start_en) = starts(clock);
    let policy = match &facts.category {
        Some(code) if found.from_category => format!("category:{code}"),
        _ => row.id.clone(),
    };
    let (source_vi, source_en) = source(found);
    let vi = format!(
        "{}: {}, {start_vi} (quy tắc {policy}; {source_vi}). {}",
        row.vi,
        found.span.vietnamese(),
        counted.vi
    );
    let en = format!(
        "{}: {}, {start_en} (rule {policy}; {source_en}). {}",
        row.en, found.span, counted.en
    );
    Explanation { vi, en, policy, basis: row.basis.clone(), ..counted }
}

/// Where the length comes from: the regime for rows that belong to one, and the decree.
fn source(found: &Found<'_>) -> (String, String) {
    let (row, regime) = (found.row, found.regime);
    let (basis_vi, basis_en) = match row.basis.as_str() {
        "design" => ("mức do tổng đài đặt", "a value of the desk's own"),
        decree => (decree, decree),
    };
    if row.regimes.is_empty() {
        return (basis_vi.to_owned(), basis_en.to_owned());
    }
    if row.basis == "design" {
        return (format!("{}; {basis_vi}", regime.vi), format!("{}; {basis_en}", regime.en));
    }
    // The regime's own text names its decrees.
    (regime.vi.clone(), regime.en.clone())
}

/// From when a clock runs, Vietnamese and English.
const fn starts(clock: Clock) -> (&'static str, &'static str) {
    match clock {
        Clock::Dispatch | Clock::Answer => ("tính từ lúc tiếp nhận", "from receipt"),
        Clock::Ruling => ("tính từ khi chờ phân xử thẩm quyền", "from the request for a ruling"),
        Clock::Acknowledge | Clock::OnSite | Clock::MakeSafe | Clock::Resolve => {
            ("tính từ lúc chuyển đến đơn vị", "from dispatch to the agency")
        }
    }
}
