//! Samples of a kind as the log holds it, and the file they stand in: a JSON object with one
//! sample a line, each with exactly the bytes that are stored.

use serde_json::Value;

use super::Family;
use super::probe::{Script, TEXTS};
use super::shape::{Explored, json, sample};

/// The sample that has everything.
pub(super) const FULL: &str = "full";
/// The sample that has as little as possible.
pub(super) const MINIMAL: &str = "minimal";
/// A sample that no program writes any more, but that may be in a log.
pub(super) const OLDER: &str = "older";

/// The samples of a kind in today's version, named: everything there, as little as possible,
/// every word of every list and form of every text, and without what was added to the version later.
pub(super) fn samples<F: Family>(
    kind: &str,
    explored: &mut Explored,
) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    let mut add = |name: String, data: String| {
        if name == MINIMAL || all.iter().all(|(_, known)| *known != data) {
            all.push((name, data));
        }
    };
    let learned = &mut explored.learned;
    add(FULL.to_owned(), sample::<F>(kind, &Script::default(), learned)?.0);
    let minimal = Script { minimal: true, ..Script::default() };
    let minimal = sample::<F>(kind, &minimal, learned)?.0;
    add(MINIMAL.to_owned(), minimal.clone());
    let words = explored.nodes.values().map(|node| node.words.len());
    let forms = TEXTS.iter().map(|(_, samples)| samples.len());
    for word in 1..words.chain(forms).max().unwrap_or(0) {
        let script = Script { word, ..Script::default() };
        add(format!("forms {}", word + 1), sample::<F>(kind, &script, learned)?.0);
    }
    let mut older = json(&minimal)?;
    for path in &explored.missing {
        remove(&mut older, path);
    }
    add(OLDER.to_owned(), older.to_string());
    Ok(all)
}

/// Takes a field out, unless it stands in a list: those of a minimal sample are empty.
fn remove(value: &mut Value, path: &str) {
    let (parents, field) = path.rsplit_once('.').unwrap_or(("", path));
    let mut record = Some(value);
    for part in parents.split('.').filter(|part| !part.is_empty()) {
        record = record.and_then(|value| value.get_mut(part));
    }
    if let Some(fields) = record.and_then(Value::as_object_mut) {
        fields.remove(field);
    }
}

/// The text of a file of samples.
pub(super) fn write(samples: &[(String, String)]) -> String {
    let lines: Vec<_> = samples
        .iter()
        .map(|(name, data)| format!("{}: {data}", Value::from(name.as_str())))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// The samples of a file, byte for byte.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    json(text)?;
    let lines = text.lines().filter(|line| !matches!(*line, "{" | "}"));
    lines
        .map(|line| {
            let line = line.strip_suffix(',').unwrap_or(line);
            let (name, data) = line.split_once("\": ").ok_or("one sample a line, please")?;
            Ok((name.trim_start_matches('"').to_owned(), data.to_owned()))
        })
        .collect()
}
