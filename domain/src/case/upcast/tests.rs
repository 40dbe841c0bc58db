//! The chain of upcasters, on a kind of its own that had three shapes.

use serde_json::{Value, json};

use super::{Fields, UPCASTERS, Upcaster, upcast};
use crate::case::Event;
use crate::case::codec::{self, CodecError};
use crate::private::clear;

/// `toy.painted` 1 had a colour as a number, 2 has a word, 3 has a list of them and says who
/// painted, which was not recorded before.
const TOYS: &[Upcaster] = &[
    Upcaster { kind: "toy.painted", from: 2, lift: several },
    Upcaster { kind: "toy.painted", from: 1, lift: word },
    Upcaster { kind: "toy.broken", from: 1, lift: word },
];

fn word(fields: &mut Fields) -> Result<(), String> {
    let word = match fields.get("colour").and_then(Value::as_u64) {
        Some(1) => "red",
        Some(2) => "green",
        _ => return Err("`colour` is neither 1 nor 2".to_owned()),
    };
    fields.insert("colour".to_owned(), word.into());
    Ok(())
}

fn several(fields: &mut Fields) -> Result<(), String> {
    let colour = fields.remove("colour").ok_or("there is no `colour`")?;
    fields.insert("colours".to_owned(), json!([colour]));
    fields.insert("painter".to_owned(), Value::Null);
    Ok(())
}

fn lift(schema: u16, to: u16, data: Value) -> Result<Value, CodecError> {
    upcast(TOYS, "toy.painted", schema, to, data)
}

#[test]
fn every_older_shape_arrives_at_todays() {
    let today = json!({ "colours": ["green"], "painter": null, "at": 7 });
    assert_eq!(lift(1, 3, json!({ "colour": 2, "at": 7 })).unwrap(), today);
    assert_eq!(lift(2, 3, json!({ "colour": "green", "at": 7 })).unwrap(), today);
    assert_eq!(lift(3, 3, today.clone()).unwrap(), today);
}

#[test]
fn what_a_version_cannot_have_held_is_refused_by_name() {
    let told = |result: Result<Value, CodecError>| result.unwrap_err().to_string();
    let odd = told(lift(1, 3, json!({ "colour": 9 })));
    assert_eq!(odd, "event `toy.painted` of shape 1 cannot be lifted: `colour` is neither 1 nor 2");
    assert!(told(lift(1, 3, json!([]))).contains("no object"));
    // A hole in the chain, and a shape before the first.
    assert!(told(lift(1, 4, json!({ "colour": 1 }))).contains("shape 3"));
    assert!(told(lift(0, 3, json!({ "colour": 1 }))).contains("shape 0"));
    assert!(upcast(TOYS, "toy.sold", 1, 2, json!({})).is_err());
}

#[test]
fn every_kind_has_a_whole_chain_and_no_step_twice() {
    for (kind, current) in Event::KINDS {
        let mut steps: Vec<u16> =
            UPCASTERS.iter().filter(|step| step.kind == *kind).map(|step| step.from).collect();
        steps.sort_unstable();
        assert_eq!(steps, (1..*current).collect::<Vec<_>>(), "{kind}");
    }
    for step in UPCASTERS {
        assert!(Event::KINDS.iter().any(|(kind, _)| *kind == step.kind), "{}", step.kind);
    }
}

/// A classification as the first version stored it.
#[test]
fn what_told_the_place_was_not_recorded_at_first() {
    const FIRST: &str = include_str!("../../../golden/case.classified.v1.json");
    let samples: Value = serde_json::from_str(FIRST).unwrap();
    let read = |data: &Value| codec::decode("case.classified", 1, &data.to_string(), &clear());
    for data in samples.as_object().unwrap().values() {
        let Event::Classified(read) = read(data).unwrap() else { panic!("a classification") };
        assert_eq!(read.found.place_source, None);
    }
    let mut odd = samples["full"].clone();
    odd["found"]["place_source"] = json!("alias");
    assert!(read(&odd).unwrap_err().to_string().contains("of shape 1"), "it had no such field");
}
