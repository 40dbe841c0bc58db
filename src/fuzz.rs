//! Inputs nobody would write, for everything that reads what comes from outside: samples with bytes
//! exchanged, left out, put in and doubled, and pieces of trouble put between. Each target is a law
//! that must hold of every input, never only "it does not crash"; it stands beside its reader, in a
//! module `fuzz` of its own.
//!
//! As plain tests all targets run over each sample, the same few hundred edits each time, and the
//! inputs saved in `__fuzz__/…/corpus` beside the target. `scripts/fuzz` searches with libFuzzer, and
//! saves.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::random::{Random, SeededRandom};

/// Which sample, and the edits: where, what, how.
pub(crate) type Edits = (u8, Vec<(u16, u8, u8)>);

/// Edits of an input at most.
const MOST: usize = 40;
/// Inputs made the same way each time, a target.
const FIXED: u64 = 300;

/// What readers stumble over.
const PIECES: [&[u8]; 32] = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n\n",
    b"\r",
    b"\"",
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"-1",
    b"0",
    b"18446744073709551615",
    b"9223372036854775808",
    b"1e999",
    b"NaN",
    b"null",
    b"{}",
    b"[[[[[[[[",
    b"%00",
    b"%ff",
    b"%2e%2e%2f",
    b"../",
    b"=",
    b"&",
    b";",
    b",",
    b"\xe2\x80\xae",
    b"e\xcc\x81",
    b"9999-12-31T23:59:59.999999999Z",
    b" ",
];

/// A sample after its edits.
pub(crate) fn edited(samples: &[Vec<u8>], (which, edits): &Edits) -> Vec<u8> {
    let mut bytes = samples[usize::from(*which) % samples.len()].clone();
    for (at, byte, how) in edits.iter().take(MOST) {
        let at = if bytes.is_empty() { 0 } else { usize::from(*at) % bytes.len() };
        let to = (at + 1 + usize::from(*byte)).min(bytes.len());
        match how % 8 {
            0 if !bytes.is_empty() => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => bytes.truncate(at),
            4 if !bytes.is_empty() => bytes[at] ^= 1 << (byte % 8),
            5 => drop(bytes.drain(at..to)),
            // What follows, once more.
            6 => {
                let doubled = bytes[at..to].to_vec();
                bytes.splice(at..at, doubled);
            }
            _ => {
                let piece = PIECES[usize::from(*byte) % PIECES.len()];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Samples out of texts.
pub(crate) fn texts(samples: &[&str]) -> Vec<Vec<u8>> {
    samples.iter().map(|sample| sample.as_bytes().to_vec()).collect()
}

/// An input as text.
pub(crate) fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}

/// The law over every sample and the same edits each time. Not where a fuzzer searches.
pub(crate) fn fixed(samples: &[Vec<u8>], law: &dyn Fn(&[u8])) {
    if ["CARGO_BOLERO_SELECT", "BOLERO_LIBFUZZER_ARGS"]
        .iter()
        .any(|n| std::env::var_os(n).is_some())
    {
        return;
    }
    for sample in samples {
        said(sample, law);
    }
    for nr in 0..FIXED {
        let random = SeededRandom::new(nr);
        let [which, count, ..] = random.draw();
        let edit = |_| {
            let [high, low, byte, how, ..] = random.draw();
            (u16::from_be_bytes([high, low]), byte, how)
        };
        let edits = (0..=count % 6).map(edit).collect();
        said(&edited(samples, &(which, edits)), law);
    }
}

fn said(input: &[u8], law: &dyn Fn(&[u8])) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| law(input))) {
        eprintln!("the input was: {:?}", String::from_utf8_lossy(input));
        resume_unwind(panic);
    }
}

/// A target: samples and the law.
macro_rules! holds {
    ($samples:expr, $law:expr) => {{
        let samples: Vec<Vec<u8>> = $samples;
        let law = std::panic::AssertUnwindSafe($law);
        $crate::fuzz::fixed(&samples, &law.0);
        bolero::check!().with_type::<$crate::fuzz::Edits>().for_each(|edits| {
            let law = &law;
            (law.0)($crate::fuzz::edited(&samples, edits).as_slice())
        })
    }};
}
pub(crate) use holds;
