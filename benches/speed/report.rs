//! The tables, for the terminal and for docs/performance.md.

use std::fmt::Write;
use std::path::Path;

use crate::goals;
use crate::results::{Line, Results};

/// Medians, goals, remarks and machine as Markdown.
pub fn markdown(results: &Results, facts: &[(&'static str, String)], rounds: usize) -> String {
    let mut text = String::new();
    for (name, fact) in facts {
        let _ = writeln!(text, "- {name}: {fact}");
    }
    let _ = writeln!(text, "\nMedians of {rounds} interleaved rounds:\n");
    text.push_str(
        "| load | callers | a second | p50 ms | p99 ms |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for line in results.lines() {
        let _ = writeln!(text, "{}", row(results, line));
    }
    text.push_str(
        "\n| goal | callers | reached | wanted | |\n| --- | ---: | ---: | ---: | --- |\n",
    );
    for goal in goals::all() {
        if let Some(outcome) = goal.outcome(results) {
            let verdict = if outcome.met { "met" } else { "**not met**" };
            let Line { name, callers } = &goal.line;
            let (reached, wanted) = (outcome.reached, outcome.wanted);
            let _ = writeln!(text, "| {name} | {callers} | {reached} | {wanted} | {verdict} |");
        }
    }
    text.push('\n');
    for (name, remark) in &results.remarks {
        let _ = writeln!(text, "- {name}: {remark}.");
    }
    text
}

fn row(results: &Results, line: &Line) -> String {
    let shown = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
    };
    format!(
        "| {} | {} | {} | {} | {} |",
        line.name,
        line.callers,
        thousands(results.median(line, |sample| sample.per_second).unwrap_or(0.0)),
        shown(results.median(line, |sample| sample.p50_ms), 2),
        shown(results.median(line, |sample| sample.p99_ms), 2),
    )
}

/// A whole number with commas.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Puts a part into a document between its markers, `<!-- part -->` and `<!-- /part -->`.
pub fn write(document: &Path, part: &str, text: &str) {
    let old = std::fs::read_to_string(document).unwrap();
    let (begin, end) = (format!("<!-- {part} -->"), format!("<!-- /{part} -->"));
    let places = old.find(&begin).map(|at| at + begin.len()).zip(old.find(&end));
    let (from, to) = places.unwrap_or_else(|| panic!("{} has no {begin}", document.display()));
    let new = format!("{}\n{}\n{}", &old[..from], text.trim(), &old[to..]);
    std::fs::write(document, new).unwrap();
}
