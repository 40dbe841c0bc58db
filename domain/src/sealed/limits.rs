//! How long requests to know who a denouncer is stand open: `[readings]` of `routing.toml`.

use jiff::SignedDuration;
use serde::Deserialize;

/// Hours in which another member may approve, at most: three weeks.
const APPROVE: std::ops::RangeInclusive<u16> = 1..=504;
/// Minutes in which what was approved may be read, at most: a day.
const READ: std::ops::RangeInclusive<u16> = 5..=1_440;

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingLimits {
    /// So many hours a request can be approved.
    #[serde(default = "default_approve")]
    pub approve_hours: u16,
    /// So many minutes after approval it can be read; as long a reading lasts for the files.
    #[serde(default = "default_read")]
    pub read_minutes: u16,
}

const fn default_approve() -> u16 {
    24
}

const fn default_read() -> u16 {
    60
}

impl Default for ReadingLimits {
    fn default() -> Self {
        Self { approve_hours: default_approve(), read_minutes: default_read() }
    }
}

impl ReadingLimits {
    /// How long a request can be approved.
    pub fn to_approve(&self) -> SignedDuration {
        SignedDuration::from_hours(self.approve_hours.into())
    }

    /// How long after approval it can be read.
    pub fn to_read(&self) -> SignedDuration {
        SignedDuration::from_mins(self.read_minutes.into())
    }

    /// What cannot be meant, as sentences.
    pub fn errors(&self) -> Vec<String> {
        let mut errors = Vec::new();
        if !APPROVE.contains(&self.approve_hours) {
            let (from, to) = (APPROVE.start(), APPROVE.end());
            errors.push(format!("readings.approve_hours must be {from} to {to}"));
        }
        if !READ.contains(&self.read_minutes) {
            let (from, to) = (READ.start(), READ.end());
            errors.push(format!("readings.read_minutes must be {from} to {to}"));
        }
        errors
    }

    /// What is allowed and seldom meant, in Vietnamese and English: a week is long for two people who sit together, and what
    /// is open for longer than it can be asked for is no limit.
    pub fn doubts(&self) -> Option<(String, String)> {
        let long = self.approve_hours > 168 || self.to_read() > self.to_approve();
        long.then(|| {
            let (hours, minutes) = (self.approve_hours, self.read_minutes);
            (
                format!("{hours} giờ để đồng ý, {minutes} phút để đọc là dài: tên người tố cáo không nên mở lâu như vậy"),
                format!("{hours} hours to approve and {minutes} minutes to read are long: who a denouncer is should not stay open"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_hour_unless_said() {
        let usual = ReadingLimits::default();
        assert_eq!(usual.to_approve(), SignedDuration::from_hours(24));
        assert_eq!(usual.to_read(), SignedDuration::from_hours(1));
        assert!(usual.errors().is_empty() && usual.doubts().is_none());
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        let with = |approve_hours, read_minutes| ReadingLimits { approve_hours, read_minutes };
        for (wrong, field) in [
            (with(0, 60), "approve_hours"),
            (with(505, 60), "approve_hours"),
            (with(24, 4), "read_minutes"),
            (with(24, 1_441), "read_minutes"),
        ] {
            assert!(wrong.errors().iter().any(|error| error.contains(field)), "{wrong:?}");
        }
        assert!(with(504, 60).doubts().is_some() && with(1, 90).doubts().is_some());
    }
}
