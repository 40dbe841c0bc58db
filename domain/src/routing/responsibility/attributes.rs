//! Attributes of the thing concerned: read from the text where it says them plainly, asked for
//! where a rule needs them.

use std::collections::BTreeMap;

use crate::codes::AgencyCode;
use crate::routing::tokens::{Phrase, PhraseMap, Token};
use crate::routing::verdict::{Question, QuestionOption};

/// What is known: attribute → value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    values: BTreeMap<String, String>,
    /// Where a value was read in the text, in Vietnamese.
    pub because: Vec<String>,
}

impl Known {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

/// One possible value.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its code, e.g. `alley`.
    pub code: String,
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
    /// The agency it names, if it names one.
    pub agency: Option<AgencyCode>,
    /// Phrases that say it.
    pub words: Vec<String>,
    /// Phrases in which such a word says nothing.
    pub except: Vec<String>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its code, e.g. `road_class`.
    pub code: String,
    /// The question in Vietnamese.
    pub vi: String,
    /// The question in English.
    pub en: String,
    /// Its values; the first one found in a text wins.
    pub values: Vec<Value>,
}

/// All attributes, with their phrases ready to search.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    list: Vec<Attribute>,
    /// (attribute, value) a phrase says.
    words: PhraseMap<(usize, usize)>,
    /// (attribute, value) a phrase takes back.
    except: PhraseMap<(usize, usize)>,
}

impl Attributes {
    /// Prepares the attributes.
    pub fn new(list: Vec<Attribute>) -> Self {
        let (mut words, mut except) = (PhraseMap::default(), PhraseMap::default());
        for (a, attribute) in list.iter().enumerate() {
            for (v, value) in attribute.values.iter().enumerate() {
                for phrase in value.words.iter().filter_map(|text| Phrase::parse(text)) {
                    words.insert(phrase, (a, v));
                }
                for phrase in value.except.iter().filter_map(|text| Phrase::parse(text)) {
                    except.insert(phrase, (a, v));
                }
            }
        }
        Self { list, words, except }
    }

    /// The attribute with this code.
    pub fn get(&self, code: &str) -> Option<&Attribute> {
        self.list.iter().find(|attribute| attribute.code == code)
    }

    /// Checks a value that was given.
    ///
    /// # Errors
    /// A sentence that says what would be accepted.
    pub fn check(&self, name: &str, value: &str) -> Result<(), String> {
        let names = || self.list.iter().map(|a| a.code.as_str()).collect::<Vec<_>>().join(", ");
        let attribute = self.get(name).ok_or_else(|| {
            format!("there is no attribute `{name}`: district, ward, {}", names())
        })?;
        let values = || attribute.values.iter().map(|v| v.code.as_str()).collect::<Vec<_>>();
        match attribute.value(value) {
            Some(_) => Ok(()),
            None => Err(format!("`{value}` is no {name}: {}", values().join(", "))),
        }
    }

    /// The agency that a value names.
    pub fn agency(&self, attribute: &str, value: &str) -> Option<&AgencyCode> {
        let values = &self.get(attribute)?.values;
        values.iter().find(|v| v.code == value)?.agency.as_ref()
    }

    /// The question to ask for an attribute.
    pub fn question(&self, code: &str) -> Option<Question> {
        let attribute = self.get(code)?;
        let options = attribute
            .values
            .iter()
            .map(|v| QuestionOption { value: v.code.clone(), vi: v.vi.clone(), en: v.en.clone() })
            .collect();
        Some(Question {
            attribute: attribute.code.clone(),
            vi: attribute.vi.clone(),
            en: attribute.en.clone(),
            options,
        })
    }

    /// What is known: what was given (a value's code, or an agency's where values name agencies),
    /// else what the text says.
    pub fn read(&self, given: &BTreeMap<String, String>, text: &[Token]) -> Known {
        let mut known = Known::default();
        for attribute in &self.list {
            let value = given.get(&attribute.code).and_then(|given| attribute.value(given));
            if let Some(value) = value {
                known.values.insert(attribute.code.clone(), value.code.clone());
            }
        }
        let taken_back: Vec<_> = self.except.find(text).collect();
        let mut best: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
        for hit in self.words.find(text) {
            let (attribute, value) = hit.value;
            let void = taken_back.iter().any(|except| {
                except.value == hit.value && except.start <= hit.start && hit.end <= except.end
            });
            let earlier = best.get(&attribute).is_some_and(|(before, ..)| *before <= value);
            if !void && !earlier {
                best.insert(attribute, (value, hit.start, hit.end));
            }
        }
        for (a, (v, start, end)) in best {
            let Some(attribute) = self.list.get(a) else { continue };
            let Some(value) = attribute.values.get(v) else { continue };
            if known.values.contains_key(&attribute.code) {
                continue;
            }
            let words: Vec<_> = text[start..end].iter().map(|token| token.plain.as_str()).collect();
            known.because.push(format!("“{}”: {}.", words.join(" "), value.vi));
            known.values.insert(attribute.code.clone(), value.code.clone());
        }
        known
    }
}

impl Attribute {
    fn value(&self, given: &str) -> Option<&Value> {
        self.values.iter().find(|value| {
            value.code == given || value.agency.as_ref().is_some_and(|a| a.as_str() == given)
        })
    }
}
