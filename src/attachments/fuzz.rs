//! Files nobody would attach.

use hoiam_domain::case::attachment::TakenWhere;
use image::GenericImageView;
use jiff::tz::TimeZone;

use super::media::{Media, sniff};
use super::photo::renewed;
use super::photo::tests::{exif, jpeg};
use crate::fuzz::{holds, texts};

/// Bytes kept at most.
const MOST: usize = 1 << 20;

/// What is taken for a kind looks like it, and nothing a browser would run is taken for text.
#[test]
fn kinds() {
    let mut samples = texts(&[
        "Biên bản họp tổ dân phố\r\n\t- số 12",
        "\u{feff}# Ghi chú",
        " <svg onload=\"alert(1)\"/>",
        "%PDF-1.7\n",
        "\0\0\0\x18ftypisom\0\0\x02\0isomiso2",
        "\0\0\0\x14ftypM4A \0\0\0\0M4A ",
        "\0\0\0\x14ftypheic\0\0\0\0mif1",
        "RIFF\x10\0\0\0WEBPVP8 ",
        "ID3\x04\0",
    ]);
    samples.push(jpeg(None));
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    samples.push(frame.repeat(2));
    holds!(samples, |input: &[u8]| {
        let Ok(media) = sniff(input) else { return };
        assert_eq!(Media::from_word(media.as_str()), Some(media));
        if media == Media::Text {
            let text = std::str::from_utf8(input).unwrap();
            let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            assert!(!start.is_empty() && !start.starts_with('<') && !start.starts_with("#!"));
            assert!(!text.contains('\0') && !text.contains('\u{1b}'));
        }
    });
}

/// A photograph that is kept is a picture of the kind it is said to be, of its own size, and holds
/// nothing but points: none of what was appended or said beside them, however broken it came.
#[test]
fn photographs() {
    let picture = image::RgbaImage::from_pixel(7, 5, image::Rgba([9, 8, 7, 200]));
    let written = |format| {
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        let mut bytes = out.into_inner();
        bytes.extend_from_slice(b"<script>APPENDED</script>");
        bytes
    };
    let samples = vec![
        jpeg(Some(&exif(Some("+07:00"), 6))),
        jpeg(None),
        written(image::ImageFormat::Png),
        written(image::ImageFormat::WebP),
    ];
    let zone = TimeZone::fixed(jiff::tz::offset(7));
    holds!(samples, |input: &[u8]| {
        let Ok(media @ (Media::Jpeg | Media::Png | Media::Webp)) = sniff(input) else { return };
        let Ok(photo) = renewed(media, input, &zone, MOST) else { return };
        assert!(photo.bytes.len() <= MOST);
        assert_eq!(sniff(&photo.bytes), Ok(photo.media));
        for word in [&b"APPENDED"[..], b"Tran Thi Thu", b"Exif\0\0"] {
            assert!(!photo.bytes.windows(word.len()).any(|window| window == word));
        }
        let seen = image::load_from_memory(&photo.bytes).unwrap();
        if let Some(TakenWhere { lat, lon }) = photo.taken_where {
            assert!(lat.abs() <= 90.0 && lon.abs() <= 180.0);
        }
        let again = renewed(photo.media, &photo.bytes, &zone, 2 * MOST).unwrap();
        assert_eq!((again.taken_at, again.taken_where), (None, None));
        assert_eq!(image::load_from_memory(&again.bytes).unwrap().dimensions(), seen.dimensions());
    });
}
