//! Moments as people write them: RFC 3339 with an offset, or local time of the city.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads `2026-02-10T09:00:00+07:00`, `2026-02-10T02:00:00Z`, or as local time in `zone`
/// `2026-02-10T09:00[:00]`, `2026-02-10 09:00[:00]` or `2026-02-10` (its first moment).
///
/// # Errors
/// A sentence saying what was expected, when the text is anything else or names a date that does
/// not exist.
pub fn parse_time(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let error = || {
        let given: String = text.chars().take(60).collect();
        format!(
            "`{given}` is not a moment in time: write a date that exists, e.g. 2026-02-10, 2026-02-10T09:00 (local time) or 2026-02-10T09:00:00+07:00"
        )
    };
    if !plausible(text) {
        return Err(error());
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let local = match text.parse::<DateTime>() {
        Ok(local) if text.len() > 10 => local,
        _ => text.parse::<Date>().map_err(|_| error())?.at(0, 0, 0, 0),
    };
    // A text with an offset that is no timestamp must not pass as local time.
    if text.len() > 10 && text[10..].contains(['+', '-', 'Z', 'z', '[']) {
        return Err(error());
    }
    local.to_zoned(zone.clone()).map(|z| z.timestamp()).map_err(|_| error())
}

/// Four-digit year, ASCII, of sane length: keeps out the week dates, basic formats and extended
/// years that the library reads as well.
fn plausible(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.is_ascii()
        && (10..=40).contains(&bytes.len())
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && !text.contains('[')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
    }

    #[test]
    fn all_accepted_forms_mean_the_same_moment() {
        let expected: Timestamp = "2026-02-10T02:00:00Z".parse().unwrap();
        for text in [
            "2026-02-10T09:00:00+07:00",
            "2026-02-10T02:00:00Z",
            "2026-02-10T09:00",
            "2026-02-10T09:00:00",
            "2026-02-10 09:00",
            "2026-02-10 09:00:00",
        ] {
            assert_eq!(parse_time(text, &zone()), Ok(expected), "{text}");
        }
        let midnight: Timestamp = "2026-02-09T17:00:00Z".parse().unwrap();
        assert_eq!(parse_time("2026-02-10", &zone()), Ok(midnight));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-02-30",
            "2026-02-30T09:00",
            "2026-02-10T25:00",
            "2026-02-10T09:00+07:0",
            "2026-2-10",
            "20260210",
            "2026-02-10T",
            "10/02/2026",
            "2026-W07-2",
            "2026-02-10T09:00:00[Asia/Tokyo]",
            "２０２６-02-10",
        ] {
            let error = parse_time(text, &zone()).unwrap_err();
            assert!(error.contains("2026-02-10"), "{text}: {error}");
        }
    }
}
