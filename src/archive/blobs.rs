//! What policy events name by hash, in pieces that fit a line.

use sha2::{Digest, Sha256};

use super::format::BlobPart;
use crate::policy::blobs::{BlobKind, LARGEST, StoredBlob};
use crate::tracking::hex;

/// Bytes in one line.
const PART: usize = 1 << 20;

/// The pieces of a blob.
pub(super) fn parts<'a>(
    blob: &'a StoredBlob,
    content: &'a [u8],
) -> impl Iterator<Item = BlobPart> + 'a {
    // An empty content has one piece, too.
    let count = content.len().div_ceil(PART).max(1);
    let parts = u32::try_from(count).unwrap_or(u32::MAX);
    (1..=parts).zip(0..count).map(move |(part, nr)| BlobPart {
        blob: blob.hash.clone(),
        kind: blob.kind.as_str().to_owned(),
        stored_at: blob.stored_at,
        part,
        parts,
        hex: hex(&content[nr * PART..content.len().min((nr + 1) * PART)]),
    })
}

/// Puts pieces together again.
#[derive(Debug, Default)]
pub(super) struct Joining {
    first: Option<BlobPart>,
    content: Vec<u8>,
    next: u32,
}

impl Joining {
    /// Takes the next piece; with the last one, the whole blob, checked.
    pub(super) fn add(&mut self, part: BlobPart) -> Result<Option<(StoredBlob, Vec<u8>)>, String> {
        let first = self.first.get_or_insert_with(|| {
            self.next = 1;
            BlobPart { hex: String::new(), ..part.clone() }
        });
        let belongs = (&part.blob, &part.kind, part.stored_at, part.parts)
            == (&first.blob, &first.kind, first.stored_at, first.parts);
        if !belongs || part.part != self.next {
            return Err(format!("piece {} of blob {} is expected here", self.next, first.blob));
        }
        unhex(&part.hex, &mut self.content).ok_or("the bytes of a blob are not hexadecimal")?;
        if self.content.len() > LARGEST {
            return Err("the blob is too large".to_owned());
        }
        self.next += 1;
        if part.part < part.parts {
            return Ok(None);
        }
        let content = std::mem::take(&mut self.content);
        self.first = None;
        if hex(&Sha256::digest(&content)) != part.blob {
            return Err(format!("the content of blob {} was altered", part.blob));
        }
        let kind = BlobKind::from_word(&part.kind)
            .ok_or_else(|| format!("a blob of an unknown kind, `{}`", part.kind))?;
        Ok(Some((StoredBlob { hash: part.blob, kind, stored_at: part.stored_at }, content)))
    }

    /// Whether a blob is not complete.
    pub(super) fn is_open(&self) -> bool {
        self.first.is_some()
    }
}

/// Adds the bytes of a hexadecimal text; none when it is not one.
pub(super) fn unhex(text: &str, to: &mut Vec<u8>) -> Option<()> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    for [high, low] in pairs {
        to.push(digit(*high)? << 4 | digit(*low)?);
    }
    Some(())
}
