//! Checkpoints (C2SP `tlog-checkpoint`): a signed note that says how many events a log had and what
//! the root over them was.

use std::fmt;

use super::note::{Note, NoteError, SigningKey, VerifierKey};
use super::text::{base64, unbase64_hash};
use super::tree::Head;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// How many events it had, and the root over them.
    pub head: Head,
}

/// The signed text.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.head.size, base64(&self.head.root))
    }
}

impl std::str::FromStr for Checkpoint {
    type Err = NoteError;

    /// Lines after the third are the log's own business and are passed over.
    fn from_str(text: &str) -> Result<Self, NoteError> {
        const SHORT: NoteError = NoteError::Malformed("a checkpoint has three lines or more");
        const SIZE: NoteError = NoteError::Malformed("the second line of a checkpoint is a size");
        const ROOT: NoteError = NoteError::Malformed("the third line of a checkpoint is a root");
        let mut lines = text.strip_suffix('\n').ok_or(SHORT)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(SHORT);
        let (origin, size, root) = (line()?.to_owned(), line()?, line()?);
        let canonical = size == "0" || !size.starts_with('0');
        if !canonical || !size.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SIZE);
        }
        let size: i64 = size.parse().map_err(|_| SIZE)?;
        if lines.any(str::is_empty) {
            return Err(NoteError::Malformed("a checkpoint has no empty lines"));
        }
        let root = unbase64_hash(root).ok_or(ROOT)?;
        Ok(Self { origin, head: Head { size: size.unsigned_abs(), root } })
    }
}

impl Checkpoint {
    /// The checkpoint as a note, signed by the log's key, whose name is the origin.
    pub fn sign(head: Head, key: &SigningKey) -> (Self, Note) {
        let origin = key.verifier(super::note::Kind::Note).name().to_owned();
        let checkpoint = Self { origin, head };
        let text = checkpoint.to_string();
        let signature = key.sign(&text);
        (checkpoint, Note::new(text, vec![signature]))
    }

    /// What a note says, if the log with this key signed it.
    ///
    /// # Errors
    /// When it did not, or the note is no checkpoint of that log.
    pub fn open(note: &Note, key: &VerifierKey) -> Result<Self, NoteError> {
        let (text, _) = note.signed_by(key)?;
        let checkpoint: Self = text.parse()?;
        if checkpoint.origin == key.name() {
            Ok(checkpoint)
        } else {
            Err(NoteError::Malformed("it is the checkpoint of another log"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::note::Kind;
    use super::*;

    /// The example of C2SP `tlog-checkpoint`.
    const EXAMPLE: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_is_read() {
        let read: Checkpoint = EXAMPLE.parse().unwrap();
        assert_eq!(
            (read.origin.as_str(), read.head.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(read.to_string(), EXAMPLE);
        let note = format!(
            "{EXAMPLE}\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
             — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
        );
        assert_eq!(note.parse::<Note>().unwrap().to_string(), note);
        // Lines of the log's own.
        let more: Checkpoint = format!("{EXAMPLE}anything\n").parse().unwrap();
        assert_eq!(more, read);
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        for (from, to) in [
            ("20852163", "020852163"),
            ("20852163", "+20852163"),
            ("20852163", "-1"),
            ("20852163", ""),
            ("20852163", "99999999999999999999"),
            ("20852163", "9223372036854775808"),
            ("CsUY", "Cs UY"),
            ("CsUYapGG", "CsUY"),
            ("example.com/behind-the-sofa", ""),
            ("q2I=\n", "q2I="),
            ("q2I=\n", "q2I=\n\n"),
        ] {
            let bad = EXAMPLE.replacen(from, to, 1);
            assert!(bad.parse::<Checkpoint>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_checkpoint_is_of_one_log() {
        let key = SigningKey::of("city.example/log", &[1; 32]).unwrap();
        let head = Head { size: 3, root: [9; 32] };
        let (checkpoint, note) = Checkpoint::sign(head, &key);
        let verifier = key.verifier(Kind::Note);
        assert_eq!(Checkpoint::open(&note, &verifier), Ok(checkpoint));
        let other = SigningKey::of("city.example/log", &[2; 32]).unwrap();
        assert!(Checkpoint::open(&note, &other.verifier(Kind::Note)).is_err());
        // Signed by the key, but about another log.
        let text = EXAMPLE.to_owned();
        let signature = key.sign(&text);
        let foreign = Note::new(text, vec![signature]);
        assert!(matches!(Checkpoint::open(&foreign, &verifier), Err(NoteError::Malformed(_))));
    }
}
