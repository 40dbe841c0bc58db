//! Receipts: what a citizen holds in hand. A case's number, the place of its first event in the log
//! and its leaf hash, and, once a checkpoint covers it, the event itself and why it is in the tree
//! that was signed. Checked without database or network.
//!
//! The number is believed because the event says it: a leaf hash alone could be given out under
//! any number, to any number of people.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::note::{Note, NoteError, VerifierKey};
use super::text::{hex_hash, hex_hashes};
use super::tree::{Hash, includes};
use crate::log::leaf_hash;

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
    /// The event's stored bytes, exactly as hashed: that the case of this number was received.
    /// Personal words in it are sealed. Null until a checkpoint covers it.
    #[serde(default)]
    pub event: Option<String>,
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
    /// The event does not say that this case was received.
    #[error(
        "the event in the log is not the receipt of this case: its number was altered, or it is another's"
    )]
    OtherCase,
    /// A receipt from before receipts held their event.
    #[error("the receipt does not say which case it is of")]
    NoCase,
}

/// A checkpoint a leaf was found under, and the witnesses asked for that cosigned it, each with
/// when (seconds since 1970).
pub(crate) type Under = (Checkpoint, Vec<(String, u64)>);

/// Whether a leaf at a position (from 1) is in the tree of a signed note, and whether these
/// witnesses cosigned it.
///
/// # Errors
/// Why it is not shown to be.
pub(crate) fn included(
    (position, leaf): (u64, &Hash),
    proof: &Proof,
    note: &str,
    key: &VerifierKey,
    witnesses: &[VerifierKey],
) -> Result<Under, Unproved> {
    let note: Note = note.parse()?;
    let checkpoint = Checkpoint::open(&note, key)?;
    let head = checkpoint.head;
    if proof.leaf_index.checked_add(1) != Some(position) || proof.tree_size != head.size {
        return Err(Unproved::Mixed);
    }
    if !includes(leaf, proof.leaf_index, head.size, &proof.hashes, &head.root) {
        return Err(Unproved::NotIncluded);
    }
    let cosigned = witnesses.iter().map(|witness| {
        let (_, time) = note.signed_by(witness)?;
        Ok((witness.name().to_owned(), time))
    });
    let cosigned = cosigned.collect::<Result<_, NoteError>>()?;
    Ok((checkpoint, cosigned))
}

/// What an event's bytes must say to begin a case. A field that stands there twice does not read.
#[derive(Deserialize)]
struct Begins {
    version: u64,
    kind: String,
    data: Numbered,
}

#[derive(Deserialize)]
struct Numbered {
    number: Option<String>,
}

impl Begins {
    /// The kind of the event that begins every case, imported ones included.
    const KIND: &str = "case.received";

    /// Whether these bytes say that the case of this number was received.
    fn says(event: &str, number: &str) -> bool {
        let read: Result<Self, _> = serde_json::from_str(event);
        read.is_ok_and(|begins| {
            begins.kind == Self::KIND
                && begins.version == 1
                && begins.data.number.as_deref() == Some(number)
        })
    }
}

impl Receipt {
    /// A receipt that no checkpoint covers yet.
    pub fn pending(number: &str, position: u64, leaf_hash: Hash) -> Self {
        let number = number.to_owned();
        Self { number, position, leaf_hash, event: None, proof: None, checkpoint: None }
    }

