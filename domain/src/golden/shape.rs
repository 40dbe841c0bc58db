//! The shape of an event as lines, one a path:
//!
//! ```text
//! channel: word(phone email app web facebook)
//! deadlines[].warn_at: instant, or null, may be missing, left out when empty
//! ```
//!
//! `or null` and `may be missing` say what is read, `left out when empty` what is written. Words
//! are those that are written; others that are read as well are no part of the shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Family;
use super::probe::{Learned, Node, Script, Trace, run};

/// All that is to be known of a kind's type.
#[derive(Debug, Default)]
pub(super) struct Explored {
    /// By path.
    pub(super) nodes: BTreeMap<String, Node>,
    /// The choices of words under which a path was found.
    choices: BTreeMap<String, BTreeMap<String, usize>>,
    /// By path, words as written.
    words: BTreeMap<String, BTreeSet<usize>>,
    /// Fields that may be missing.
    pub(super) missing: BTreeSet<String>,
    /// What is left out when null or empty.
    left_out: BTreeSet<String>,
    /// The texts that fit.
    pub(super) learned: Learned,
}

/// Reads what a script says into an event, and gives its written form.
pub(super) fn sample<F: Family>(
    kind: &str,
    script: &Script,
    learned: &mut Learned,
) -> Result<(String, Trace), String> {
    let (event, trace) = run(script, learned, |probe| {
        F::read(kind, probe).unwrap_or_else(|| Err(serde::de::Error::custom("unknown kind")))
    })?;
    Ok((F::encode(&event)?.data, trace))
}

/// Learns the shape of a kind as it is written today.
pub(super) fn explore<F: Family>(kind: &str) -> Result<Explored, String> {
    let mut all = Explored::default();
    let mut todo = vec![BTreeMap::new()];
    let mut done = BTreeSet::new();
    while let Some(words) = todo.pop() {
        if !done.insert(words.clone()) {
            continue;
        }
        let script = Script { words: words.clone(), ..Script::default() };
        let (data, trace) = sample::<F>(kind, &script, &mut all.learned)?;
        let value = json(&data)?;
        for (path, node) in trace.nodes {
            all.see(&path, &words, &node, &value);
            for nr in 1..node.words.len() {
                // A choice once made is kept: choices inside it are tried under it.
                let mut next = words.clone();
                if all.choices.get(&path).is_none_or(|found| *found == words) {
                    next.insert(path.clone(), nr);
                    todo.push(next);
                }
            }
        }
    }
    all.try_without::<F>(kind)?;
    Ok(all)
}

impl Explored {
    fn see(&mut self, path: &str, words: &BTreeMap<String, usize>, node: &Node, value: &Value) {
        self.choices.entry(path.to_owned()).or_insert_with(|| words.clone());
        let known = self.nodes.entry(path.to_owned()).or_default();
        known.types.extend(&node.types);
        known.option |= node.option;
        known.field |= node.field;
        if !node.words.is_empty() {
            known.words.clone_from(&node.words);
            let nr = words.get(path).copied().unwrap_or(0);
            let word = node.words[nr];
            let written = at(value, path)
                .is_some_and(|found| found.as_str() == Some(word) || found.get(word).is_some());
            if written {
                self.words.entry(path.to_owned()).or_default().insert(nr);
            }
        }
    }

    /// What happens to each path that is null, empty or not there.
    fn try_without<F: Family>(&mut self, kind: &str) -> Result<(), String> {
        for (path, node) in &self.nodes {
            let words = self.choices.get(path).cloned().unwrap_or_default();
            let one = || BTreeSet::from([path.clone()]);
            if node.option || node.types.contains("list") || node.types.contains("map") {
                let script = Script { words: words.clone(), empty: one(), ..Script::default() };
                let (data, _) = sample::<F>(kind, &script, &mut self.learned)?;
                if at(&json(&data)?, path).is_none() {
                    self.left_out.insert(path.clone());
                }
            }
            if node.field {
                let script = Script { words, omit: one(), ..Script::default() };
                if let Ok((data, _)) = sample::<F>(kind, &script, &mut self.learned.clone()) {
                    self.missing.insert(path.clone());
                    if at(&json(&data)?, path).is_none() {
                        self.left_out.insert(path.clone());
                    }
                }
            }
        }
        Ok(())
    }

    /// The lines of the shape, in order of paths.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (path, node) in &self.nodes {
            let mut types: Vec<String> = Vec::new();
            for what in &node.types {
                if *what == "word" {
                    let written = self.words.get(path).into_iter().flatten();
                    let words: Vec<_> = written.map(|nr| node.words[*nr]).collect();
                    types.push(format!("word({})", words.join(" ")));
                } else {
                    types.push((*what).to_owned());
                }
            }
            let mut line = format!("{path}: {}", types.join(" or "));
            let flags = [
                (node.option, ", or null"),
                (self.missing.contains(path), ", may be missing"),
                (self.left_out.contains(path), ", left out when empty"),
            ];
            for (_, text) in flags.iter().filter(|(holds, _)| *holds) {
                line.push_str(text);
            }
            lines.push(line);
        }
        lines
    }
}

pub(super) fn json(data: &str) -> Result<Value, String> {
    serde_json::from_str(data).map_err(|error| error.to_string())
}

/// The value at a path; of lists and maps the first entry.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut found = value;
    for part in path.split('.') {
        let (name, mut rest) = part.split_at(part.find(['[', '{']).unwrap_or(part.len()));
        if !name.is_empty() {
            found = found.get(name)?;
        }
        while let Some(end) = rest.find([']', '}']) {
            let inside = &rest[1..end];
            found = match found {
                Value::Array(items) => items.get(inside.parse().unwrap_or(0))?,
                Value::Object(entries) => entries.values().next()?,
                _ => return None,
            };
            rest = &rest[end + 1..];
        }
    }
    Some(found)
}
