//! What the probe hands to records, lists, maps and enums: more probes, one path further.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::Probe;

/// The fields of a record, as it names them.
pub(super) struct Fields<'s, 'c> {
    pub(super) parent: Probe<'s, 'c>,
    pub(super) left: std::slice::Iter<'static, &'static str>,
    pub(super) field: &'static str,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.parent.text_fits();
        for field in self.left.by_ref() {
            let path = self.parent.child(field);
            let mut state = self.parent.state.borrow_mut();
            if state.script.omit.contains(&path) {
                continue;
            }
            state.trace.nodes.entry(path).or_default().field = true;
            drop(state);
            self.field = field;
            let key: StrDeserializer<'_, Error> = (*field).into_deserializer();
            return seed.deserialize(key).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let path = self.parent.child(self.field);
        seed.deserialize(self.parent.at(path))
    }
}

/// The elements of a list (one) or tuple.
pub(super) struct Elements<'s, 'c> {
    pub(super) parent: Probe<'s, 'c>,
    pub(super) given: usize,
    pub(super) count: usize,
    pub(super) tuple: bool,
}

impl<'de> SeqAccess<'de> for Elements<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.parent.text_fits();
        if self.given == self.count {
            return Ok(None);
        }
        let nr = if self.tuple { self.given.to_string() } else { String::new() };
        self.given += 1;
        seed.deserialize(self.parent.at(format!("{}[{nr}]", self.parent.path))).map(Some)
    }
}

/// The one entry of a map.
pub(super) struct Entry<'s, 'c> {
    pub(super) parent: Probe<'s, 'c>,
    pub(super) left: bool,
}

impl<'de> MapAccess<'de> for Entry<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.parent.text_fits();
        if !std::mem::take(&mut self.left) {
            return Ok(None);
        }
        seed.deserialize(self.parent.at(format!("{}{{key}}", self.parent.path))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.parent.at(format!("{}{{}}", self.parent.path)))
    }
}

/// One word of an enum, with what it carries.
pub(super) struct Choice<'s, 'c> {
    pub(super) parent: Probe<'s, 'c>,
    pub(super) word: &'static str,
}

impl<'de> EnumAccess<'de> for Choice<'_, '_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let word: StrDeserializer<'_, Error> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'s, 'c> Choice<'s, 'c> {
    fn content(&self) -> Probe<'s, 'c> {
        self.parent.at(self.parent.child(self.word))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_, '_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content())
    }

    fn tuple_variant<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Error> {
        self.content().deserialize_tuple(count, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.content().deserialize_struct(self.word, fields, visitor)
    }
}
