//! What may move a deadline once given: a pause, and an extension. Both stay visible in it.

use jiff::{SignedDuration, Timestamp};

use super::Policy;
use crate::codes::AgencyCode;
use crate::time::error::TimeError;
use crate::time::explanation::{Deadline, PauseNote};
use crate::time::span::Span;

impl Policy {
    /// The deadline after its clock stood still from `paused_from` to `paused_to`.
    ///
    /// It moves by what the pause cost: office time for working hours; the working days after the
    /// day it began up to and with the day it ended for working days; calendar days likewise for
    /// days; plain time for the others. A pause that began when the deadline was over, or that
    /// took no time, changes nothing.
    ///
    /// # Errors
    /// When the calendar does not cover the new end.
    pub fn after_pause(
        &self,
        deadline: &Deadline,
        paused_from: Timestamp,
        paused_to: Timestamp,
        agency: Option<&AgencyCode>,
    ) -> Result<Deadline, TimeError> {
        let from = paused_from.max(deadline.start);
        if paused_to <= from || from >= deadline.due {
            return Ok(deadline.clone());
        }
        let agency = Self::hours_for(deadline.clock, agency);
        let cost = self.cost(deadline.span, from, paused_to, agency)?;
        let due = self.shifted(deadline.due, cost, agency)?;
        // A warning already given stays where it was.
        let warn_at = match deadline.warn_at {
            Some(warn) if warn > from && cost.counts_days() => {
                self.warn_at(agency, deadline.span, deadline.start, due)?
            }
            Some(warn) if warn > from => Some(self.shifted(warn, cost, agency)?),
            warn => warn,
        };
        let (cost_vi, cost_en) = cost.words();
        let (begin, end, until) =
            (self.minute(paused_from), self.minute(paused_to), self.minute(due));
        let note = PauseNote {
            from: paused_from,
            to: paused_to,
            vi: format!(
                "Tạm dừng từ {begin} đến {end} chờ người dân trả lời, bù {cost_vi}; hạn mới {until}."
            ),
            en: format!(
                "Paused from {begin} to {end} waiting for the citizen, {cost_en} given back; now due {until}."
            ),
        };
        let mut explanation = deadline.explanation.clone();
        explanation.vi = format!("{} {}", explanation.vi, note.vi);
        explanation.en = format!("{} {}", explanation.en, note.en);
        explanation.pauses.push(note);
        Ok(Deadline { due, warn_at, explanation, ..deadline.clone() })
    }

    /// The latest moment an extension granted at `at` may move this deadline to.
    ///
    /// # Errors
    /// When the calendar does not cover it.
    pub fn latest_extension(
        &self,
        deadline: &Deadline,
        at: Timestamp,
        agency: Option<&AgencyCode>,
    ) -> Result<Timestamp, TimeError> {
        let agency = Self::hours_for(deadline.clock, agency);
        Ok(self.calendars.add(agency, deadline.due, self.rules(at).max_extension)?.at)
    }

    /// The deadline moved to `new_due` by an extension granted at `at`. Whether it may be granted
    /// is the case's to decide.
    ///
    /// # Errors
    /// When the calendar does not cover the new end.
    pub fn extended(
        &self,
        deadline: &Deadline,
        new_due: Timestamp,
        at: Timestamp,
        agency: Option<&AgencyCode>,
    ) -> Result<Deadline, TimeError> {
        let agency = Self::hours_for(deadline.clock, agency);
        let start = deadline.start.max(at.min(new_due));
        let warn_at = self.warn_at(agency, deadline.span, start, new_due)?;
        let (granted, old, new) =
            (self.minute(at), self.minute(deadline.due), self.minute(new_due));
        let mut explanation = deadline.explanation.clone();
        explanation.vi = format!("{} Gia hạn lúc {granted}: từ {old} đến {new}.", explanation.vi);
        explanation.en = format!("{} Extended at {granted}: from {old} to {new}.", explanation.en);
        Ok(Deadline { due: new_due, warn_at, explanation, ..deadline.clone() })
    }

    /// What a pause costs a period of this kind.
    fn cost(
        &self,
        span: Span,
        from: Timestamp,
        to: Timestamp,
        agency: Option<&AgencyCode>,
    ) -> Result<Cost, TimeError> {
        Ok(match span {
            Span::Minutes(_) | Span::Hours(_) => Cost::Plain(to.duration_since(from)),
            Span::WorkingHours(_) => {
                Cost::Office(self.calendars.office_us_between(agency, from, to)?)
            }
            Span::WorkingDays(_) => {
                Cost::WorkingDays(self.calendars.working_days_between(agency, from, to)?)
            }
            Span::Days(_) => {
                let (from, to) = (self.calendars.local_date(from), self.calendars.local_date(to));
                let days = to.duration_since(from).as_hours() / 24;
                Cost::Days(u32::try_from(days).unwrap_or(0))
            }
        })
    }

    fn shifted(
        &self,
        moment: Timestamp,
        cost: Cost,
        agency: Option<&AgencyCode>,
    ) -> Result<Timestamp, TimeError> {
        match cost {
            Cost::Plain(time) => moment.checked_add(time).map_err(|_| TimeError::OutOfRange),
            Cost::Office(us) => self.calendars.after_office_us(agency, moment, us),
            Cost::Days(0) | Cost::WorkingDays(0) => Ok(moment),
            Cost::Days(n) => Ok(self.calendars.add(agency, moment, Span::Days(n))?.at),
            Cost::WorkingDays(n) => {
                Ok(self.calendars.add(agency, moment, Span::WorkingDays(n))?.at)
            }
        }
    }

    fn minute(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.calendars.zone().clone());
        local.strftime("%H:%M:%S %d/%m/%Y").to_string()
    }
}

/// What a pause cost.
#[derive(Clone, Copy)]
enum Cost {
    Plain(SignedDuration),
    /// Microseconds of office hours.
    Office(i64),
    Days(u32),
    WorkingDays(u32),
}

impl Cost {
    const fn counts_days(self) -> bool {
        matches!(self, Self::Days(_) | Self::WorkingDays(_))
    }

    /// The cost in words, Vietnamese and English.
    fn words(self) -> (String, String) {
        match self {
            Self::Plain(time) => {
                let minutes = time.as_mins();
                (format!("{minutes} phút"), format!("{minutes} minutes"))
            }
            Self::Office(us) => {
                let minutes = us / 60_000_000;
                (format!("{minutes} phút làm việc"), format!("{minutes} working minutes"))
            }
            Self::Days(n) => (format!("{n} ngày"), Span::Days(n).to_string()),
            Self::WorkingDays(n) => {
                (format!("{n} ngày làm việc"), Span::WorkingDays(n).to_string())
            }
        }
    }
}
