//! What a log and a witness say to each other (C2SP `tlog-witness`), as text.

use super::note::{Note, NoteError, Signature, VerifierKey};
use super::text::{base64, unbase64_hash};
use super::tree::Hash;

/// The path below a witness's address.
pub const ADD_CHECKPOINT: &str = "add-checkpoint";
/// The media type of an answer that says which size the witness knows.
pub const SIZE_MEDIA: &str = "text/x.tlog.size";
/// Proofs are never longer.
const PROOF: usize = 63;

/// A checkpoint for a witness, with the proof that it continues what the witness cosigned last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size the witness cosigned last; 0 if none.
    pub old: u64,
    /// The proof from there to the checkpoint.
    pub proof: Vec<Hash>,
    /// The checkpoint.
    pub note: Note,
}

impl std::fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", base64(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

impl std::str::FromStr for AddCheckpoint {
    type Err = NoteError;

    fn from_str(body: &str) -> Result<Self, NoteError> {
        const NONE: NoteError = NoteError::Malformed("it is no submission to a witness");
        let (head, note) = body.split_once("\n\n").ok_or(NONE)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or(NONE)?;
        if (old.starts_with('0') && old != "0") || !old.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NONE);
        }
        let proof: Option<Vec<Hash>> = lines.map(unbase64_hash).collect();
        let proof = proof.filter(|proof| proof.len() <= PROOF).ok_or(NONE)?;
        Ok(Self { old: old.parse().map_err(|_| NONE)?, proof, note: note.parse()? })
    }
}

/// The cosignatures of an answer that are by this witness and true for this note, and the latest
/// time among them (seconds since 1970). Lines by others are passed over.
///
/// # Errors
/// When the answer is no list of signatures, or holds none that is true.
pub fn cosignatures(
    answer: &str,
    note: &Note,
    witness: &VerifierKey,
) -> Result<(Vec<Signature>, u64), NoteError> {
    if !answer.ends_with('\n') {
        return Err(NoteError::Malformed("the answer does not end with a line's end"));
    }
    let mut both = note.clone();
    both.add(Signature::read_all(answer)?);
    let (_, time) = both.signed_by(witness)?;
    Ok((both.signatures_of(witness), time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::note::{Kind, SigningKey};

    /// The example of C2SP `tlog-witness`.
    const EXAMPLE: &str = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
        \n\
        example.com/behind-the-sofa\n\
        20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
        \n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

    #[test]
    fn the_example_is_read_and_written() {
        let read: AddCheckpoint = EXAMPLE.parse().unwrap();
        assert_eq!((read.old, read.proof.len()), (20_852_014, 4));
        assert_eq!(read.to_string(), EXAMPLE);
        for (from, to) in [
            ("old 20852014", "old 020852014"),
            ("old 20852014", "old -1"),
            ("old 20852014", "20852014"),
            ("PlRNCr", "PlRN"),
        ] {
            assert!(EXAMPLE.replacen(from, to, 1).parse::<AddCheckpoint>().is_err(), "{to}");
        }
        let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
        let long = EXAMPLE.replacen(hash, &hash.repeat(64), 1);
        assert!(long.parse::<AddCheckpoint>().is_err());
    }

    #[test]
    fn only_true_cosignatures_of_the_witness_count() {
        let text = "city.example/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let [log, witness, other] = ["city.example/log", "w.example/1", "w.example/2"]
            .map(|name| SigningKey::of(name, &[name.len() as u8; 32]).unwrap());
        let note = Note::new(text.to_owned(), vec![log.sign(text)]);
        let key = witness.verifier(Kind::Cosignature);
        let answer = format!("{}{}", other.cosign(text, 7), witness.cosign(text, 5));
        let (lines, time) = cosignatures(&answer, &note, &key).unwrap();
        assert_eq!((lines.len(), time), (1, 5));
        for bad in [
            String::new(),
            "409\n".to_owned(),
            other.cosign(text, 7).to_string(),
            witness.sign(text).to_string(),
            witness.cosign("something else\n", 5).to_string(),
            witness.cosign(text, 5).to_string().trim_end().to_owned(),
        ] {
            assert!(cosignatures(&bad, &note, &key).is_err(), "{bad}");
        }
    }
}
