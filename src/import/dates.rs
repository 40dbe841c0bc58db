//! Times as the source writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Offset, TimeZone};

/// How to read the times of one source.
#[derive(Clone, Debug)]
pub(super) struct Dates {
    zone: TimeZone,
    forms: Vec<Form>,
}

#[derive(Clone, Debug)]
enum Form {
    Iso,
    Pattern(String),
}

impl Dates {
    /// `zone` is a fixed offset or an IANA name, `forms` are `iso` or patterns as of strptime.
    ///
    /// # Errors
    /// The field of the map and what is wrong with it.
    pub(super) fn new(zone: &str, forms: &[String]) -> Result<Self, (&'static str, String)> {
        let zone = read_zone(zone).ok_or_else(|| {
            let message = format!(
                "`{zone}` is neither an offset like -05:00 nor a zone like Asia/Ho_Chi_Minh"
            );
            ("time_zone", message)
        })?;
        if forms.is_empty() {
            return Err(("dates", "names at least one form, e.g. [\"iso\"]".to_owned()));
        }
        let sample = Timestamp::UNIX_EPOCH.to_zoned(zone.clone());
        let forms = forms
            .iter()
            .map(|form| {
                if form == "iso" {
                    return Ok(Form::Iso);
                }
                strtime::format(form, &sample)
                    .map_err(|error| ("dates", format!("`{form}`: {error}")))?;
                Ok(Form::Pattern(form.clone()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { zone, forms })
    }

    /// Reads a moment, to the microsecond, which is what the log stores.
    ///
    /// # Errors
    /// A sentence that shows what was given.
    pub(super) fn read(&self, text: &str) -> Result<Timestamp, String> {
        let text = text.trim();
        let read = self.forms.iter().find_map(|form| match form {
            Form::Iso => self.iso(text),
            Form::Pattern(pattern) => self.pattern(pattern, text),
        });
        read.and_then(|at| Timestamp::from_microsecond(at.as_microsecond()).ok()).ok_or_else(|| {
            let given: String = text.chars().take(60).collect();
            format!("`{given}` is no time of the form the map names")
        })
    }

    fn iso(&self, text: &str) -> Option<Timestamp> {
        let bytes = text.as_bytes();
        let plausible = text.is_ascii()
            && (10..=40).contains(&bytes.len())
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && !text.contains('[');
        if !plausible {
            return None;
        }
        if text.len() == 10 {
            return self.local(text.parse::<Date>().ok()?.at(0, 0, 0, 0));
        }
        // A text with an offset that is no timestamp must not pass as local time.
        if text[10..].contains(['+', '-', 'Z', 'z']) {
            return text.parse().ok();
        }
        self.local(text.parse().ok()?)
    }

    fn pattern(&self, pattern: &str, text: &str) -> Option<Timestamp> {
        let parts = BrokenDownTime::parse(pattern, text).ok()?;
        if let Ok(at) = parts.to_timestamp() {
            return Some(at);
        }
        let local = parts.to_datetime();
        self.local(local.or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?)
    }

    fn local(&self, local: DateTime) -> Option<Timestamp> {
        local.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }
}

fn read_zone(text: &str) -> Option<TimeZone> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return TimeZone::get(text).ok(),
    };
    let (hours, minutes) = text[1..].split_once(':').unwrap_or((&text[1..], "00"));
    let two = |digits: &str| {
        let fits = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<i32>().ok().filter(|_| fits)
    };
    let (hours, minutes) = (two(hours)?, two(minutes).filter(|minutes| *minutes < 60)?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok().map(TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(zone: &str, forms: &[&str]) -> Dates {
        let forms: Vec<String> = forms.iter().map(|form| (*form).to_owned()).collect();
        Dates::new(zone, &forms).unwrap()
    }

    #[test]
    fn iso_forms_mean_the_same_moment() {
        let dates = dates("-05:00", &["iso"]);
        let expected: Timestamp = "2011-07-01T06:32:00Z".parse().unwrap();
        for text in [
            "2011-07-01 01:32:00",
            "2011-07-01T01:32:00",
            "2011-07-01T01:32",
            "2011-07-01 01:32:00.000",
            " 2011-07-01 01:32:00 ",
            "2011-07-01T06:32:00Z",
            "2011-07-01T06:32:00+00:00",
            "2011-07-01 06:32:00+00",
            "2011-07-01T01:32:00-05:00",
        ] {
            assert_eq!(dates.read(text), Ok(expected), "{text}");
        }
        let midnight: Timestamp = "2011-07-01T05:00:00Z".parse().unwrap();
        assert_eq!(dates.read("2011-07-01"), Ok(midnight));
        for text in ["", "01/07/2011", "2011-02-30 01:00", "2011-07-01 25:00", "2011-07-01T", "đ"]
        {
            assert!(dates.read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patterns_are_tried_in_order() {
        let dates = dates("Asia/Ho_Chi_Minh", &["%d/%m/%Y %H:%M", "%d/%m/%Y", "%m-%d-%Y %I:%M %p"]);
        let at = |text: &str| dates.read(text).unwrap().to_string();
        assert_eq!(at("03/02/2026 09:15"), "2026-02-03T02:15:00Z");
        assert_eq!(at("03/02/2026"), "2026-02-02T17:00:00Z");
        assert_eq!(at("02-03-2026 09:15 PM"), "2026-02-03T14:15:00Z");
        assert!(dates.read("31/02/2026").is_err());
    }

    #[test]
    fn zones_and_forms_are_checked() {
        for zone in ["", "-5", "-05:60", "+26:00", "Mars/Olympus", "+1a:00", "+é:00"] {
            assert!(Dates::new(zone, &["iso".to_owned()]).is_err(), "{zone}");
        }
        assert!(Dates::new("UTC", &["%d/%".to_owned()]).is_err());
        assert!(Dates::new("UTC", &[]).is_err());
    }
}
