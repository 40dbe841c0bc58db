//! A deserializer without any input: it asks a type what it wants to read, gives it that, and
//! notes what it was asked. A [`Script`] says where to give null, nothing, or another word.
//!
//! Enums with words alone, with outer and with adjacent tags are understood. Untagged enums,
//! inner tags and `flatten` hide their fields from any deserializer and are refused: an event
//! that is to be readable for decades does without them.

mod access;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::value::Error;
use serde::de::{self, Deserializer, Visitor};

use access::{Choice, Elements, Entry, Fields};

/// Texts to offer where a text is wanted, most general first: what a type accepts first says what
/// it is. Samples of each, in every form it is written in; `*` stands for the field's name.
pub(super) const TEXTS: &[(&str, &[&str])] = &[
    ("text", &["ổ gà: *"]),
    ("private text", &[r#""ổ gà \"sâu\": *""#]),
    ("private list of texts", &[r#"["ổ gà","ngập: *"]"#]),
    ("date", &["2026-03-02"]),
    ("instant", &["2026-03-02T01:00:00.000001Z", "1999-12-31T17:00:00Z"]),
    ("case number", &["HCM-26-000123-T"]),
    ("period", &["5 working days", "4 working hours", "15 minutes", "1 hour", "30 days"]),
    ("uuid", &["00000000-0000-0000-0000-0000000000ab"]),
    ("private instant", &[r#""2026-03-02T01:00:00.000001Z""#]),
    ("private point", &[r#"{"lat":10.776889,"lon":106.700806}"#]),
];

/// What to do where, by path. Anything not named is given in full.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    /// Which word to choose, counted from 0 and around.
    pub(super) words: BTreeMap<String, usize>,
    /// The word, or form of a text, to choose where none is named.
    pub(super) word: usize,
    /// Options that are null and lists that are empty.
    pub(super) empty: BTreeSet<String>,
    /// All options are null and all lists empty.
    pub(super) minimal: bool,
    /// Fields that are left out.
    pub(super) omit: BTreeSet<String>,
}

/// What a type asked for at one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// The types asked for, e.g. `u16`, `record`; several if it depends on another field.
    pub(super) types: BTreeSet<&'static str>,
    /// It was asked for as an option.
    pub(super) option: bool,
    /// It is a field of a record, so it can be left out.
    pub(super) field: bool,
    /// The words of a closed list, as read.
    pub(super) words: Vec<&'static str>,
}

/// What was found along the way.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// By path, e.g. `deadlines[].clock`.
    pub(super) nodes: BTreeMap<String, Node>,
    /// The last place where a text was given: if reading fails, that text did not fit.
    last_text: Option<String>,
}

/// What is known already of the texts wanted: an index into [`TEXTS`] by path.
pub(super) type Learned = BTreeMap<String, usize>;

struct State<'s> {
    script: &'s Script,
    learned: &'s Learned,
    trace: Trace,
}

/// The deserializer at one path.
pub(super) struct Probe<'s, 'c> {
    path: String,
    state: &'c RefCell<State<'s>>,
}

/// Lets `read` read what the script says; tries other texts until it succeeds.
pub(super) fn run<T>(
    script: &Script,
    learned: &mut Learned,
    read: impl Fn(Probe<'_, '_>) -> Result<T, Error>,
) -> Result<(T, Trace), String> {
    // Each failure rules out one text at one path.
    for _ in 0..10_000 {
        let trace = Trace::default();
        let state = RefCell::new(State { script, learned, trace });
        let result = read(Probe { path: String::new(), state: &state });
        let trace = state.into_inner().trace;
        match (result, &trace.last_text) {
            (Ok(value), _) => return Ok((value, trace)),
            (Err(error), _) if error.to_string().starts_with("duplicate field") => {
                return Err(format!("{error}: has it an alias? Names of fields never change"));
            }
            (Err(error), None) => return Err(error.to_string()),
            (Err(error), Some(path)) => {
                let tried = learned.get(path).copied().unwrap_or(0) + 1;
                if tried >= TEXTS.len() {
                    learned.remove(path);
                    return Err(format!("no text fits at `{path}` ({error}); add one to TEXTS"));
                }
                learned.insert(path.clone(), tried);
            }
        }
    }
    Err("it asks for too much".to_owned())
}

impl<'s, 'c> Probe<'s, 'c> {
    fn at(&self, path: String) -> Self {
        Self { path, state: self.state }
    }

    /// Path of a field of this record.
    fn child(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn note(&self, what: &'static str) {
        self.text_fits();
        let mut state = self.state.borrow_mut();
        if !self.path.is_empty() {
            state.trace.nodes.entry(self.path.clone()).or_default().types.insert(what);
        }
    }

    /// Whatever is asked for after a text: that text did fit.
    fn text_fits(&self) {
        self.state.borrow_mut().trace.last_text = None;
    }

    fn empty(&self) -> bool {
        let script = self.state.borrow().script;
        script.minimal || script.empty.contains(&self.path)
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let chosen = self.state.borrow().learned.get(&self.path).copied().unwrap_or(0);
        let (what, samples) = TEXTS[chosen];
        self.note(what);
        let name = self.path.rsplit(['.', '[']).next().unwrap_or_default();
        let mut state = self.state.borrow_mut();
        let sample = samples[state.script.word % samples.len()].replace('*', name);
        state.trace.last_text = Some(self.path.clone());
        drop(state);
        visitor.visit_string(sample)
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $what:literal $value:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note($what);
            visitor.$visit($value)
        }
    )+};
}

impl<'de> Deserializer<'de> for Probe<'_, '_> {
    type Error = Error;

    numbers! {
        deserialize_bool visit_bool "bool" true;
        deserialize_i8 visit_i8 "i8" -3;
        deserialize_i16 visit_i16 "i16" -3;
        deserialize_i32 visit_i32 "i32" -3;
        deserialize_i64 visit_i64 "i64" -3;
        deserialize_u8 visit_u8 "u8" 3;
        deserialize_u16 visit_u16 "u16" 700;
        deserialize_u32 visit_u32 "u32" 70_000;
        deserialize_u64 visit_u64 "u64" 5_000_000_000;
        deserialize_f32 visit_f32 "f32" 10.5;
        deserialize_f64 visit_f64 "f64" 10.762_622;
        deserialize_char visit_char "character" 'đ';
    }

    // Values of any kind, and the absent content of a word with an adjacent tag.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note("anything");
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note("null");
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("bytes have no place in JSON; write them as text"))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text_fits();
        let mut state = self.state.borrow_mut();
        state.trace.nodes.entry(self.path.clone()).or_default().option = true;
        drop(state);
        if self.empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note("list");
        let count = usize::from(!self.empty());
        visitor.visit_seq(Elements { parent: self, given: 0, count, tuple: false })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note("tuple");
        visitor.visit_seq(Elements { parent: self, given: 0, count, tuple: true })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(count, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.note("map");
        let left = !self.empty();
        visitor.visit_map(Entry { parent: self, left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note("record");
        visitor.visit_map(Fields { parent: self, left: fields.iter(), field: "" })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.note("word");
        let mut state = self.state.borrow_mut();
        state.trace.nodes.entry(self.path.clone()).or_default().words = words.to_vec();
        let script = state.script;
        drop(state);
        let wanted = script.words.get(&self.path).copied().unwrap_or(script.word);
        let word = words
            .get(wanted % words.len().max(1))
            .ok_or_else(|| de::Error::custom("a list without words"))?;
        visitor.visit_enum(Choice { parent: self, word })
    }
}
