//! Notes against the published vectors: the key pair and note of Go's `sumdb/note`, and the example
//! of C2SP `signed-note`.

use super::*;

const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// The private half: `PRIVATE+KEY+PeterNeumann+c74f20a3+` and this.
const SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn note() -> String {
    format!("{TEXT}\n{LINE}")
}

fn key() -> VerifierKey {
    KEY.parse().unwrap()
}

#[test]
fn the_published_note_is_read_and_checked() {
    let read: Note = note().parse().unwrap();
    assert_eq!(read.signed_by(&key()), Ok((TEXT, 0)));
    assert_eq!(read.to_string(), note());
    let example = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let read: Note = example.parse().unwrap();
    assert_eq!(read.signed_by(&key.parse().unwrap()), Ok(("This is an example message.\n", 0)));
}

#[test]
fn the_published_key_signs_the_same_bytes() {
    let secret = unbase64(SECRET).unwrap();
    let signing = SigningKey::of("PeterNeumann", secret[1..].try_into().unwrap()).unwrap();
    assert_eq!(signing.verifier(Kind::Note).to_string(), KEY);
    assert_eq!(signing.sign(TEXT).to_string(), LINE);
    assert!(!format!("{signing:?}").contains("AYEK"));
}

#[test]
fn no_part_of_a_key_is_a_key() {
    for from in 0..KEY.len() {
        for to in from + 1..=KEY.len() {
            let part = &KEY[from..to];
            assert_eq!(part.parse::<VerifierKey>().is_ok(), part == KEY, "{part}");
        }
    }
    for place in 0..KEY.len() {
        let mut other = KEY.as_bytes().to_vec();
        other[place] += 1;
        assert!(String::from_utf8(other).unwrap().parse::<VerifierKey>().is_err(), "{place}");
    }
    // Right hashes, but too long, and of an unknown algorithm.
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
}

#[test]
fn what_is_no_note_is_refused() {
    let long = format!("{}\n{LINE}", "x\n".repeat(LONGEST));
    let many = format!("{TEXT}\n{}", LINE.repeat(SIGNATURES + 1));
    for bad in [
        "",
        TEXT,
        LINE,
        &format!("{TEXT}\n"),
        &format!("{TEXT}{LINE}"),
        &format!("{TEXT}\n{}", LINE.trim_end()),
        &format!("{TEXT}\n{}", LINE.replace('—', "-")),
        &format!("{TEXT}\n{}", LINE.replace("x08go", "!08go")),
        &format!("{TEXT}\n— PeterNeumann x08go/==\n"),
        &format!("{TEXT}\n{LINE}x\n"),
        &format!("a\rb\n\n{LINE}"),
        &long,
        &many,
    ] {
        assert!(matches!(bad.parse::<Note>(), Err(NoteError::Malformed(_))), "{bad}");
    }
}

#[test]
fn what_was_altered_is_not_signed() {
    for (from, to) in [("problem is", "answer is"), ("x08go/ZJ", "x08go/ZK")] {
        let altered: Note = note().replace(from, to).parse().unwrap();
        let error = altered.signed_by(&key()).unwrap_err();
        assert_eq!(error, NoteError::FalseSignature("PeterNeumann".into()));
    }
    // Another name or number is another key; its signatures count for nothing.
    for (from, to) in [("— PeterNeumann", "— Peter"), ("x08go", "y08go")] {
        let other: Note = note().replace(from, to).parse().unwrap();
        let error = other.signed_by(&key()).unwrap_err();
        assert_eq!(error, NoteError::NotSigned("PeterNeumann".into()));
    }
    // One true and one false signature in the same name.
    let both = format!("{}{}", note(), LINE.replace("ZJkuBS9", "ZJkuBS8"));
    let both: Note = both.parse().unwrap();
    assert!(matches!(both.signed_by(&key()), Err(NoteError::FalseSignature(_))));
}

/// The layout of C2SP `tlog-cosignature`; made with Python's `cryptography` out of the seed 00 01 … 1f.
#[test]
fn a_cosignature_has_its_time() {
    let seed: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let witness = SigningKey::of("witness.example.com/w1", &seed).unwrap();
    let text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let line = witness.cosign(text, 1_679_315_147);
    assert_eq!(line.to_string(), VECTOR);
    let key = witness.verifier(Kind::Cosignature);
    assert_eq!(key.to_string(), VECTOR_KEY);
    let mut note = Note::new(text.to_owned(), vec![]);
    note.add([line.clone(), line.clone()]);
    assert_eq!(note.signed_by(&key), Ok((text, 1_679_315_147)));
    // As a signature of the note itself it is none, and the time is signed too.
    assert!(note.signed_by(&witness.verifier(Kind::Note)).is_err());
    let mut later = line;
    later.bytes[7] += 1;
    let note = Note::new(text.to_owned(), vec![later]);
    assert!(matches!(note.signed_by(&key), Err(NoteError::FalseSignature(_))));
}

const VECTOR: &str = "— witness.example.com/w1 oAWfEQAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS83rE1nFZsVE8YiWV6Ngr7lV8H6bdoBQGP/l73euDMQ9k+bBQ==\n";
const VECTOR_KEY: &str =
    "witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
