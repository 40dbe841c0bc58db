//! Photographs made here: with EXIF data, appended bytes, and sizes that are lies.

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{ColorType, GenericImageView, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const MOST: usize = 10 << 20;

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(7))
}

/// EXIF data with a time, a place, a camera and an orientation.
pub(crate) fn exif(offset: Option<&str>, orientation: u16) -> Vec<u8> {
    let ascii = |tag, text: &str| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.as_bytes().to_vec()]),
    };
    let angle = |tag, parts: [(u32, u32); 3]| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Rational(parts.map(|(num, denom)| Rational { num, denom }).to_vec()),
    };
    let turned = Field {
        tag: Tag::Orientation,
        ifd_num: In::PRIMARY,
        value: Value::Short(vec![orientation]),
    };
    let mut fields = vec![
        turned,
        ascii(Tag::Model, "May anh cua Tran Thi Thu"),
        ascii(Tag::DateTimeOriginal, "2026:03:09 17:05:33"),
        ascii(Tag::GPSLatitudeRef, "N"),
        angle(Tag::GPSLatitude, [(10, 1), (48, 1), (2214, 100)]),
        ascii(Tag::GPSLongitudeRef, "E"),
        angle(Tag::GPSLongitude, [(106, 1), (42, 1), (0, 1)]),
    ];
    fields.extend(offset.map(|offset| ascii(Tag::OffsetTimeOriginal, offset)));
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

/// A picture of 40 × 20 points, red on the left, blue on the right.
fn picture() -> RgbImage {
    RgbImage::from_fn(40, 20, |x, _| if x < 20 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
}

/// A JPEG with EXIF data and something appended.
pub(crate) fn jpeg(exif: Option<&[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 90)
        .write_image(&picture(), 40, 20, ColorType::Rgb8.into())
        .unwrap();
    if let Some(exif) = exif {
        let length = u16::try_from(exif.len() + 8).unwrap();
        let segment = [&[0xff, 0xe1], &length.to_be_bytes()[..], b"Exif\0\0", exif].concat();
        out.splice(2..2, segment);
    }
    out.extend_from_slice(b"<script>APPENDED</script>");
    out
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn nothing_stays_but_the_picture() {
    let before = jpeg(Some(&exif(Some("+07:00"), 1)));
    assert!(holds(&before, "Tran Thi Thu") && holds(&before, "APPENDED"));
    let photo = renewed(Media::Jpeg, &before, &zone(), MOST).unwrap();
    for text in ["Exif", "Tran Thi Thu", "APPENDED", "2026:03:09"] {
        assert!(!holds(&photo.bytes, text), "{text}");
    }
    let seen = image::load_from_memory(&photo.bytes).unwrap();
    assert_eq!(seen.dimensions(), (40, 20));
    let (left, right) = (seen.get_pixel(5, 10), seen.get_pixel(35, 10));
    assert!(left[0] > 200 && right[2] > 200, "{left:?} {right:?}");
    assert_eq!(photo.taken_at, Some("2026-03-09T17:05:33+07:00".parse().unwrap()));
    assert_eq!(photo.taken_where, Some(TakenWhere { lat: 10.806_15, lon: 106.7 }));
}

#[test]
fn a_camera_without_a_zone_stands_in_the_city() {
    let taken = |offset| {
        let bytes = jpeg(Some(&exif(offset, 1)));
        renewed(Media::Jpeg, &bytes, &zone(), MOST).unwrap().taken_at.unwrap().to_string()
    };
    assert_eq!(taken(None), "2026-03-09T10:05:33Z");
    assert_eq!(taken(Some("+00:00")), "2026-03-09T17:05:33Z");
    assert_eq!(taken(Some("nonsense")), "2026-03-09T10:05:33Z");
    let plain = renewed(Media::Jpeg, &jpeg(None), &zone(), MOST).unwrap();
    assert!(plain.taken_at.is_none() && plain.taken_where.is_none());
}

#[test]
fn a_picture_is_turned_as_its_data_say() {
    let photo = renewed(Media::Jpeg, &jpeg(Some(&exif(None, 6))), &zone(), MOST).unwrap();
    let seen = image::load_from_memory(&photo.bytes).unwrap();
    assert_eq!(seen.dimensions(), (20, 40));
    assert!(seen.get_pixel(10, 5)[0] > 200, "what was left is above");
}

#[test]
fn webp_becomes_what_every_browser_and_court_reads() {
    let mut opaque = Cursor::new(Vec::new());
    picture().write_to(&mut opaque, image::ImageFormat::WebP).unwrap();
    let photo = renewed(Media::Webp, opaque.get_ref(), &zone(), MOST).unwrap();
    assert_eq!(photo.media, Media::Jpeg);
    let mut clear = Cursor::new(Vec::new());
    let glass = RgbaImage::from_pixel(9, 9, Rgba([1, 2, 3, 77]));
    glass.write_to(&mut clear, image::ImageFormat::WebP).unwrap();
    let photo = renewed(Media::Webp, clear.get_ref(), &zone(), MOST).unwrap();
    assert_eq!(photo.media, Media::Png);
    assert_eq!(image::load_from_memory(&photo.bytes).unwrap().get_pixel(4, 4), Rgba([1, 2, 3, 77]));
}

/// A PNG that says it has so many points, and hardly any bytes.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    RgbImage::new(1, 1).write_to(&mut out, image::ImageFormat::Png).unwrap();
    let mut bytes = out.into_inner();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

#[test]
fn bombs_are_refused_before_they_take_memory() {
    for (width, height) in [(20_000, 20_000), (30_000, 1), (1, 30_000), (u32::MAX / 4, 100_000)] {
        let refused = renewed(Media::Png, &png_of(width, height), &zone(), MOST);
        let refused = refused.map(|photo| photo.bytes.len());
        assert!(
            matches!(refused, Err(PhotoError::TooManyPoints { .. } | PhotoError::TooMuch)),
            "{width} × {height}: {refused:?}"
        );
    }
    // A plain area packs a thousandfold: small as sent, not small as kept.
    let mut plain = Cursor::new(Vec::new());
    RgbImage::new(800, 800).write_to(&mut plain, image::ImageFormat::Png).unwrap();
    let refused = renewed(Media::Png, plain.get_ref(), &zone(), 100);
    assert!(matches!(refused, Err(PhotoError::TooMuch)));
}

#[test]
fn what_is_damaged_is_refused() {
    let whole = jpeg(None);
    for bytes in [&whole[..whole.len() / 3], b"\xff\xd8\xff\xe0", b""] {
        assert!(renewed(Media::Jpeg, bytes, &zone(), MOST).is_err());
    }
    assert!(renewed(Media::Png, &whole, &zone(), MOST).is_err(), "a JPEG under another name");
    assert!(renewed(Media::Pdf, &whole, &zone(), MOST).is_err());
}
