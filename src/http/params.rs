//! Query parameters, strictly: what is not known, given twice or malformed is an error that names
//! the parameter.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use jiff::Timestamp;

use super::App;
use super::problem::Problem;

/// The parameters of a request.
pub(super) struct Params(BTreeMap<String, String>);

impl FromRequestParts<App> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        Self::of(&parts.uri)
    }
}

impl Params {
    /// The parameters of an address.
    pub(super) fn of(uri: &Uri) -> Result<Self, Problem> {
        let pairs: Result<Query<Vec<(String, String)>>, QueryRejection> = Query::try_from_uri(uri);
        let Ok(Query(pairs)) = pairs else {
            return Err(bad(
                "malformed_query",
                "Tham số không đọc được.",
                "The query is malformed.",
            ));
        };
        let mut all = BTreeMap::new();
        for (name, value) in pairs {
            let name = shown(&name);
            // Percent-encoded bytes that are no UTF-8 arrive as replacement characters.
            if value.chars().any(|c| c.is_control() || c == '\u{fffd}') {
                return Err(bad(
                    "malformed_parameter",
                    "Tham số chứa ký tự không hợp lệ.",
                    "The parameter holds characters that are no text.",
                )
                .field(name));
            }
            if all.insert(name.clone(), value).is_some() {
                return Err(bad(
                    "repeated_parameter",
                    "Tham số bị lặp lại.",
                    "The parameter is given twice.",
                )
                .field(name));
            }
        }
        Ok(Self(all))
    }

    /// Refuses parameters that are not among `known`.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(bad(
                "unknown_parameter",
                format!("Không có tham số này; có thể dùng: {}.", known.join(", ")),
                format!("There is no such parameter; known: {}.", known.join(", ")),
            )
            .field(name)),
        }
    }

    /// All parameters, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a parameter; an empty one counts as not given.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A value that must parse, if it is given.
    pub(super) fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        expected: &str,
    ) -> Result<Option<T>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| wrong(name, expected))).transpose()
    }

    /// A list of words of a closed list, comma separated.
    pub(super) fn words<T: FromStr + ToString>(
        &self,
        name: &'static str,
        allowed: &[&str],
    ) -> Result<Vec<String>, Problem> {
        let Some(text) = self.get(name) else { return Ok(Vec::new()) };
        text.split(',')
            .map(|word| word.trim().parse::<T>().map(|value| value.to_string()))
            .collect::<Result<_, _>>()
            .map_err(|_| wrong(name, &format!("any of {}", allowed.join(", "))))
    }

    /// How many to give, 1 to 200, 50 if not said.
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        const EXPECTED: &str = "a number from 1 to 200";
        match self.parsed("limit", EXPECTED)? {
            None => Ok(50),
            Some(limit) if (1..=200).contains(&limit) => Ok(limit),
            Some(_) => Err(wrong("limit", EXPECTED)),
        }
    }

    /// When something happened, if the caller says so.
    pub(super) fn occurred_at(&self) -> Result<Option<Timestamp>, Problem> {
        self.parsed("occurred_at", "a time that exists, e.g. 2026-03-02T08:00:00+07:00")
    }
}

/// How many to give, 1 to `most`, 10 if not said.
pub(super) fn up_to(params: &Params, most: usize) -> Result<usize, Problem> {
    let expected = format!("a number from 1 to {most}");
    match params.parsed::<usize>("limit", &expected)? {
        None => Ok(10),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => Err(wrong("limit", &expected)),
    }
}

/// A parameter whose value cannot be used.
pub(super) fn wrong(name: &str, expected: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_parameter",
        format!("Giá trị của “{name}” không hợp lệ; cần: {expected}."),
        format!("The value of `{name}` cannot be used; expected {expected}."),
    )
    .field(name)
}

fn bad(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, vi, en)
}

/// A name as it may be repeated to the caller.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}
