//! [`Span`]: the length of a limit, in one of the five ways the desk counts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest count a span may have; more is a slip of the pen, not a limit.
const LONGEST: u32 = 100_000;

/// The length of a limit. The text form is `15 minutes`, `60 hours`, `4 working hours`, `5 days`
/// or `3 working days`; data, events and interfaces use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Minutes round the clock.
    Minutes(u32),
    /// Hours round the clock.
    Hours(u32),
    /// Hours inside office hours of working days.
    WorkingHours(u32),
    /// Calendar days ("ngày"): the first is the day after, a last day off moves on (Civil Code
    /// 2015, art. 147.2 and 148.5).
    Days(u32),
    /// Working days ("ngày làm việc"): the day of receipt is not counted, the last day is.
    WorkingDays(u32),
}

/// A text that is not a [`Span`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not a period: write a whole number from 1 to {LONGEST} and minutes, hours, working hours, days or working days, e.g. `4 working hours`"
)]
pub struct SpanError {
    /// What was given, shortened.
    pub given: String,
}

impl Span {
    /// How many of its unit.
    pub const fn count(self) -> u32 {
        match self {
            Self::Minutes(n)
            | Self::Hours(n)
            | Self::WorkingHours(n)
            | Self::Days(n)
            | Self::WorkingDays(n) => n,
        }
    }

    /// Whether the calendar of office hours matters: working hours and working days.
    pub const fn is_working(self) -> bool {
        matches!(self, Self::WorkingHours(_) | Self::WorkingDays(_))
    }

    /// The Vietnamese text, e.g. `4 giờ làm việc`.
    pub fn vietnamese(self) -> String {
        let unit = match self {
            Self::Minutes(_) => "phút",
            Self::Hours(_) => "giờ",
            Self::WorkingHours(_) => "giờ làm việc",
            Self::Days(_) => "ngày",
            Self::WorkingDays(_) => "ngày làm việc",
        };
        format!("{} {unit}", self.count())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self {
            Self::Minutes(_) => "minute",
            Self::Hours(_) => "hour",
            Self::WorkingHours(_) => "working hour",
            Self::Days(_) => "day",
            Self::WorkingDays(_) => "working day",
        };
        let plural = if self.count() == 1 { "" } else { "s" };
        write!(f, "{} {unit}{plural}", self.count())
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let error = || SpanError { given: text.chars().take(60).collect() };
        let (number, unit) = text.split_once(' ').ok_or_else(error)?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let n = number.parse().ok().filter(|n| (1..=LONGEST).contains(n)).ok_or_else(error)?;
        match unit.strip_suffix('s').unwrap_or(unit) {
            "minute" => Ok(Self::Minutes(n)),
            "hour" => Ok(Self::Hours(n)),
            "working hour" => Ok(Self::WorkingHours(n)),
            "day" => Ok(Self::Days(n)),
            "working day" => Ok(Self::WorkingDays(n)),
            _ => Err(error()),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

/// The length of a promise as events hold it. Unlike a limit it may be none: targets another
/// system set have no length.
pub(super) fn promised<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
    let text = String::deserialize(from)?;
    match text.as_str() {
        "0 days" => Ok(Span::Days(0)),
        text => text.parse().map_err(serde::de::Error::custom),
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl utoipa::PartialSchema for Span {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A period, e.g. `4 working hours`"))
            .into()
    }
}

impl utoipa::ToSchema for Span {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back() {
        for text in ["15 minutes", "1 hour", "4 working hours", "5 days", "1 working day"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string(), text);
        }
        assert_eq!(Span::WorkingHours(4).vietnamese(), "4 giờ làm việc");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "5",
            "days",
            "0 days",
            "-1 days",
            "+1 day",
            "5  days",
            "5 weeks",
            "100001 days",
            "5 dayss",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
        let error = "soon".parse::<Span>().unwrap_err().to_string();
        assert!(error.contains("`soon`") && error.contains("working days"), "{error}");
    }
}
