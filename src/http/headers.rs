//! Headers with a meaning: the version expected, the key that makes repeating safe, and who may
//! keep an answer.

use axum::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};

use super::problem::Problem;

/// The key that makes repeating a request safe.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer is the first one again.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The version the caller expects: a number in quotes, as `ETag` gave it.
pub(super) fn expected_version(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = single(headers, &IF_MATCH)? else { return Ok(None) };
    if value == "*" {
        return Ok(None);
    }
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let digits = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
    match inner.parse() {
        Ok(version) if digits => Ok(Some(version)),
        _ => Err(malformed(
            "If-Match",
            "If-Match phải là phiên bản trong ngoặc kép, ví dụ \"7\".",
            "If-Match must be a version in quotes, e.g. \"7\".",
        )),
    }
}

/// The idempotency key: 1 to 200 visible ASCII characters.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let wrong = || {
        malformed(
            "Idempotency-Key",
            "Idempotency-Key gồm 1 đến 200 ký tự ASCII nhìn thấy được.",
            "Idempotency-Key must be 1 to 200 visible ASCII characters.",
        )
    };
    let Some(key) = single(headers, &IDEMPOTENCY_KEY).map_err(|_| wrong())? else {
        return Ok(None);
    };
    let fits = (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(Some(key.to_owned())) } else { Err(wrong()) }
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match value.to_str() {
        Ok(text) if values.next().is_none() => Ok(Some(text.trim())),
        _ => Err(malformed(
            name.as_str(),
            "Tiêu đề không hợp lệ hoặc lặp lại.",
            "The header is malformed or repeated.",
        )),
    }
}

fn malformed(header: &str, vi: &str, en: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_header", vi, en).field(header)
}

/// The tag of a version.
pub(super) fn etag(tag: impl std::fmt::Display) -> [(HeaderName, HeaderValue); 1] {
    // Versions and hashes are visible ASCII.
    let value = HeaderValue::from_str(&format!("\"{tag}\""));
    [(ETAG, value.unwrap_or(HeaderValue::from_static("\"\"")))]
}

/// Whether the caller has this version already.
pub(super) fn is_known(headers: &HeaderMap, tag: impl std::fmt::Display) -> bool {
    let tag = format!("\"{tag}\"");
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == "*" || one == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn versions_are_read_strictly() {
        assert_eq!(expected_version(&HeaderMap::new()).ok(), Some(None));
        assert_eq!(expected_version(&headers("if-match", "\"7\"")).ok(), Some(Some(7)));
        assert_eq!(expected_version(&headers("if-match", "*")).ok(), Some(None));
        for wrong in ["", "\"\"", "W/\"7\"", "\"seven\"", "\"1\", \"2\"", "+7", "-1"] {
            assert!(expected_version(&headers("if-match", wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_are_visible_and_bounded() {
        assert!(idempotency_key(&headers("idempotency-key", "a b")).is_err());
        assert!(idempotency_key(&headers("idempotency-key", "")).is_err());
        let key = idempotency_key(&headers("idempotency-key", "5f0c:1")).ok().flatten();
        assert_eq!(key.as_deref(), Some("5f0c:1"));
    }

    #[test]
    fn known_versions_are_recognised_in_a_list() {
        assert!(is_known(&headers("if-none-match", "\"6\", W/\"7\""), 7));
        assert!(!is_known(&headers("if-none-match", "\"77\""), 7));
    }
}
