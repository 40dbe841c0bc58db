//! Exported logs and exported cases nobody exported.

use std::borrow::Cow;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::codec::{decode, reveal};
use hoiam_domain::private::Seal;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::ArchiveError;
use super::format::{BLOB, END, EVENT, EventLine, Header, KEY, NAME, VERSION};
use super::proved::{ProvedCase, prove};
use super::scan::{Item, Scan};
use crate::fuzz::{holds, text};
use crate::log::{Envelope, RecordedEvent, leaf_hash};
use crate::proof::checkpoint::Checkpoint;
use crate::proof::note::{Kind, SigningKey};
use crate::proof::tree::Head;
use crate::tracking::hex;
use crate::vault::case_keys::OpenedKeys;

const NUMBER: &str = "HCM-26-000123-T";
const STREAM: Uuid = Uuid::from_u128(0x0195_4f3c_7c00_7000_8000_0000_0000_0001);

/// What was received, as the events' golden file has it.
fn received() -> String {
    let golden = include_str!("../../domain/golden/case.received.v2.json");
    let golden: serde_json::Value = serde_json::from_str(golden).unwrap();
    golden["minimal"].to_string()
}

/// The line of an event.
fn event(position: u64, stream: Uuid, kind: &str, schema: u16, data: &str) -> String {
    let at: Timestamp = "2026-03-02T01:00:00.000001Z".parse().unwrap();
    let actor = serde_json::to_string(&Actor::new(Role::Citizen, "x")).unwrap();
    let envelope = Envelope {
        stream,
        version: 1,
        kind,
        schema,
        occurred_at: at,
        recorded_at: at,
        actor: &actor,
        causation: None,
        correlation: Some(STREAM),
        data,
    };
    let payload = envelope.payload();
    let line = EventLine {
        position,
        stream,
        version: 1,
        kind: kind.into(),
        schema,
        occurred_at: at,
        recorded_at: at,
        actor: actor.as_str().into(),
        causation: None,
        correlation: Some(STREAM),
        leaf_hash: hex(&leaf_hash(payload.as_bytes())).into(),
        payload: payload.into(),
    };
    serde_json::to_string(&line).unwrap()
}

fn header(head: u64, case: Option<&str>, blobs: u64) -> String {
    let header = Header {
        format: NAME.to_owned(),
        version: VERSION,
        origin: "HCM".to_owned(),
        head,
        from: 1,
        to: head,
        case: case.map(str::to_owned),
        blobs,
        events: Some(head),
    };
    serde_json::to_string(&header).unwrap()
}

/// Lines with an end that fits them.
fn ended(lines: &[String]) -> String {
    let before: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let events = lines.iter().filter(|line| line.starts_with(EVENT)).count();
    let sha256 = hex(&Sha256::digest(before.as_bytes()));
    format!("{before}{END}\"{NAME}\",\"events\":{events},\"sha256\":\"{sha256}\"}}\n")
}

/// An altered file with hashes and an end that fit again: what else is wrong must be found, too.
fn fitting(input: &str) -> String {
    let fit = |line: &str| match serde_json::from_str::<EventLine<'_>>(line) {
        Err(_) => line.to_owned(),
        Ok(mut event) => {
            event.leaf_hash = Cow::Owned(hex(&leaf_hash(event.payload.as_bytes())));
            serde_json::to_string(&event).unwrap()
        }
    };
    ended(&input.lines().filter(|line| !line.starts_with(END)).map(fit).collect::<Vec<_>>())
}

/// A whole log: something a policy event names, two events, keys.
fn whole_log() -> String {
    let content = b"files of a rule set";
    let blob = format!(
        "{BLOB}\"{}\",\"kind\":\"rule_set\",\"stored_at\":\"2026-03-02T01:00:00Z\",\"part\":1,\"parts\":1,\"hex\":\"{}\"}}",
        hex(&Sha256::digest(content)),
        hex(content)
    );
    let key = format!("{KEY}\"{STREAM}\",\"contact\":null,\"content\":\"~x\",\"master\":\"m\"}}");
    ended(&[
        header(2, None, 1),
        blob,
        event(1, STREAM, "case.received", 2, &received()),
        event(2, Uuid::from_u128(7), "other.thing", 1, "{}"),
        key,
    ])
}

