//! Where a page ended, as an opaque text for the caller. It belongs to one question: with other
//! filters or another order it is refused, for it would skip or repeat cases.

use axum::http::StatusCode;
use hoiam_domain::case::CaseNumber;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::queries::{After, Key, Order, SortKey};
use crate::tracking::hex;

/// Parameters a question may change from page to page.
const FREE: [&str; 2] = ["cursor", "limit"];

/// How a cursor says that a case has no deadline.
const ABSENT: &str = "none";

/// What the question is, short.
pub(super) fn fingerprint(params: &Params, order: Order) -> String {
    let mut hash = Sha256::new().chain_update(order.name().as_bytes());
    for (name, value) in params.all().filter(|(name, _)| !FREE.contains(name) && *name != "sort") {
        hash.update([0]);
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
    }
    hex(&hash.finalize()[..4])
}

/// The cursor of a page's end.
pub(super) fn write(after: &After, fingerprint: &str) -> String {
    let key = match &after.key {
        Key::Int(number) => number.to_string(),
        Key::Text(text) => text.clone(),
        Key::Absent => ABSENT.to_owned(),
    };
    hex(format!("{fingerprint}~{}~{key}", after.id.simple()).as_bytes())
}

/// A page's end out of a cursor.
pub(super) fn read(cursor: &str, order: Order, fingerprint: &str) -> Result<After, Problem> {
    let wrong = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid_cursor",
            "Con trỏ trang không hợp lệ hoặc thuộc danh sách khác; hãy tải lại từ đầu.",
            "The cursor is malformed or belongs to another list; start again without it.",
        )
        .field("cursor")
    };
    parse(cursor, order, fingerprint).ok_or_else(wrong)
}

fn parse(cursor: &str, order: Order, fingerprint: &str) -> Option<After> {
    if cursor.len() > 400 {
        return None;
    }
    let text = String::from_utf8(unhex(cursor)?).ok()?;
    let (question, rest) = text.split_once('~')?;
    let (id, key) = rest.split_once('~')?;
    if question != fingerprint {
        return None;
    }
    let key = match order.key {
        SortKey::Number => Key::Text(key.parse::<CaseNumber>().ok()?.to_string()),
        SortKey::Due if key == ABSENT => Key::Absent,
        SortKey::Received | SortKey::Due | SortKey::Updated => Key::Int(key.parse().ok()?),
    };
    Some(After { key, id: Uuid::try_parse(id).ok()? })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}
