//! `examples/*.toml`: texts with the verdict they must get. They are the tests of the rules.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use toml::Spanned;

use super::RuleSet;
use super::reading::Reading;
use crate::codes::{AgencyCode, CategoryCode, DistrictCode, FocalPointCode, SectorCode, WardCode};
use crate::file_error::FileError;
use crate::kinds::{Channel, Desk, Handoff, Kind};
use crate::routing::verdict::{RouteInput, Verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleFile {
    /// When the feedbacks of this file arrive, unless they say otherwise.
    at: Timestamp,
    example: Vec<ExampleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleRow {
    text: Spanned<String>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    point: Option<(f64, f64)>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    category: Option<CategoryCode>,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    expect: Expected,
}

/// What an example expects; what is not named is not compared. `""` means: absent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expected {
    kind: Option<Kind>,
    sector: Option<SectorCode>,
    category: Option<CategoryCode>,
    district: Option<DistrictCode>,
    ward: Option<WardCode>,
    agency: Option<AgencyCode>,
    focal_point: Option<FocalPointCode>,
    question: Option<String>,
    rule: Option<String>,
    urgent: Option<bool>,
    confidential: Option<bool>,
    handoff: Option<String>,
    desk: Option<String>,
}

/// One example.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleExample {
    /// Where it stands, for messages; the message itself is empty.
    pub place: FileError,
    /// What comes in.
    pub input: RouteInput,
    /// What must come out.
    pub expected: Expected,
}

/// Reads a file of examples.
pub(super) fn examples(
    reading: &mut Reading<'_>,
    nth: usize,
    (path, text): &(String, String),
) -> Vec<RuleExample> {
    let Some(file) = reading.file::<ExampleFile>(nth) else { return Vec::new() };
    let mut list = Vec::with_capacity(file.example.len());
    for row in file.example {
        check(reading, &row);
        let place = FileError::at(path, text, row.text.span(), "");
        let input = RouteInput {
            text: row.text.into_inner(),
            kind: row.kind,
            category: row.category,
            point: row.point,
            address: row.address,
            attributes: row.attributes,
            at: row.at.unwrap_or(file.at),
            channel: row.channel,
        };
        list.push(RuleExample { place, input, expected: row.expect });
    }
    list
}

fn check(reading: &mut Reading<'_>, row: &ExampleRow) {
    let expected = &row.expect;
    if *expected == Expected::default() {
        reading.wrong_at(&row.text, "the example expects nothing");
    }
    let unknown = |word: &Option<String>, known: &[&str]| {
        word.as_deref().is_some_and(|word| !word.is_empty() && !known.contains(&word))
    };
    let handoffs: Vec<&str> = Handoff::ALL.iter().map(|h| h.as_str()).collect();
    let desks: Vec<&str> = Desk::ALL.iter().map(|d| d.as_str()).collect();
    if unknown(&expected.handoff, &handoffs) || unknown(&expected.desk, &desks) {
        reading.wrong_at(&row.text, "`handoff` or `desk` is no word of the desk");
    }
}

impl RuleExample {
    /// What came out otherwise than expected, one line a field.
    pub fn differences(&self, rules: &RuleSet) -> Vec<String> {
        let got = rules.explain(&self.input);
        self.compare(&got)
    }

    fn compare(&self, got: &Verdict) -> Vec<String> {
        let expected = &self.expected;
        let mut out = Vec::new();
        let mut text = |field: &str, want: Option<&str>, got: Option<&str>| {
            if let Some(want) = want
                && want != got.unwrap_or("")
            {
                out.push(format!("{field}: expected `{want}`, got `{}`", got.unwrap_or("")));
            }
        };
        let code = |c: Option<&'_ str>| c.map(str::to_owned);
        text("kind", expected.kind.map(Kind::as_str), Some(got.kind.as_str()));
        text("sector", as_str(&expected.sector), as_str(&got.sector));
        text("category", as_str(&expected.category), as_str(&got.category));
        text("district", as_str(&expected.district), as_str(&got.district));
        text("ward", as_str(&expected.ward), as_str(&got.ward));
        text("agency", as_str(&expected.agency), as_str(&got.agency));
        text("focal_point", as_str(&expected.focal_point), as_str(&got.focal_point));
        let asked = code(got.question.as_ref().map(|q| q.attribute.as_str()));
        text("question", expected.question.as_deref(), asked.as_deref());
        text("rule", expected.rule.as_deref(), got.rule.as_deref());
        text("handoff", expected.handoff.as_deref(), got.handoff.map(Handoff::as_str));
        text("desk", expected.desk.as_deref(), got.desk.map(Desk::as_str));
        text("urgent", expected.urgent.map(yes), Some(yes(got.urgent)));
        text("confidential", expected.confidential.map(yes), Some(yes(got.confidential)));
        out
    }
}

const fn yes(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn as_str<T: std::borrow::Borrow<str>>(code: &Option<T>) -> Option<&str> {
    code.as_ref().map(std::borrow::Borrow::borrow)
}