fn scanned(input: &str) -> Result<Vec<RecordedEvent>, ArchiveError> {
    let mut scan = Scan::begin(input.as_bytes(), "HCM")?;
    let mut events = Vec::new();
    loop {
        match scan.next()? {
            Item::Event(event) => events.push(event),
            Item::Blob(blob, content) => assert_eq!(blob.hash, hex(&Sha256::digest(content))),
            Item::Key(_) => {}
            Item::End(trailer) => {
                assert_eq!(trailer.events, events.len() as u64);
                return Ok(events);
            }
        }
    }
}

/// A log that is taken is the one that was exported; and one somebody made fit by hand still tells
/// its events in order, each as its own bytes say.
#[test]
fn logs() {
    let whole = whole_log();
    let original = scanned(&whole).unwrap();
    holds!(vec![whole.into_bytes()], |input: &[u8]| {
        let input = text(input);
        if let Ok(events) = scanned(&input) {
            assert_eq!(events, original);
        }
        let Ok(events) = scanned(&fitting(&input)) else { return };
        for (event, position) in events.iter().zip(1..) {
            assert_eq!(
                (event.position, event.leaf_hash),
                (position, leaf_hash(event.payload.as_bytes()))
            );
            assert!(event.payload.contains(&event.kind) && event.schema > 0);
        }
    });
}

/// A case as evidence, signed; with or without the checkpoint.
fn case() -> String {
    let stream = STREAM;
    let event = event(1, stream, "case.received", 2, &received());
    let line: EventLine<'_> = serde_json::from_str(&event).unwrap();
    let keys = OpenedKeys { contact: None, content: None, guests: Vec::new() };
    let seal: std::sync::Arc<dyn Seal> = keys.of_events();
    let data = reveal(&decode("case.received", 2, &received(), &seal).unwrap()).unwrap();
    let head = Head { size: 1, root: leaf_hash(line.payload.as_bytes()) };
    let key = signing();
    let checkpoint = Checkpoint::sign(head, &key).1.to_string();
    ended(&[
        header(1, Some(NUMBER), 0),
        event.clone(),
        format!("{{\"opens\":\"{stream}\",\"keys\":{}}}", serde_json::to_string(&keys).unwrap()),
        format!("{{\"reads\":1,\"data\":{data}}}"),
        "{\"proof_of\":1,\"proof\":{\"leaf_index\":0,\"tree_size\":1,\"hashes\":[]}}".to_owned(),
        format!(
            "{{\"checkpoint\":{},\"key\":\"{}\"}}",
            serde_json::Value::from(checkpoint),
            key.verifier(Kind::Note)
        ),
        "{\"instructions_vi\":\"…\",\"instructions_en\":\"…\"}".to_owned(),
    ])
}

fn signing() -> SigningKey {
    SigningKey::of("city.example/log", &[1; 32]).unwrap()
}

/// What is said to be proved is the case that was signed, under its own number, also when whoever
/// altered it made everything fit that needs no key.
#[test]
fn cases() {
    let key = signing().verifier(Kind::Note);
    let whole = case();
    let original: ProvedCase = prove(whole.as_bytes(), &key, &[]).unwrap();
    assert_eq!((original.number.as_str(), original.events), (NUMBER, 1));
    holds!(vec![whole.into_bytes()], |input: &[u8]| {
        let input = text(input);
        for file in [fitting(&input), input] {
            let Ok(proved) = prove(file.as_bytes(), &key, &[]) else { continue };
            if proved.events > 0 {
                assert_eq!(proved, original);
            } else {
                assert_eq!(proved.checkpoint, None);
            }
        }
    });
}
