//! The files of a rule set as one piece of bytes: sorted by path, each path and each text preceded
//! by its length (64 bits, big-endian). SHA-256 over exactly these bytes is the hash of the rule
//! set, so what is stored under a hash can be checked against it.

/// Why bytes are no archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at} of the stored rule set does not read")]
pub struct BadArchive {
    /// Where.
    pub at: usize,
}

/// Packs files: (path relative to the rules directory, text).
pub fn pack(files: &[(String, String)]) -> Vec<u8> {
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort();
    let bytes = sorted.iter().map(|(path, text)| 16 + path.len() + text.len()).sum();
    let mut out = Vec::with_capacity(bytes);
    for (path, text) in sorted {
        for part in [path, text] {
            out.extend((part.len() as u64).to_be_bytes());
            out.extend(part.as_bytes());
        }
    }
    out
}

/// Unpacks what [`pack`] made.
///
/// # Errors
/// [`BadArchive`] when the bytes end early or are no text.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, String)>, BadArchive> {
    let mut files = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let path = part(bytes, &mut at)?;
        let text = part(bytes, &mut at)?;
        files.push((path, text));
    }
    Ok(files)
}

fn part(bytes: &[u8], at: &mut usize) -> Result<String, BadArchive> {
    let start = *at;
    let bad = || BadArchive { at: start };
    let length = bytes.get(start..).and_then(|rest| rest.first_chunk::<8>()).ok_or_else(bad)?;
    let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| bad())?;
    let begin = start + 8;
    let end = begin.checked_add(length).ok_or_else(bad)?;
    let text = std::str::from_utf8(bytes.get(begin..end).ok_or_else(bad)?).map_err(|_| bad())?;
    *at = end;
    Ok(text.to_owned())
}
