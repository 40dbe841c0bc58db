//! Values of policy files that TOML itself has no type for, read strictly.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, de};

/// A date that exists, written as `2026-02-14` with or without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileDate(pub(crate) Date);

impl<'de> Deserialize<'de> for FileDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            toml::Value::Datetime(value) => value.to_string(),
            other => {
                return Err(de::Error::custom(format!("expected a date, found {other}")));
            }
        };
        let shape = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
        text.parse().ok().filter(|_| shape).map(Self).ok_or_else(|| {
            de::Error::custom(format!("`{text}` is not a date that exists; write it as 2026-02-14"))
        })
    }
}

/// Microseconds in a day.
pub(crate) const DAY_US: i64 = 86_400_000_000;

/// A stretch of a day, `07:30-11:30`, in microseconds from midnight; `24:00` is the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// First moment that counts.
    pub(crate) from: i64,
    /// First moment that does not.
    pub(crate) to: i64,
}

impl<'de> Deserialize<'de> for Stretch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = || {
            let (from, to) = text.split_once('-')?;
            let stretch = Self { from: clock_time(from)?, to: clock_time(to)? };
            (stretch.from < stretch.to).then_some(stretch)
        };
        read().ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is not a stretch of a day; write it as 07:30-11:30, the end after the start, at most 24:00"
            ))
        })
    }
}

/// `07:30` in microseconds from midnight.
fn clock_time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let us = (hours * 60 + minutes) * 60_000_000;
    (minutes < 60 && us <= DAY_US).then_some(us)
}

/// The names of a weekday, Vietnamese and English.
pub(crate) const fn weekday_names(day: Weekday) -> (&'static str, &'static str) {
    match day {
        Weekday::Monday => ("thứ Hai", "Monday"),
        Weekday::Tuesday => ("thứ Ba", "Tuesday"),
        Weekday::Wednesday => ("thứ Tư", "Wednesday"),
        Weekday::Thursday => ("thứ Năm", "Thursday"),
        Weekday::Friday => ("thứ Sáu", "Friday"),
        Weekday::Saturday => ("thứ Bảy", "Saturday"),
        Weekday::Sunday => ("Chủ nhật", "Sunday"),
    }
}