    /// Whether the log with this key says that the case of this number was received, there and
    /// nowhere else, and whether these witnesses say so, too.
    ///
    /// # Errors
    /// Why it is not shown to be.
    pub fn verify(
        &self,
        key: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<Verdict, Unproved> {
        let (event, proof, note) = match (&self.event, &self.proof, &self.checkpoint) {
            (Some(event), Some(proof), Some(note)) => (event, proof, note),
            (None, Some(_), Some(_)) => return Err(Unproved::NoCase),
            (None, None, None) => return Ok(Verdict::Pending),
            _ => return Err(Unproved::Mixed),
        };
        let leaf = (self.position, &self.leaf_hash);
        let (checkpoint, witnesses) = included(leaf, proof, note, key, witnesses)?;
        if leaf_hash(event.as_bytes()) != self.leaf_hash {
            return Err(Unproved::OtherEvent);
        }
        if !Begins::says(event, &self.number) {
            return Err(Unproved::OtherCase);
        }
        Ok(Verdict::Proved { checkpoint, witnesses })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::proof::note::{Kind, SigningKey};
    use crate::proof::tree::{Head, node_hash};

    const NUMBER: &str = "HCM-26-000001-4";
    const EVENT: &str = r#"{"stream":"00000000-0000-0000-0000-000000000007","version":1,"kind":"case.received","schema":2,"data":{"number":"HCM-26-000001-4","text":"~"}}"#;

    /// The receipt of an event of a log of two, under a number.
    fn receipt_of(event: &str, number: &str, log: &SigningKey) -> Receipt {
        let (one, two) = (leaf_hash(b"one"), leaf_hash(event.as_bytes()));
        let head = Head { size: 2, root: node_hash(&one, &two) };
        let proof = Proof { leaf_index: 1, tree_size: 2, hashes: vec![one] };
        let checkpoint = Some(Checkpoint::sign(head, log).1.to_string());
        let mut receipt = Receipt::pending(number, 2, two);
        (receipt.event, receipt.proof, receipt.checkpoint) =
            (Some(event.to_owned()), Some(proof), checkpoint);
        receipt
    }

    fn receipt(log: &SigningKey) -> Receipt {
        receipt_of(EVENT, NUMBER, log)
    }

    /// This JSON altered in every way that changes one thing: each number, each character of each
    /// text, each field and each element gone or null.
    fn alterations(value: &Value) -> Vec<Value> {
        let mut all = vec![Value::Null];
        match value {
            Value::Number(number) => {
                let number = number.as_u64().unwrap();
                all.extend([Value::from(number + 1), Value::from(number - 1)]);
            }
            Value::String(text) => all.extend(text.char_indices().map(|(at, c)| {
                // Never the same letter in the other case: hexadecimal digits may be either.
                let other = if c == '1' { '2' } else { '1' };
                let rest = &text[at + c.len_utf8()..];
                Value::from(format!("{}{other}{rest}", &text[..at]))
            })),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let less = items.iter().enumerate().filter(|(nth, _)| *nth != at);
                    all.push(less.map(|(_, item)| item.clone()).collect());
                    all.extend(alterations(item).into_iter().map(|altered| {
                        let mut items = items.clone();
                        items[at] = altered;
                        Value::from(items)
                    }));
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    let mut less = fields.clone();
                    less.remove(name);
                    all.push(Value::from(less));
                    all.extend(alterations(field).into_iter().map(|altered| {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), altered);
                        Value::from(fields)
                    }));
                }
            }
            Value::Null | Value::Bool(_) => panic!("a whole receipt has no {value}"),
        }
        all
    }

    #[test]
    fn a_receipt_proves_what_it_says_and_nothing_else() {
        let log = SigningKey::of("city.example/log", &[1; 32]).unwrap();
        let key = log.verifier(Kind::Note);
        let good = receipt(&log);
        assert!(matches!(good.verify(&key, &[]), Ok(Verdict::Proved { .. })));
        let json = serde_json::to_value(&good).unwrap();
        assert_eq!(serde_json::from_value::<Receipt>(json.clone()).unwrap(), good);
        let other = SigningKey::of("city.example/log", &[2; 32]).unwrap().verifier(Kind::Note);
        assert!(matches!(good.verify(&other, &[]), Err(Unproved::Checkpoint(_))));

        // Whatever fields there are: this test knows none of them by name.
        let all = alterations(&json);
        assert!(all.len() > EVENT.len() + NUMBER.len() + 2 * 64);
        for altered in all {
            let Ok(bad) = serde_json::from_value::<Receipt>(altered) else { continue };
            assert_ne!(bad, good);
            assert!(bad.verify(&key, &[]).is_err(), "{bad:?}");
        }
        let pending = Receipt { event: None, proof: None, checkpoint: None, ..good };
        assert_eq!(pending.verify(&key, &[]), Ok(Verdict::Pending));
    }

    #[test]
    fn a_receipt_is_of_the_case_its_event_says() {
        let log = SigningKey::of("city.example/log", &[1; 32]).unwrap();
        let key = log.verifier(Kind::Note);
        let good = receipt(&log);
        let mut old = good.clone();
        old.event = None;
        assert_eq!(old.verify(&key, &[]), Err(Unproved::NoCase));
        let mut renamed = good.clone();
        renamed.number = "HCM-26-000002-2".to_owned();
        assert_eq!(renamed.verify(&key, &[]), Err(Unproved::OtherCase));
        let mut exchanged = good;
        exchanged.event = Some(EVENT.replace("000001-4", "000002-2"));
        assert_eq!(exchanged.verify(&key, &[]), Err(Unproved::OtherEvent));

        // Even signed by the log: only that this very case was received counts.
        for event in [
            EVENT.replace("case.received", "case.absorbed"),
            EVENT.replace("\"version\":1", "\"version\":2"),
            EVENT.replace("\"number\":", "\"case\":"),
            EVENT.replace("\"text\"", "\"number\""),
            EVENT.replace("\"schema\"", "\"kind\""),
            EVENT.replace("}}", "},\"data\":{\"number\":\"HCM-26-000002-2\"}}"),
            format!("{EVENT}{EVENT}"),
            NUMBER.to_owned(),
            String::new(),
        ] {
            assert_ne!(event, EVENT);
            let receipt = receipt_of(&event, NUMBER, &log);
            assert_eq!(receipt.verify(&key, &[]), Err(Unproved::OtherCase), "{event}");
        }
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
