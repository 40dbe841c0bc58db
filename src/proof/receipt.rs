//! Receipts: what a citizen holds in hand. A case's number, the place of its first event in the log
//! and its leaf hash, and, once a checkpoint covers it, why it is in the tree that was signed.
//! Checked without database or network.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::note::{Note, NoteError, VerifierKey};
use super::text::{hex_hash, hex_hashes};
use super::tree::{Hash, includes};

/// A receipt. Hashes are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The case number.
    pub number: String,
    /// The place of the case's first event in the log, from 1.
    pub position: u64,
    /// SHA-256 of a zero byte and the event's stored bytes: its leaf in the Merkle tree.
    #[serde(with = "hex_hash")]
    #[schema(value_type = String)]
    pub leaf_hash: Hash,
    /// Why the event is in the tree; null until a checkpoint covers it.
    #[serde(default)]
    pub proof: Option<Proof>,
    /// The signed checkpoint (C2SP tlog-checkpoint), cosignatures included; null until one covers it.
    #[serde(default)]
    pub checkpoint: Option<String>,
}

/// An inclusion proof of RFC 6962.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Proof {
    /// The leaf's index, one less than the event's position.
    pub leaf_index: u64,
    /// How many events the tree has.
    pub tree_size: u64,
    /// The roots beside the path, the lowest first.
    #[serde(with = "hex_hashes")]
    #[schema(value_type = Vec<String>)]
    pub hashes: Vec<Hash>,
}

/// What a receipt was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The event is in the log that was signed: this checkpoint, cosigned by so many of the
    /// witnesses asked for.
    Proved {
        /// The checkpoint.
        checkpoint: Checkpoint,
        /// The witnesses that cosigned it, and when (seconds since 1970).
        witnesses: Vec<(String, u64)>,
    },
    /// No checkpoint covers it yet: there is nothing to check.
    Pending,
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// The checkpoint is not the log's, or a witness did not sign it.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
    /// Proof, checkpoint and position do not speak of the same.
    #[error("proof and checkpoint do not belong together")]
    Mixed,
    /// The hashes do not lead to the signed root.
    #[error("the leaf is not in the tree that was signed: event, position or proof was altered")]
    NotIncluded,
    /// The event is not the one of the leaf hash.
    #[error("the event's bytes do not have this leaf hash: the event was altered")]
    OtherEvent,
}

impl Receipt {
    /// A receipt that no checkpoint covers yet.
    pub fn pending(number: &str, position: u64, leaf_hash: Hash) -> Self {
        Self { number: number.to_owned(), position, leaf_hash, proof: None, checkpoint: None }
    }

    /// Whether the event is in the log with this key, and whether these witnesses say so, too.
    ///
    /// # Errors
    /// Why it is not shown to be.
    pub fn verify(
        &self,
        key: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<Verdict, Unproved> {
        let (proof, note) = match (&self.proof, &self.checkpoint) {
            (Some(proof), Some(note)) => (proof, note),
            (None, None) => return Ok(Verdict::Pending),
            _ => return Err(Unproved::Mixed),
        };
        let note: Note = note.parse()?;
        let checkpoint = Checkpoint::open(&note, key)?;
        if proof.leaf_index.checked_add(1) != Some(self.position)
            || proof.tree_size != checkpoint.head.size
        {
            return Err(Unproved::Mixed);
        }
        let Checkpoint { head, .. } = checkpoint;
        if !includes(&self.leaf_hash, proof.leaf_index, head.size, &proof.hashes, &head.root) {
            return Err(Unproved::NotIncluded);
        }
        let mut cosigned = Vec::new();
        for witness in witnesses {
            let (_, time) = note.signed_by(witness)?;
            cosigned.push((witness.name().to_owned(), time));
        }
        Ok(Verdict::Proved { checkpoint, witnesses: cosigned })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::leaf_hash;
    use crate::proof::note::{Kind, SigningKey};
    use crate::proof::tree::{Head, node_hash};

    fn receipt(log: &SigningKey) -> Receipt {
        let (one, two) = (leaf_hash(b"one"), leaf_hash(b"two"));
        let head = Head { size: 2, root: node_hash(&one, &two) };
        let proof = Proof { leaf_index: 1, tree_size: 2, hashes: vec![one] };
        let checkpoint = Some(Checkpoint::sign(head, log).1.to_string());
        let number = "HCM-26-000001-4".to_owned();
        Receipt { number, position: 2, leaf_hash: two, proof: Some(proof), checkpoint }
    }

    #[test]
    fn a_receipt_proves_what_it_says_and_nothing_else() {
        let log = SigningKey::of("city.example/log", &[1; 32]).unwrap();
        let key = log.verifier(Kind::Note);
        let good = receipt(&log);
        assert!(matches!(good.verify(&key, &[]), Ok(Verdict::Proved { .. })));
        let json = serde_json::to_string(&good).unwrap();
        assert_eq!(serde_json::from_str::<Receipt>(&json).unwrap(), good);

        let other = SigningKey::of("city.example/log", &[2; 32]).unwrap().verifier(Kind::Note);
        assert!(matches!(good.verify(&other, &[]), Err(Unproved::Checkpoint(_))));
        type Alter = fn(&mut Receipt);
        let alter: [(&str, Alter); 7] = [
            ("leaf", |r| r.leaf_hash[0] ^= 1),
            ("position", |r| r.position = 1),
            ("index", |r| r.proof.as_mut().unwrap().leaf_index = 0),
            ("size", |r| r.proof.as_mut().unwrap().tree_size = 3),
            ("hash", |r| r.proof.as_mut().unwrap().hashes[0][31] ^= 1),
            ("no proof", |r| r.proof = None),
            ("note", |r| r.checkpoint = r.checkpoint.as_ref().map(|n| n.replacen('2', "3", 1))),
        ];
        for (what, alter) in alter {
            let mut bad = good.clone();
            alter(&mut bad);
            assert!(bad.verify(&key, &[]).is_err(), "{what}");
        }
        let pending = Receipt { proof: None, checkpoint: None, ..good };
        assert_eq!(pending.verify(&key, &[]), Ok(Verdict::Pending));
    }

    #[test]
    fn a_witness_that_is_asked_for_must_have_signed() {
        let log = SigningKey::of("city.example/log", &[1; 32]).unwrap();
        let witness = SigningKey::of("witness.example/1", &[3; 32]).unwrap();
        let (key, asked) = (log.verifier(Kind::Note), [witness.verifier(Kind::Cosignature)]);
        let mut receipt = receipt(&log);
        assert!(matches!(receipt.verify(&key, &asked), Err(Unproved::Checkpoint(_))));
        let mut note: Note = receipt.checkpoint.unwrap().parse().unwrap();
        let text = note.signed_by(&key).unwrap().0.to_owned();
        note.add([witness.cosign(&text, 77)]);
        receipt.checkpoint = Some(note.to_string());
        let Ok(Verdict::Proved { witnesses, .. }) = receipt.verify(&key, &asked) else { panic!() };
        assert_eq!(witnesses, [("witness.example/1".to_owned(), 77)]);
    }
}
