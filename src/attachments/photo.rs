//! Photographs: decoded and written anew, so that only the picture stays. Everything else a file
//! may carry (EXIF with serial numbers and places, thumbnails of what was cut away, whatever is
//! appended) is gone; when and where it was taken is read before and kept as data.

mod evidence;

use std::io::Cursor;

use hoiam_domain::case::attachment::TakenWhere;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::media::Media;

/// Points of the largest picture: what telephones take, and more than twice of it.
const POINTS: u64 = 50_000_000;
/// Points of the longest side.
const SIDE: u32 = 20_000;
/// Memory a picture may take while it is decoded, in bytes: what [`POINTS`] need with four channels.
const MEMORY: u64 = 4 * POINTS;
/// How well JPEG keeps what is seen.
const QUALITY: u8 = 88;

/// Why a picture is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// It says it is larger than any photograph.
    #[error("the picture is too large: {width} × {height} points")]
    TooManyPoints {
        /// Points across.
        width: u32,
        /// Points down.
        height: u32,
    },
    /// It needs too much memory, or too much to be kept.
    #[error("the picture takes too much memory")]
    TooMuch,
    /// It is damaged, or no such picture.
    #[error("the picture cannot be read")]
    Damaged,
}

/// A picture as it is kept.
#[derive(Debug)]
pub struct Photo {
    /// How it was written.
    pub media: Media,
    /// The file.
    pub bytes: Vec<u8>,
    /// When it was taken, by its own data.
    pub taken_at: Option<Timestamp>,
    /// Where it was taken, by its own data.
    pub taken_where: Option<TakenWhere>,
}

/// A picture made anew: JPEG stays JPEG and PNG PNG; WebP becomes JPEG, or PNG if one can look
/// through it. Turned as its data say. `zone` is where cameras are that do not say where they are;
/// a file larger than `most` bytes is not kept.
///
/// # Errors
/// [`PhotoError`] when it is damaged or takes too much.
pub fn renewed(
    media: Media,
    bytes: &[u8],
    zone: &TimeZone,
    most: usize,
) -> Result<Photo, PhotoError> {
    let format = media.picture().ok_or(PhotoError::Damaged)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > POINTS || width > SIDE || height > SIDE {
        return Err(PhotoError::TooManyPoints { width, height });
    }
    if decoder.total_bytes() > MEMORY {
        return Err(PhotoError::TooMuch);
    }
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(why)?;
    picture.apply_orientation(turned);
    let media = match media {
        Media::Png => Media::Png,
        Media::Webp if picture.color().has_alpha() => Media::Png,
        _ => Media::Jpeg,
    };
    let written = written(media, picture)?;
    if written.len() > most {
        return Err(PhotoError::TooMuch);
    }
    let (taken_at, taken_where) = evidence::of(bytes, zone);
    Ok(Photo { media, bytes: written, taken_at, taken_where })
}

fn written(media: Media, picture: DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut out = Vec::new();
    let colour = picture.color().has_color();
    if media == Media::Png {
        let encoder =
            PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive);
        // Eight bits a channel, whatever came.
        let picture = match (colour, picture.color().has_alpha()) {
            (true, true) => DynamicImage::from(picture.into_rgba8()),
            (true, false) => DynamicImage::from(picture.into_rgb8()),
            (false, true) => DynamicImage::from(picture.into_luma_alpha8()),
            (false, false) => DynamicImage::from(picture.into_luma8()),
        };
        picture.write_with_encoder(encoder).map_err(why)?;
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
        let picture = if colour {
            DynamicImage::from(picture.into_rgb8())
        } else {
            DynamicImage::from(picture.into_luma8())
        };
        picture.write_with_encoder(encoder).map_err(why)?;
    }
    Ok(out)
}

fn why(error: ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooMuch,
        _ => PhotoError::Damaged,
    }
}

#[cfg(test)]
pub(crate) mod tests;
