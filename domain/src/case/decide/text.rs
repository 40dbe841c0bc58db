//! Checks of free text and references from outside.

use super::super::rejection::Rejection;
use crate::private::Private;

/// Longest feedback, in characters.
pub(super) const FEEDBACK_LIMIT: usize = 20_000;
/// Longest other text, in characters.
pub(super) const TEXT_LIMIT: usize = 10_000;
/// Longest name, code or reference, in characters.
pub(super) const SHORT_LIMIT: usize = 300;
/// Most references in one list.
const LIST_LIMIT: usize = 20;

/// A text that must be there.
pub(super) fn required(
    field: &'static str,
    text: &Private<String>,
    limit: usize,
) -> Result<(), Rejection> {
    plain_required(field, text.reveal(), limit)
}

/// A text that may be missing but not malformed.
pub(super) fn optional<S>(
    field: &'static str,
    text: Option<&Private<String, S>>,
    limit: usize,
) -> Result<(), Rejection> {
    text.map_or(Ok(()), |text| within(field, text.reveal(), limit))
}

pub(super) fn plain_required(
    field: &'static str,
    text: &str,
    limit: usize,
) -> Result<(), Rejection> {
    if text.chars().all(|c| c.is_whitespace() || invisible(c)) {
        return Err(Rejection::TextMissing { field });
    }
    within(field, text, limit)
}

pub(super) fn within(field: &'static str, text: &str, limit: usize) -> Result<(), Rejection> {
    if text.len() > limit && text.chars().count() > limit {
        return Err(Rejection::TextTooLong { field, limit });
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Rejection::TextControl { field });
    }
    Ok(())
}

/// Characters that show nothing: a text of these alone says nothing.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// References of attachments.
pub(super) fn references(field: &'static str, list: &[String]) -> Result<(), Rejection> {
    if list.len() > LIST_LIMIT {
        return Err(Rejection::TooMany { field, limit: LIST_LIMIT });
    }
    list.iter().try_for_each(|reference| plain_required(field, reference, SHORT_LIMIT))
}
