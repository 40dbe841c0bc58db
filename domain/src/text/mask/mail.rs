//! Mail addresses: what stands around an `@`.

use super::letters::View;
use super::{Span, What};

/// The longest part before the `@` (RFC 5321), and behind it.
const LONGEST: (usize, usize) = (64, 255);

pub(super) fn find(view: &View, out: &mut Vec<Span>) {
    for (at, letter) in view.letters.iter().enumerate() {
        if letter.plain != '@' {
            continue;
        }
        let gap_before = usize::from(view.before(at).is_some_and(char::is_whitespace));
        let gap_after = usize::from(view.plain(at + 1).is_some_and(char::is_whitespace));
        let local = before(view, at - gap_before);
        let domain = after(view, at + 1 + gap_after);
        let dotted = (at..domain).any(|at| view.plain(at) == Some('.'));
        let spaced = gap_before + gap_after > 0;
        // "ai @ công ty" is no address, "ai@gmail" is.
        if local < at - gap_before
            && domain > at + 1 + gap_after
            && (dotted || !spaced)
            && let Some(bytes) = view.bytes(local..domain)
        {
            out.push((bytes, What::Mail));
        }
    }
}

/// Where the part before begins, reading back from `end`.
fn before(view: &View, end: usize) -> usize {
    let mut at = end;
    while at > 0 && end - at < LONGEST.0 {
        match view.before(at) {
            Some(c) if c.is_alphanumeric() || "._%+-'".contains(c) => at -= 1,
            _ => break,
        }
    }
    at
}

/// Behind the last letter of a domain that begins at `from`; `from` when none does.
fn after(view: &View, from: usize) -> usize {
    if !view.plain(from).is_some_and(char::is_alphabetic) {
        return from;
    }
    let mut end = from;
    for at in from..view.letters.len().min(from + LONGEST.1) {
        match view.plain(at) {
            Some(c) if c.is_alphanumeric() => end = at + 1,
            Some('.' | '-') => {}
            _ => break,
        }
    }
    end
}
