//! Kinds of files by their first bytes.

use super::*;

fn boxed(brands: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + brands.len()).unwrap();
    [&length.to_be_bytes()[..], b"ftyp", brands, b"\0\0\0\x08free"].concat()
}

/// Two frames of 128 kbit/s at 44.1 kHz: 417 bytes each.
fn recording() -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame.repeat(2)
}

#[test]
fn what_is_taken() {
    for (bytes, media) in [
        (b"\xff\xd8\xff\xe0rest".to_vec(), Media::Jpeg),
        (b"\x89PNG\r\n\x1a\nrest".to_vec(), Media::Png),
        (b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), Media::Webp),
        (b"%PDF-1.7\n".to_vec(), Media::Pdf),
        (b"OggS\0\x02".to_vec(), Media::Ogg),
        (b"ID3\x04\0".to_vec(), Media::Mp3),
        (recording(), Media::Mp3),
        (boxed(b"isom\0\0\x02\0isomiso2avc1mp41"), Media::Mp4),
        (boxed(b"mp42\0\0\0\0mp42isom"), Media::Mp4),
        (boxed(b"3gp4\0\0\0\0isom3gp4"), Media::ThreeGp),
        (boxed(b"M4A \0\0\0\0M4A mp42isom"), Media::M4a),
        ("Biên bản họp tổ dân phố\r\n\t- số 12".as_bytes().to_vec(), Media::Text),
        ("\u{feff}# Ghi chú".as_bytes().to_vec(), Media::Text),
    ] {
        assert_eq!(sniff(&bytes), Ok(media));
        assert_eq!(Media::from_word(media.as_str()), Some(media));
    }
}

#[test]
fn what_is_refused_and_how() {
    for (bytes, unfit) in [
        (b"".to_vec(), Unfit::Empty),
        (b" \n\t".to_vec(), Unfit::Empty),
        (boxed(b"heic\0\0\0\0mif1heic"), Unfit::Heic),
        (boxed(b"mif1\0\0\0\0mif1heic"), Unfit::Heic),
        (boxed(b"avif\0\0\0\0"), Unfit::Heic),
        (boxed(b"qt  \0\0\0\0qt  "), Unfit::QuickTime),
        (boxed(b"crx \0\0\0\0"), Unfit::Unknown),
        (boxed(b""), Unfit::Unknown),
        (b"GIF89a\x01\0\x01\0\x80".to_vec(), Unfit::Unknown),
        (b"PK\x03\x04".to_vec(), Unfit::Unknown),
        (b"MZ\x90\0".to_vec(), Unfit::Unknown),
        (b"\x7fELF".to_vec(), Unfit::Unknown),
        (b"#!/bin/sh\nrm -rf /".to_vec(), Unfit::Unknown),
        (b"<!doctype html><script>alert(1)</script>".to_vec(), Unfit::Unknown),
        ("\u{feff}  <svg onload=\"alert(1)\"/>".as_bytes().to_vec(), Unfit::Unknown),
        (b"RIFF\x10\0\0\0WAVEfmt ".to_vec(), Unfit::Unknown),
        (b"a\0b".to_vec(), Unfit::Unknown),
        (b"a\x1b[31mb".to_vec(), Unfit::Unknown),
        (b"\xff\xfb\x90\x00 not the next frame".to_vec(), Unfit::Unknown),
        (vec![0xff; 2_000], Unfit::Unknown),
    ] {
        assert_eq!(sniff(&bytes), Err(unfit), "{:?}", String::from_utf8_lossy(&bytes));
    }
}
