//! The frozen files against the types, and against themselves. Pure: files come as texts, so
//! that the check itself can be tested.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Family;
use super::samples::{FULL, MINIMAL, OLDER, read, samples, write};
use super::shape::{explore, json};

/// Texts of files by name, e.g. `case.received.v1.json`.
pub(super) type Files = BTreeMap<String, String>;

/// What to do about a changed shape, for whoever sees the check fail.
const CHANGED: &str = "What is stored can never change: raise the version of the kind, write an \
     upcaster from the old one, then run `GOLDEN=write cargo test -p hoiam-domain golden` to \
     freeze the new version (CONTRIBUTING.md, \"Changing an event\"). Only while no log anywhere \
     holds this version may its two files be deleted and written again.";

/// The files that belong to the present version of a kind.
pub(super) fn files_of<F: Family>(kind: &str, version: u16) -> Result<Files, String> {
    let mut explored = explore::<F>(kind)?;
    let samples = samples::<F>(kind, &mut explored)?;
    Ok(Files::from([
        (format!("{kind}.v{version}.json"), write(&samples)),
        (format!("{kind}.v{version}.shape"), explored.lines().join("\n") + "\n"),
    ]))
}

/// All that is wrong between a family and its frozen files.
pub(super) fn problems<F: Family>(files: &Files) -> Vec<String> {
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for (kind, current) in F::KINDS {
        for version in 1..=*current {
            let names = [format!("{kind}.v{version}.json"), format!("{kind}.v{version}.shape")];
            let texts = (files.get(&names[0]), files.get(&names[1]));
            known.extend(names);
            let (Some(frozen), Some(shape)) = texts else {
                problems.push(format!(
                    "{kind} version {version} has no golden file: freeze it with \
                     `GOLDEN=write cargo test -p hoiam-domain golden`"
                ));
                continue;
            };
            let mut wrong = |what: String| problems.push(format!("{kind} v{version}: {what}"));
            if version == *current {
                compare_shape::<F>(kind, shape, &mut wrong);
            }
            match read(frozen) {
                Ok(samples) => {
                    check_samples::<F>(kind, version, version == *current, &samples, &mut wrong);
                    fits(&samples, shape, &mut wrong);
                }
                Err(error) => wrong(format!("its samples do not read: {error}")),
            }
        }
    }
    for name in files.keys().filter(|name| name.starts_with(F::PREFIX) && !known.contains(*name)) {
        problems.push(format!("{name} belongs to no kind or version: kinds are never renamed"));
    }
    problems
}

fn compare_shape<F: Family>(kind: &str, frozen: &str, wrong: &mut impl FnMut(String)) {
    let now = match explore::<F>(kind) {
        Ok(explored) => explored.lines(),
        Err(error) => return wrong(format!("its type cannot be explored: {error}")),
    };
    let frozen: Vec<_> = frozen.lines().collect();
    let gone = frozen.iter().filter(|line| !now.iter().any(|now| now == *line));
    let new = now.iter().filter(|line| !frozen.contains(&line.as_str()));
    let lines: Vec<_> = gone
        .map(|line| format!("  - {line}"))
        .chain(new.map(|line| format!("  + {line}")))
        .collect();
    if !lines.is_empty() {
        wrong(format!("its shape changed:\n{}\n{CHANGED}", lines.join("\n")));
    }
}

/// Every sample reads and folds; samples of today's version are written again byte for byte.
fn check_samples<F: Family>(
    kind: &str,
    version: u16,
    current: bool,
    samples: &[(String, String)],
    wrong: &mut impl FnMut(String),
) {
    for wanted in [FULL, MINIMAL] {
        if !samples.iter().any(|(name, _)| name == wanted) {
            wrong(format!("the sample `{wanted}` is missing"));
        }
    }
    for (name, data) in samples {
        let event = match F::decode(kind, version, data) {
            Ok(event) => event,
            Err(error) => {
                wrong(format!("the sample `{name}` does not read any more: {error}"));
                continue;
            }
        };
        match F::encode(&event) {
            Ok(again) if again.kind != kind => wrong(format!("`{name}` became {}", again.kind)),
            Ok(again) if current && name != OLDER && again.data != *data => {
                wrong(format!(
                    "`{name}` is written otherwise now:\n  {data}\n  {}\n{CHANGED}",
                    again.data
                ));
            }
            Ok(_) => F::fold(event),
            Err(error) => wrong(format!("the sample `{name}` cannot be written: {error}")),
        }
    }
}

/// The samples have what the shape names, and nothing else: neither file can be changed alone.
fn fits(samples: &[(String, String)], shape: &str, wrong: &mut impl FnMut(String)) {
    let shape: BTreeMap<&str, &str> =
        shape.lines().filter_map(|line| line.split_once(": ")).collect();
    let mut seen = BTreeSet::new();
    for (name, data) in samples {
        let Ok(value) = json(data) else { continue };
        let mut odd = Vec::new();
        walk(&value, String::new(), &shape, &mut seen, &mut odd);
        for what in odd {
            wrong(format!("the sample `{name}` does not fit the frozen shape: {what}"));
        }
    }
    for path in shape.keys().filter(|path| !seen.contains(**path) && !path.ends_with("{key}")) {
        wrong(format!("no sample has `{path}`, which the frozen shape names"));
    }
    for (path, line) in shape {
        for word in words(line).filter(|word| !seen.contains(&format!("{path}={word}"))) {
            // A word that carries something is the name of a field instead.
            if !seen.contains(&format!("{path}.{word}")) {
                wrong(format!("no sample has the word `{word}` at `{path}`"));
            }
        }
    }
}

/// The words a line of a shape names.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let list = line.split_once("word(").and_then(|(_, rest)| rest.split_once(')'));
    list.map_or("", |(words, _)| words).split(' ').filter(|word| !word.is_empty())
}

fn walk(
    value: &Value,
    path: String,
    shape: &BTreeMap<&str, &str>,
    seen: &mut BTreeSet<String>,
    odd: &mut Vec<String>,
) {
    let line = shape.get(path.as_str()).copied().unwrap_or_default();
    if !path.is_empty() {
        seen.insert(path.clone());
        // The content of a word stands under the word, which the shape names only if it has fields.
        if line.is_empty() && !shape.keys().any(|known| known.starts_with(&format!("{path}."))) {
            odd.push(format!("`{path}` is unknown"));
        }
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let inner = match (line.starts_with("map"), path.is_empty()) {
                    (true, _) => format!("{path}{{}}"),
                    (_, true) => name.clone(),
                    _ => format!("{path}.{name}"),
                };
                walk(value, inner, shape, seen, odd);
            }
        }
        Value::Array(items) => {
            for (nr, value) in items.iter().enumerate() {
                let nr = if line.starts_with("tuple") { nr.to_string() } else { String::new() };
                walk(value, format!("{path}[{nr}]"), shape, seen, odd);
            }
        }
        Value::Null if !line.contains("or null") && !line.starts_with("anything") => {
            odd.push(format!("`{path}` is null"));
        }
        Value::String(word) if line.starts_with("word(") => {
            if !words(line).any(|known| known == word) {
                odd.push(format!("`{path}` has the word `{word}`"));
            }
            seen.insert(format!("{path}={word}"));
        }
        _ => {}
    }
}
