//! Old shapes of events lifted to today's, one version at a time. What is stored never changes;
//! what the program sees is always the newest shape.
//!
//! An upcaster is a function from the stored fields of one version to those of the next. It is
//! pure, total over what that version could hold (its golden files say what), and invents
//! nothing: a fact that was not recorded becomes null, empty, or a word that says so. Private
//! fields are sealed texts here; they can be moved and dropped, not read.
//!
//! Only events of older versions take this way. Those of the present version are read straight
//! into their type.

mod address_mark;
mod place_source;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::codec::CodecError;

/// The fields of an event as stored.
pub type Fields = Map<String, Value>;

/// Lifts one kind from one version to the next.
#[derive(Clone, Copy, Debug)]
pub struct Upcaster {
    /// The kind.
    pub kind: &'static str,
    /// The version it reads; it gives the one after.
    pub from: u16,
    /// Changes the fields. The text says what is odd about fields that version cannot have had.
    pub lift: fn(&mut Fields) -> Result<(), String>,
}

/// All upcasters of cases. Only ever added to.
pub const UPCASTERS: &[Upcaster] = &[
    Upcaster { kind: "case.classified", from: 1, lift: place_source::unknown },
    Upcaster { kind: "case.received", from: 1, lift: address_mark::unknown },
];

/// The fields of a stored event in the shape of version `to`.
///
/// # Errors
/// [`CodecError::Upcast`] when there is no way from `schema` to `to`, or the fields are not those
/// of `schema`.
pub fn upcast(
    upcasters: &[Upcaster],
    kind: &str,
    schema: u16,
    to: u16,
    data: Value,
) -> Result<Value, CodecError> {
    let broken = |from, reason: String| CodecError::Upcast { kind: kind.to_owned(), from, reason };
    let Value::Object(mut fields) = data else {
        return Err(broken(schema, "it is no object".to_owned()));
    };
    for from in schema..to {
        let upcaster =
            upcasters.iter().find(|upcaster| upcaster.kind == kind && upcaster.from == from);
        let upcaster =
            upcaster.ok_or_else(|| broken(from, "this program has no upcaster".to_owned()))?;
        (upcaster.lift)(&mut fields).map_err(|reason| broken(from, reason))?;
    }
    Ok(Value::Object(fields))
}
