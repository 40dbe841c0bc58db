//! Coordinates of any nesting, 24 bytes a position: a file cannot make the reader use more than a
//! small multiple of its own size.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Numbers in lists.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Nested {
    /// A list that begins with two numbers; an altitude after them is dropped.
    Position([f64; 2]),
    /// A list of lists, or an empty one.
    List(Vec<Nested>),
    /// A bare number.
    Number(f64),
    /// Anything else.
    Other,
}

impl Nested {
    /// How many positions there are, however deep.
    pub(super) fn positions(&self) -> usize {
        match self {
            Self::Position(_) => 1,
            Self::List(list) => list.iter().map(Self::positions).sum(),
            Self::Number(_) | Self::Other => 0,
        }
    }
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Nested;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nested, A::Error> {
        let mut out = Vec::new();
        let mut numbers = [0.0; 2];
        let mut count = 0;
        while let Some(item) = list.next_element::<Nested>()? {
            match item {
                Nested::Number(number) if out.is_empty() => {
                    if let Some(place) = numbers.get_mut(count) {
                        *place = number;
                    }
                    count += 1;
                }
                other => out.push(other),
            }
        }
        Ok(match (count, out.is_empty()) {
            (0, _) => Nested::List(out),
            (2.., true) => Nested::Position(numbers),
            _ => Nested::Other,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Nested, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Nested::Other)
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nested, E> {
        Ok(Nested::Number(number))
    }

    #[allow(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_u64<E>(self, number: u64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "no coordinate is that large")]
    fn visit_i64<E>(self, number: i64) -> Result<Nested, E> {
        Ok(Nested::Number(number as f64))
    }

    fn visit_str<E>(self, _: &str) -> Result<Nested, E> {
        Ok(Nested::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Nested, E> {
        Ok(Nested::Other)
    }

    fn visit_unit<E>(self) -> Result<Nested, E> {
        Ok(Nested::Other)
    }
}
