//! Everything of the domain that reads what comes from outside, fed with what nobody would write:
//! samples with bytes exchanged, left out and put in. Nothing may panic or run away, and what is
//! taken must read back the same.
//!
//! As plain tests these run over the same few hundred inputs each time and those saved in
//! `domain/tests/__fuzz__/<test>/corpus`; `scripts/fuzz` searches with libFuzzer and saves what fails.
#![allow(clippy::unwrap_used, reason = "test code, also where no attribute says so")]

use std::path::{Path, PathBuf};

use bolero::check;
use hoiam_domain::case::{CaseNumber, Command, codec};
use hoiam_domain::geo::geojson;
use hoiam_domain::private::clear;
use hoiam_domain::routing::RuleSet;
use hoiam_domain::text::mask::{Known, mask};
use hoiam_domain::text::{fold, fold_for_search};
use hoiam_domain::{accounts, policy};

/// Which sample, and the edits: where, what, how.
type Edits = (u8, Vec<(u16, u8, u8)>);

/// A sample after its edits, as text.
fn edited(samples: &[String], (which, edits): &Edits) -> String {
    let sample = &samples[usize::from(*which) % samples.len()];
    let mut bytes = sample.clone().into_bytes();
    for (at, byte, how) in edits.iter().take(40) {
        let at = if bytes.is_empty() { 0 } else { usize::from(*at) % bytes.len() };
        match how % 4 {
            0 if !bytes.is_empty() => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Inputs made the same way each time: which kind, and the edits. None where a fuzzer searches.
fn fixed() -> impl Iterator<Item = (u16, Edits)> {
    let searched = ["CARGO_BOLERO_SELECT", "BOLERO_LIBFUZZER_ARGS"];
    let count = if searched.iter().any(|name| std::env::var_os(name).is_some()) { 0 } else { 400 };
    let mut state = 1022_u64;
    // Numbers of Knuth's MMIX; the upper bits are the better ones.
    let mut draw = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    };
    (0..count).map(move |nr: u16| {
        // The samples themselves first.
        let edits = if nr < 20 { 0 } else { draw() % 6 };
        let edits = (0..edits).map(|_| {
            let [high, low, byte, how] = draw().to_be_bytes();
            (u16::from_be_bytes([high, low]), byte, how)
        });
        let edits: Vec<_> = edits.collect();
        (if nr < 20 { nr } else { draw() as u16 }, ((nr % 256) as u8, edits))
    })
}

/// A target: what must hold of every kind and edits.
macro_rules! holds {
    ($law:expr) => {{
        let law = std::panic::AssertUnwindSafe($law);
        for (which, edits) in fixed() {
            (law.0)(which, &edits);
        }
        check!().with_type::<(u16, Edits)>().for_each(|(which, edits)| {
            let law = &law;
            (law.0)(*which, edits)
        });
    }};
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Kind and samples of every golden file.
fn golden() -> Vec<(String, u16, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory("golden")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some((kind, version)) = name.strip_suffix(".json").and_then(|n| n.rsplit_once(".v"))
        else {
            continue;
        };
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if let Some((_, json)) = line.split_once("\": ") {
                let json = json.trim_end_matches(',').to_owned();
                all.push((kind.to_owned(), version.parse().unwrap(), json));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn events() {
    let golden = golden();
    assert!(golden.len() > 100);
    holds!(|which: u16, edits: &Edits| {
        let (kind, version, json) = &golden[usize::from(which) % golden.len()];
        let text = edited(std::slice::from_ref(json), edits);
        if let Ok(event) = codec::decode(kind, *version, &text, &clear()) {
            let stored = codec::encode(&event, &clear()).unwrap();
            let again = codec::decode(stored.kind, stored.schema, &stored.data, &clear()).unwrap();
            assert_eq!(codec::encode(&again, &clear()).unwrap().data, stored.data);
        }
        if let Ok(event) = policy::event::decode(kind, *version, &text) {
            policy::event::encode(&event).unwrap();
        }
        if let Ok(event) = accounts::event::decode(kind, *version, &text) {
            let stored = accounts::event::encode(&event).unwrap();
            assert_eq!(accounts::event::decode(kind, *version, &stored.data).unwrap(), event);
        }
    });
}

#[test]
fn commands() {
    let samples: Vec<String> = [
        r#"{"reason":"x","new_due":"2026-03-20T00:00:00Z","photos":["p"]}"#,
        r#"{"outcome":"done","note":"x","photos":["p"],"committed_date":"2026-03-20"}"#,
        r#"{"category":"GT01","priority":"p1","district":"Q1","location":{"lat":10.7,"lon":106.7}}"#,
        r#"{"question":"?","text":"x","score":4,"agency":"BT","task":"x","approved":true}"#,
        "{}",
    ]
    .map(str::to_owned)
    .into();
    holds!(|which: u16, edits: &Edits| {
        let word = Command::NAMES[usize::from(which) % Command::NAMES.len()];
        // Read or refused; both are fine.
        let _ = Command::read(word, &edited(&samples, edits));
    });
}

#[test]
fn case_numbers() {
    let samples = vec![CaseNumber::new("HCM", 2026, 123_456).unwrap().to_string()];
    holds!(|_: u16, edits: &Edits| {
        if let Ok(number) = edited(&samples, edits).parse::<CaseNumber>() {
            assert_eq!(number.to_string().parse::<CaseNumber>().ok(), Some(number));
        }
    });
}

#[test]
fn boundaries() {
    let samples = vec![
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Quận 1"},
            "geometry":{"type":"Polygon","coordinates":[[[106.7,10.7],[106.8,10.7],[106.8,10.8],[106.7,10.7]]]}}]}"#
            .to_owned(),
    ];
    let limits = geojson::Limits { bytes: 1 << 20, features: 100, points: 1_000 };
    holds!(|_: u16, edits: &Edits| {
        let _ = geojson::read(&edited(&samples, edits), &limits, &|_, _| false);
    });
}

#[test]
fn texts() {
    let samples: Vec<String> = [
        "Ổ gà lớn trước số 12 Lê Lợi, Quận 1, gọi 0900 000 001",
        "đg ntn z? hẻm 47/3 bui dinh tuy p12 bthanh!!!",
        "\u{feff}e\u{301}\u{302}\u{200d}👷‍♀️",
    ]
    .map(str::to_owned)
    .into();
    holds!(|_: u16, edits: &Edits| {
        let text = edited(&samples, edits);
        // Abbreviations are written out, so a text may grow, but not without bound.
        for folded in [fold(&text), fold_for_search(&text)] {
            assert!(folded.len() <= 40 * text.len().max(1), "{text:?}: {folded:?}");
        }
    });
}

#[test]
fn masks() {
    let samples: Vec<String> = [
        "Anh Tuấn 090 123 4567, CCCD 079201001234, xe 59-X1 123.45, stk 0071 0001 2345 6",
        "HCM-26-000123-4 ngày 12.05.2024: 1.500.000 đ, gọi 1900 545 454 hay an@thu.vn",
        "+84 (0)90\u{200b}1234567/o9o.123.4567 e\u{301}\u{302} tên là Lê Thị B",
    ]
    .map(str::to_owned)
    .into();
    let mut known = Known::default();
    known.name("Lê Thị Bình");
    known.phone("0901234567");
    known.address("12/3 Lê Lợi, P.5");
    holds!(|_: u16, edits: &Edits| {
        let text = edited(&samples, edits);
        let masked = mask(&text, &known);
        assert_eq!(mask(&masked.text, &known).text, masked.text, "{text:?}");
        assert!(masked.text.len() <= text.len() + 2 * masked.counts.total());
    });
}

/// The files of the built-in rules, each with its path.
fn rules() -> Vec<(String, String)> {
    fn below(root: &Path, at: &Path, all: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(root, &path, all);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                all.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = directory("../routing-rules");
    let mut all = Vec::new();
    below(&root, &root, &mut all);
    all.sort();
    all
}

#[test]
fn rule_sets() {
    let whole = rules();
    // Without the words the classifier learns from, which takes nearly all the time, it is a rule
    // set all the same. Every sixteenth edit is of a whole one, also of those words.
    let learnt = |path: &str| path.starts_with("phrases/") || path.starts_with("examples/");
    let light: Vec<_> = whole.iter().filter(|(path, _)| !learnt(path)).cloned().collect();
    RuleSet::load(&light).unwrap();
    let law = |which: u16, edits: &Edits| {
        let mut files = if which.is_multiple_of(16) { whole.clone() } else { light.clone() };
        let small: Vec<usize> = (0..files.len()).filter(|nr| files[*nr].1.len() < 20_000).collect();
        let nr = small[usize::from(which / 16) % small.len()];
        files[nr].1 = edited(std::slice::from_ref(&files[nr].1), edits);
        if let Err(errors) = RuleSet::load(&files) {
            assert!(!errors.is_empty() && errors.iter().all(|error| !error.to_string().is_empty()));
        }
    };
    // A whole set is read each time.
    fixed().skip(10).step_by(16).for_each(|(which, edits)| law(which, &edits));
    check!().with_type::<(u16, Edits)>().with_iterations(25).for_each(|(which, edits)| {
        law(*which, edits);
    });
}
