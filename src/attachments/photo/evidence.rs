//! When and where a photograph was taken, as its EXIF data say. What they say is a claim of
//! whoever sent it, kept as such; what does not make sense is left out.

use std::io::Cursor;

use exif::{DateTime, Exif, In, Reader, Tag, Value};
use hoiam_domain::case::attachment::TakenWhere;
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{Offset, TimeZone};

/// Time and place, where the file tells them. A camera without a zone is taken to stand in `zone`.
pub(super) fn of(bytes: &[u8], zone: &TimeZone) -> (Option<Timestamp>, Option<TakenWhere>) {
    match Reader::new().read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => (time(&exif, zone), place(&exif)),
        Err(_) => (None, None),
    }
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}

fn time(exif: &Exif, zone: &TimeZone) -> Option<Timestamp> {
    let text =
        ascii(exif, Tag::DateTimeOriginal).or_else(|| ascii(exif, Tag::DateTimeDigitized))?;
    let mut taken = DateTime::from_ascii(text).ok()?;
    let offset = ascii(exif, Tag::OffsetTimeOriginal).or_else(|| ascii(exif, Tag::OffsetTime));
    if let Some(offset) = offset {
        // One that is malformed is as good as none.
        let _ = taken.parse_offset(offset);
    }
    let small = |number: u8| i8::try_from(number).ok();
    let year = i16::try_from(taken.year).ok()?;
    let day = civil::Date::new(year, small(taken.month)?, small(taken.day)?).ok()?;
    let time =
        civil::Time::new(small(taken.hour)?, small(taken.minute)?, small(taken.second)?, 0).ok()?;
    let zone = match taken.offset {
        Some(minutes) => TimeZone::fixed(Offset::from_seconds(i32::from(minutes) * 60).ok()?),
        None => zone.clone(),
    };
    day.to_datetime(time).to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

fn place(exif: &Exif) -> Option<TakenWhere> {
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let lon = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    // Cameras that do not know write zeros.
    let sensible = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat, lon) != (0.0, 0.0);
    sensible.then_some(TakenWhere { lat, lon })
}

/// Degrees, minutes and seconds as degrees, to a tenth of a metre.
fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    let parts = [degrees, minutes, seconds].map(|part| part.to_f64());
    let value = parts[0] + parts[1] / 60.0 + parts[2] / 3_600.0;
    let value = (value * 1e6).round() / 1e6;
    let side = *ascii(exif, side)?.first()?;
    value.is_finite().then_some(if side == negative { -value } else { value })
}
