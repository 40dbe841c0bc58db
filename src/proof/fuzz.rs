//! Notes, keys, checkpoints, proofs and receipts nobody would write. What is taken must be written
//! back byte for byte: there is one way to say it, and nobody can forge it.

use super::Witness;
use super::checkpoint::Checkpoint;
use super::note::{Kind, LONGEST, Note, SigningKey, VerifierKey};
use super::receipt::{Proof, Receipt, Verdict};
use super::tile::{self, Asked};
use super::tree::{Head, continues, includes, node_hash};
use super::witness::{AddCheckpoint, cosignatures};
use crate::fuzz::{holds, text, texts};
use crate::log::leaf_hash;

const EXAMPLE: &str =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

fn log() -> SigningKey {
    SigningKey::of("city.example/log", &[1; 32]).unwrap()
}

fn witness() -> SigningKey {
    SigningKey::of("w.example/1", &[3; 32]).unwrap()
}

/// The event of the second leaf.
const EVENT: &str = r#"{"version":1,"kind":"case.received","data":{"number":"HCM-26-000001-4"}}"#;

/// A signed checkpoint of two leaves, cosigned; and the leaves.
fn signed() -> (Note, Head, [[u8; 32]; 2]) {
    let leaves = [leaf_hash(b"one"), leaf_hash(EVENT.as_bytes())];
    let head = Head { size: 2, root: node_hash(&leaves[0], &leaves[1]) };
    let (checkpoint, mut note) = Checkpoint::sign(head, &log());
    note.add([witness().cosign(&checkpoint.to_string(), 77)]);
    (note, head, leaves)
}

/// A note is written as it was read, and whatever a key signed is what it signed.
#[test]
fn notes() {
    let original = signed().0.to_string();
    let said = signed().0.signed_by(&log().verifier(Kind::Note)).unwrap().0.to_owned();
    let foreign = format!(
        "{EXAMPLE}\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    );
    holds!(texts(&[&original, &foreign]), |input: &[u8]| {
        let input = text(input);
        let Ok(note) = input.parse::<Note>() else { return };
        assert!(input.len() <= LONGEST);
        assert_eq!(note.to_string(), input);
        for key in [log().verifier(Kind::Note), witness().verifier(Kind::Cosignature)] {
            if let Ok((text, time)) = note.signed_by(&key) {
                assert_eq!(text, said);
                assert!(time == 0 || time == 77);
            }
        }
    });
}

/// A key has one way to be written.
#[test]
fn keys() {
    let own = log().verifier(Kind::Note).to_string();
    let other = witness().verifier(Kind::Cosignature).to_string();
    holds!(texts(&[&own, &other]), |input: &[u8]| {
        let input = text(input);
        let Ok(key) = input.parse::<VerifierKey>() else { return };
        assert_eq!(key.to_string(), input.trim());
        assert!(!key.name().is_empty() && key.name().len() <= 200);
    });
}

/// The three lines of a checkpoint are written as they were read.
#[test]
fn checkpoints() {
    let more = format!("{EXAMPLE}more\n");
    holds!(
        texts(&[EXAMPLE, &more, "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"]),
        |input: &[u8]| {
            let input = text(input);
            let Ok(checkpoint) = input.parse::<Checkpoint>() else { return };
            assert!(input.starts_with(&checkpoint.to_string()));
            assert!(i64::try_from(checkpoint.head.size).is_ok());
        }
    );
}

/// A tile has one path.
#[test]
fn tiles() {
    let samples = texts(&[
        "0/000",
        "0/x001/x234/067.p/8",
        "7/x001/000.p/255",
        "63/x999/x999/x999/x999/x999/999",
    ]);
    holds!(samples, |input: &[u8]| {
        let input = text(input);
        let Some((level, rest)) = input.split_once('/') else { return };
        let Some(asked) = Asked::read(level, rest) else { return };
        assert_eq!(tile::path(asked), format!("tile/{input}"));
        if let Some(leaves) = asked.needs() {
            assert!(leaves >= asked.width as u64);
        }
    });
}

/// What is said to be proved is what was signed; everything else is refused.
#[test]
fn receipts() {
    let (note, head, leaves) = signed();
    let proof = Proof { leaf_index: 1, tree_size: 2, hashes: vec![leaves[0]] };
    let number = "HCM-26-000001-4".to_owned();
    let good = Receipt {
        number,
        position: 2,
        leaf_hash: leaves[1],
        event: Some(EVENT.to_owned()),
        proof: Some(proof),
        checkpoint: Some(note.to_string()),
    };
    let key = log().verifier(Kind::Note);
    let witnesses = [witness().verifier(Kind::Cosignature)];
    let whole = serde_json::to_string(&good).unwrap();
    let pending = serde_json::to_string(&Receipt::pending(&good.number, 2, leaves[1])).unwrap();
    holds!(texts(&[&whole, &pending]), |input: &[u8]| {
        let Ok(receipt) = serde_json::from_slice::<Receipt>(input) else { return };
        let again = serde_json::to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<Receipt>(&again).unwrap(), receipt);
        for witnesses in [&witnesses[..], &[]] {
            if let Ok(Verdict::Proved { checkpoint, .. }) = receipt.verify(&key, witnesses) {
                assert_eq!((receipt.position, receipt.leaf_hash), (2, leaves[1]));
                assert_eq!((&receipt.number, &receipt.event), (&good.number, &good.event));
                assert_eq!(checkpoint.head, head);
            }
        }
    });
}

