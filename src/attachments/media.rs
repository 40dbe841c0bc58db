//! What a file is, by its own bytes. What the sender says of it is never believed. The list is
//! closed: what is not on it is refused, above all whatever a browser would run.

use image::ImageFormat;

/// A kind of file the desk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A photograph.
    Jpeg,
    /// A picture without loss.
    Png,
    /// A picture of either sort; kept as one of the two.
    Webp,
    /// A document.
    Pdf,
    /// A film.
    Mp4,
    /// A film of a small telephone.
    ThreeGp,
    /// A recording.
    M4a,
    /// A recording.
    Mp3,
    /// A recording.
    Ogg,
    /// Plain text in UTF-8.
    Text,
}

impl Media {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Pdf,
        Self::Mp4,
        Self::ThreeGp,
        Self::M4a,
        Self::Mp3,
        Self::Ogg,
        Self::Text,
    ];

    /// The media type, as events and answers say it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::ThreeGp => "video/3gpp",
            Self::M4a => "audio/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// The ending of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Mp4 => "mp4",
            Self::ThreeGp => "3gp",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Text => "txt",
        }
    }

    /// The kind of a media type in an event.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str() == word)
    }

    /// How it is decoded, if it is a picture.
    pub(super) const fn picture(self) -> Option<ImageFormat> {
        match self {
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::Webp => Some(ImageFormat::WebP),
            _ => None,
        }
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A picture in the format of newer iPhones.
    #[error("the file is a HEIC or AVIF picture")]
    Heic,
    /// A film in the format of iPhones.
    #[error("the file is a QuickTime film")]
    QuickTime,
    /// Anything else.
    #[error("the file is of no kind that is taken")]
    Unknown,
}

/// What a file is.
///
/// # Errors
/// [`Unfit`] when it is nothing the desk takes.
pub fn sniff(bytes: &[u8]) -> Result<Media, Unfit> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if bytes.is_empty() {
        Err(Unfit::Empty)
    } else if begins(&[0xff, 0xd8, 0xff]) {
        Ok(Media::Jpeg)
    } else if begins(b"\x89PNG\r\n\x1a\n") {
        Ok(Media::Png)
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Ok(Media::Webp)
    } else if begins(b"%PDF-") {
        Ok(Media::Pdf)
    } else if begins(b"OggS\0") {
        Ok(Media::Ogg)
    } else if begins(b"ID3") || is_mpeg_audio(bytes) {
        Ok(Media::Mp3)
    } else if bytes.get(4..8) == Some(b"ftyp") {
        by_brands(bytes)
    } else {
        plain(bytes)
    }
}

/// Two frames of MPEG audio, layer 3, one after the other: two bytes alone prove too little.
fn is_mpeg_audio(bytes: &[u8]) -> bool {
    frame_length(bytes).and_then(|length| bytes.get(length..)).is_some_and(|next| {
        // A recording may end with its first frame only if it ends there exactly.
        !next.is_empty() && frame_length(next).is_some()
    })
}

/// The length of the frame at the beginning (ISO 11172-3 and 13818-3, layer 3).
fn frame_length(bytes: &[u8]) -> Option<usize> {
    const V1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const V2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let [0xff, second, third, _, ..] = *bytes else { return None };
    let version = second >> 3 & 0b11;
    if second >> 5 != 0b111 || version == 0b01 || second >> 1 & 0b11 != 0b01 {
        return None;
    }
    let (rates, samples, hertz): (_, _, [usize; 3]) = match version {
        0b11 => (V1, 144, [44_100, 48_000, 32_000]),
        0b10 => (V2, 72, [22_050, 24_000, 16_000]),
        _ => (V2, 72, [11_025, 12_000, 8_000]),
    };
    let rate = *rates.get(usize::from(third >> 4)).filter(|rate| **rate > 0)?;
    let hertz = *hertz.get(usize::from(third >> 2 & 0b11))?;
    Some(samples * rate * 1_000 / hertz + usize::from(third >> 1 & 1))
}

/// ISO base media files by the brands of their first box (ISO 14496-12).
fn by_brands(bytes: &[u8]) -> Result<Media, Unfit> {
    let length = bytes.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    // The major brand, a version, then the brands it is compatible with; more than 40 nobody has.
    let brands = bytes.get(8..length.min(bytes.len()).min(176)).unwrap_or_default();
    let brands: Vec<&[u8]> = brands.chunks_exact(4).collect();
    let Some(major) = brands.first() else { return Err(Unfit::Unknown) };
    let among = |list: &[&[u8; 4]]| list.iter().any(|brand| brand[..] == **major);
    if among(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"]) {
        Err(Unfit::Heic)
    } else if among(&[b"qt  "]) {
        Err(Unfit::QuickTime)
    } else if among(&[b"M4A ", b"M4B "]) {
        Ok(Media::M4a)
    } else if major.starts_with(b"3gp") || major.starts_with(b"3g2") {
        Ok(Media::ThreeGp)
    } else if major.starts_with(b"iso")
        || among(&[b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"f4v "])
    {
        Ok(Media::Mp4)
    } else {
        Err(Unfit::Unknown)
    }
}

/// Plain text: UTF-8 without control characters, and no page or drawing a browser would run.
fn plain(bytes: &[u8]) -> Result<Media, Unfit> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unfit::Unknown)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Unfit::Unknown);
    }
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        Err(Unfit::Empty)
    } else if start.starts_with(['<', '#']) && !start.starts_with("# ") {
        // Markup and programs (`#!`).
        Err(Unfit::Unknown)
    } else {
        Ok(Media::Text)
    }
}

#[cfg(test)]
mod tests;
