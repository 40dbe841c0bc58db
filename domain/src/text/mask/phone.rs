//! What digits a Vietnamese telephone number has.

/// The most digits a number has, `0084` and an area code included.
pub(super) const LONGEST: usize = 14;

/// Whether these digits are a whole telephone number: mobile (10 digits, `03`, `05`, `07`, `08`,
/// `09`), mobile before 2018 (11 digits, `01`), fixed line (11 digits, `02`), or one of these with
/// `84`, `840` or `0084` for the first zero.
pub(super) fn is_phone(digits: &str) -> bool {
    if national(digits) {
        return true;
    }
    let rest = digits.strip_prefix("0084").or_else(|| digits.strip_prefix("84"));
    rest.is_some_and(|rest| {
        let rest = rest.strip_prefix('0').unwrap_or(rest);
        // As written from abroad, without the zero.
        national_without_zero(rest)
    })
}

fn national(digits: &str) -> bool {
    digits.strip_prefix('0').is_some_and(national_without_zero)
}

fn national_without_zero(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    match (bytes.len(), bytes.first(), bytes.get(1)) {
        // 030 and 031 begin the tax numbers of the city's companies.
        (9, Some(b'3'), Some(second)) => !matches!(second, b'0' | b'1'),
        (9, Some(b'5' | b'7' | b'8' | b'9'), _) | (10, Some(b'2'), _) => true,
        (10, Some(b'1'), Some(b'2' | b'6' | b'8' | b'9')) => true,
        _ => false,
    }
}