/// What a witness is sent has one way to be written.
#[test]
fn submissions() {
    let (note, _, leaves) = signed();
    let first = AddCheckpoint { old: 0, proof: vec![], note: note.clone() }.to_string();
    let later = AddCheckpoint { old: 1, proof: leaves.to_vec(), note }.to_string();
    holds!(texts(&[&first, &later]), |input: &[u8]| {
        let input = text(input);
        let Ok(submission) = input.parse::<AddCheckpoint>() else { return };
        assert_eq!(submission.to_string(), input);
        assert!(submission.proof.len() <= 63);
    });
}

/// Of a witness's answer only what it signed is kept.
#[test]
fn answers_of_witnesses() {
    let (note, ..) = signed();
    let (text_of, _) = note.signed_by(&log().verifier(Kind::Note)).unwrap();
    let true_line = witness().cosign(text_of, 77).to_string();
    let other = SigningKey::of("w.example/2", &[4; 32]).unwrap().cosign(text_of, 5).to_string();
    let bare = Note::new(text_of.to_owned(), vec![log().sign(text_of)]);
    let key = witness().verifier(Kind::Cosignature);
    holds!(texts(&[&true_line, &format!("{other}{true_line}")]), |input: &[u8]| {
        let Ok((lines, time)) = cosignatures(&text(input), &bare, &key) else { return };
        assert!(time == 77 && lines.iter().all(|line| line.to_string() == true_line));
    });
}

/// A witness of the configuration has a key for cosignatures and an address without anything hidden.
#[test]
fn witnesses() {
    let key = witness().verifier(Kind::Cosignature);
    let samples = [format!("{key} https://w.example/path/"), format!("{key} http://10.0.0.1:80")];
    holds!(texts(&samples.each_ref().map(String::as_str)), |input: &[u8]| {
        let Ok(witness) = text(input).parse::<Witness>() else { return };
        assert_eq!(witness.key, key);
        assert!(!witness.url.contains(['@', '?', '#', ' ']) && !witness.url.ends_with('/'));
        let again: Witness = format!("{} {}", witness.key, witness.url).parse().unwrap();
        assert_eq!(again, witness);
    });
}

/// No proof of a size, an index or hashes nobody has takes long or proves anything.
#[test]
fn proofs() {
    let (_, head, leaves) = signed();
    let mut sample = [1_u64.to_be_bytes(), 2_u64.to_be_bytes()].concat();
    sample.extend(leaves[0]);
    holds!(vec![sample, vec![0xff; 80]], |input: &[u8]| {
        let number = |at: usize| {
            let eight = input.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            u64::from_be_bytes(eight.unwrap_or_default())
        };
        let (one, two) = (number(0), number(8));
        let hashes: Vec<[u8; 32]> =
            input.get(16..).unwrap_or_default().as_chunks::<32>().0.to_vec();
        if includes(&leaves[1], one, two, &hashes, &head.root) {
            assert_eq!((one, two, &hashes[..]), (1, 2, &leaves[..1]));
        }
        let old = Head { size: one, root: leaves[0] };
        let new = Head { size: two, root: head.root };
        // From the first leaf to both, or from nothing to whatever is said.
        if continues(&old, &new, &hashes) && one != two && one != 0 {
            assert_eq!((one, two, &hashes[..]), (1, 2, &leaves[1..]));
        }
    });
}
