//! Signed notes (C2SP `signed-note`): a text, an empty line, and a line a signature. Keys in the
//! format of that specification, with the two kinds of Ed25519 signatures a log needs: of the note
//! itself, and of a witness that adds when it saw it (C2SP `tlog-cosignature`, version 1).

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::text::{base64, unbase64};

/// A note is never longer: some hundred bytes a signature, and a text of three lines.
pub const LONGEST: usize = 64 << 10;
/// Signatures of one note at most.
const SIGNATURES: usize = 100;
/// How every line with a signature begins: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The note's text.
    Note,
    /// The note's text and a time before it: a witness's cosignature.
    Cosignature,
}

impl Kind {
    /// The byte of its signature type.
    fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }
}

/// What is wrong with a note or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a note.
    #[error("this is no signed note: {0}")]
    Malformed(&'static str),
    /// It is no key in the format `name+hash+key`.
    #[error("this is no verifier key (name+hash+key): {0}")]
    Key(&'static str),
    /// No signature is by the key.
    #[error("it has no signature by {0}")]
    NotSigned(String),
    /// A signature claims to be by the key and is not.
    #[error("the signature by {0} is false")]
    FalseSignature(String),
}

/// A public key: whose, and for which kind of signature.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: Kind,
    key: [u8; 32],
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// `name+hash+key`, as the specification has it.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.byte()];
        material.extend(self.key);
        write!(f, "{}+{:08x}+{}", self.name, self.id(), base64(&material))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NoteError::Key("it does not have three parts"));
        };
        let material = unbase64(material).ok_or(NoteError::Key("its last part is no base64"))?;
        let kind = match material.first() {
            Some(1) => Kind::Note,
            Some(4) => Kind::Cosignature,
            _ => return Err(NoteError::Key("it is of a kind this program does not know")),
        };
        let key = material[1..].try_into();
        let key = Self {
            name: checked_name(name)?,
            kind,
            key: key.map_err(|_| NoteError::Key("an Ed25519 key has 32 bytes"))?,
        };
        if id == format!("{:08x}", key.id()) {
            Ok(key)
        } else {
            Err(NoteError::Key("its hash is not that of the key: a character is wrong"))
        }
    }
}

fn checked_name(name: &str) -> Result<String, NoteError> {
    let fits = !name.is_empty()
        && name.len() <= 200
        && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+');
    if fits { Ok(name.to_owned()) } else { Err(NoteError::Key("the name cannot be one")) }
}

impl VerifierKey {
    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The number by which signatures name the key, with the name beside it.
    pub fn id(&self) -> u32 {
        let hash = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.key)
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }

    fn wrote(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.id == self.id()
    }

    /// Whether a signature it wrote is true; of a cosignature, when it was made (seconds since
    /// 1970), of others 0.
    fn time_of(&self, text: &str, signature: &Signature) -> Option<u64> {
        let key = UnparsedPublicKey::new(&ED25519, self.key);
        match self.kind {
            Kind::Note => key.verify(text.as_bytes(), &signature.bytes).ok().map(|()| 0),
            Kind::Cosignature => {
                let (time, signed) = signature.bytes.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                let known = i64::try_from(time).is_ok();
                let message = cosigned(text, time);
                (known && key.verify(message.as_bytes(), signed).is_ok()).then_some(time)
            }
        }
    }
}

/// What a witness signs.
fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// One line of signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's number.
    pub id: u32,
    /// What the key made of the text.
    pub bytes: Vec<u8>,
}

/// The line as it stands in a note, with its end.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend(&self.bytes);
        writeln!(f, "{DASH}{} {}", self.name, base64(&bytes))
    }
}

impl Signature {
    /// Reads lines of signatures, each with its end.
    ///
    /// # Errors
    /// When one is none, or there are too many.
    pub fn read_all(lines: &str) -> Result<Vec<Self>, NoteError> {
        let lines: Vec<&str> = lines.split_terminator('\n').collect();
        if lines.len() > SIGNATURES {
            return Err(NoteError::Malformed("it has too many signatures"));
        }
        lines.into_iter().map(Self::read).collect()
    }

    fn read(line: &str) -> Result<Self, NoteError> {
        const NONE: NoteError = NoteError::Malformed("a line is no signature");
        let (name, bytes) = line.strip_prefix(DASH).and_then(|l| l.split_once(' ')).ok_or(NONE)?;
        let name = checked_name(name).map_err(|_| NONE)?;
        let bytes = unbase64(bytes).ok_or(NONE)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or(NONE)?;
        if bytes.is_empty() {
            return Err(NONE);
        }
        Ok(Self { name, id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

/// A note as read: nothing in it means anything before a signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// As it is written down.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| write!(f, "{signature}"))
    }
}

impl std::str::FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > LONGEST {
            return Err(NoteError::Malformed("it is too long"));
        }
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Malformed("it has control characters"));
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line"))?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        if lines.is_empty() || !lines.ends_with('\n') {
            return Err(NoteError::Malformed("it does not end with a line of signature"));
        }
        Ok(Self { text: text.to_owned(), signatures: Signature::read_all(lines)? })
    }
}

impl Note {
    /// A text, which ends with a line's end, and its signatures.
    pub fn new(text: String, signatures: Vec<Signature>) -> Self {
        Self { text, signatures }
    }

    /// Adds signatures that are not there yet.
    pub fn add(&mut self, signatures: impl IntoIterator<Item = Signature>) {
        for signature in signatures {
            if !self.signatures.contains(&signature) {
                self.signatures.push(signature);
            }
        }
    }

    /// What is signed, if the key signed it; of a cosignature, with its time (seconds since 1970).
    ///
    /// # Errors
    /// When the key did not sign it, or one signature in its name is false.
    pub fn signed_by(&self, key: &VerifierKey) -> Result<(&str, u64), NoteError> {
        let mut latest = None;
        for signature in self.signatures.iter().filter(|signature| key.wrote(signature)) {
            let time = key.time_of(&self.text, signature);
            let time = time.ok_or_else(|| NoteError::FalseSignature(key.name.clone()))?;
            latest = latest.max(Some(time));
        }
        let time = latest.ok_or_else(|| NoteError::NotSigned(key.name.clone()))?;
        Ok((&self.text, time))
    }

    /// The signatures by a key, checked or not.
    pub fn signatures_of(&self, key: &VerifierKey) -> Vec<Signature> {
        self.signatures.iter().filter(|signature| key.wrote(signature)).cloned().collect()
    }
}

/// A private key with its name.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    name: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.name)
    }
}

impl SigningKey {
    /// The key of a seed of 32 random bytes (RFC 8032), under a name.
    ///
    /// # Errors
    /// When the name cannot be one: it has spaces or a plus.
    pub fn of(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_| NoteError::Key("the seed cannot be used"))?;
        Ok(Self { pair, name: checked_name(name)? })
    }

    /// The public key, for one kind of signature.
    pub fn verifier(&self, kind: Kind) -> VerifierKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        VerifierKey { name: self.name.clone(), kind, key }
    }

    /// Signs a text.
    pub fn sign(&self, text: &str) -> Signature {
        let bytes = self.pair.sign(text.as_bytes()).as_ref().to_vec();
        Signature { name: self.name.clone(), id: self.verifier(Kind::Note).id(), bytes }
    }

    /// Cosigns a text at a time, seconds since 1970.
    pub fn cosign(&self, text: &str, time: u64) -> Signature {
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend(self.pair.sign(cosigned(text, time).as_bytes()).as_ref());
        Signature { name: self.name.clone(), id: self.verifier(Kind::Cosignature).id(), bytes }
    }
}

#[cfg(test)]
mod tests;
