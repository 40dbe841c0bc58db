//! Why a body does not fit, in a sentence that names the field and repeats nothing of it.

use axum::http::StatusCode;
use serde_json::error::Category;

use crate::http::problem::Problem;

/// Fields that hold a time.
const TIMES: [&str; 4] = ["occurred_at", "due", "new_due", "committed_date"];

/// The problem of an error at a path. In a body that is JSON as a whole it is the value.
pub(super) fn problem(path: &str, error: &serde_json::Error, is_json: bool) -> Problem {
    let path = if path == "." || path == "?" { "" } else { path };
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io if !is_json => syntax(path, error),
        _ => data(path, &error.to_string()),
    }
}

/// A body that is JSON, but not an object.
pub(super) fn no_object() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_value",
        "Nội dung phải là một đối tượng JSON.",
        "The body must be a JSON object.",
    )
    .field("body")
}

fn syntax(path: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let problem = Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_json",
        format!("JSON không hợp lệ ở dòng {line}, cột {column}: sai cú pháp, mã hóa hoặc ký tự."),
        format!(
            "The JSON is malformed at line {line}, column {column}: syntax, encoding or a control character."
        ),
    );
    problem.field(if path.is_empty() { "body".to_owned() } else { shown(path) })
}

fn data(path: &str, message: &str) -> Problem {
    let (code, field, vi, en) = if let Some(name) = quoted(message, "unknown field `") {
        let allowed = after_expected(message);
        (
            "unknown_field",
            below(path, &name),
            "Không có trường này; vui lòng bỏ hoặc sửa tên.".to_owned(),
            format!("There is no such field; {allowed}."),
        )
    } else if let Some(name) = quoted(message, "missing field `") {
        (
            "missing_field",
            below(path, &name),
            format!("Thiếu trường “{name}”."),
            format!("The field `{name}` is missing."),
        )
    } else if let Some(name) = quoted(message, "duplicate field `") {
        (
            "repeated_field",
            below(path, &name),
            format!("Trường “{name}” bị lặp lại."),
            format!("The field `{name}` is given twice."),
        )
    } else {
        let last = path.rsplit('.').next().unwrap_or_default();
        let expected = if TIMES.contains(&last) {
            "expected a time that exists, with its offset, e.g. 2026-03-02T08:00:00+07:00"
                .to_owned()
        } else {
            after_expected(message)
        };
        let field = if path.is_empty() { "body".to_owned() } else { shown(path) };
        (
            "invalid_value",
            field,
            "Giá trị không hợp lệ cho trường này.".to_owned(),
            format!("The value does not fit this field; {expected}."),
        )
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, vi, en).field(field)
}

/// The field below a path, which may have got as far as its name already.
fn below(path: &str, name: &str) -> String {
    match path.strip_suffix(name) {
        Some(before) if before.is_empty() || before.ends_with('.') => path.to_owned(),
        _ if path.is_empty() => name.to_owned(),
        _ => format!("{}.{name}", shown(path)),
    }
}

/// A name as it may be repeated: short and printable.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// The name after `opening`, up to the next backtick, as it may be repeated.
fn quoted(message: &str, opening: &str) -> Option<String> {
    let name = message.strip_prefix(opening)?.split('`').next()?;
    Some(shown(name))
}

/// What the field wants, which serde says last, after what it got.
fn after_expected(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "see /api/openapi.json".to_owned(),
    }
}
