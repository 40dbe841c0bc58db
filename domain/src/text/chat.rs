//! Chat spelling and abbreviations written out, where the meaning is safe.
//!
//! What has several meanings in the city's mail ("bt", "tb", "td", "cc", "cv", "p", "q") stays as
//! written unless the words beside it decide.

use super::tokens::{CIRCUMFLEX, HOOK, Token};

/// Words with one meaning, sorted. The right side must be stable under folding.
const SAFE: &[(&str, &str)] = &[
    ("bh", "bay gio"),
    ("biec", "biet"),
    ("bik", "biet"),
    ("bjk", "biet"),
    ("bv", "benh vien"),
    ("cg", "cung"),
    ("ctrinh", "cong trinh"),
    ("cty", "cong ty"),
    ("cx", "cung"),
    ("dc", "duoc"),
    ("ddg", "duong"),
    ("dg", "duong"),
    ("dk", "duoc"),
    ("dt", "dien thoai"),
    ("dth", "dien thoai"),
    ("dum", "gium"),
    ("giut", "giat"),
    ("h", "gio"),
    ("hk", "khong"),
    ("hok", "khong"),
    ("hum", "hom"),
    ("j", "gi"),
    ("ji", "gi"),
    ("k", "khong"),
    ("kh", "khong"),
    ("khg", "khong"),
    ("khok", "khong"),
    ("khum", "khong"),
    ("kng", "khong"),
    ("ko", "khong"),
    ("kp", "khong phai"),
    ("lm", "lam"),
    ("mng", "moi nguoi"),
    ("ngta", "nguoi ta"),
    ("nhg", "nhung"),
    ("nta", "nguoi ta"),
    ("ntn", "nhu the nao"),
    ("nx", "nua"),
    ("r", "roi"),
    ("rui", "roi"),
    ("s", "sao"),
    ("sdt", "so dien thoai"),
    ("thg", "thang"),
    ("trc", "truoc"),
    ("trog", "trong"),
    ("v", "vay"),
    ("vs", "voi"),
    ("z", "vay"),
];

/// Given names that make a preceding "ng" the family name Nguyễn rather than "người".
const NGUYEN: &[&str] = &[
    "dinh", "duy", "hue", "huu", "khac", "kiem", "oanh", "sieu", "tat", "trai", "tuyen", "van",
    "xi",
];

/// What `word` stands for, or `None` to keep it. `before` is the folded word before it, `after`
/// the bare word behind it, `marked_text` whether the text has diacritics anywhere.
pub(super) fn written_out(
    token: &Token,
    before: Option<&str>,
    after: Option<&str>,
    marked_text: bool,
) -> Option<&'static str> {
    let number_before = before.is_some_and(|w| w.ends_with(|c: char| c.is_ascii_digit()));
    match token.word.as_str() {
        // "hông" and "hổng" are a southern "không"; "hồng" and "hỏng" are not, and neither is
        // "bên hông chợ".
        "hong" if matches!(token.marks, CIRCUMFLEX | HOOK_CIRCUMFLEX) && before != Some("ben") => {
            Some("khong")
        }
        // "lun" for "luôn" in text that has marks; without marks it may be "lún".
        "lun" if token.marks == 0 && marked_text => Some("luon"),
        "kg" | "h" | "k" if number_before => None,
        "kg" => Some("khong"),
        "ng" if after.is_some_and(|w| NGUYEN.contains(&w)) => Some("nguyen"),
        "ng" => Some("nguoi"),
        "nc" => Some("nuoc"),
        "mn" if before == Some("truong") => Some("mam non"),
        "mn" => Some("moi nguoi"),
        "bt" if before == Some("khong") => Some("biet"),
        "tr" if before == Some("qua") => Some("troi"),
        word => {
            let at = SAFE.binary_search_by(|(from, _)| (*from).cmp(word)).ok()?;
            SAFE.get(at).map(|(_, to)| *to)
        }
    }
}

const HOOK_CIRCUMFLEX: u16 = HOOK | CIRCUMFLEX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_stable() {
        for (_, to) in SAFE {
            assert_eq!(crate::text::fold(to), *to);
        }
    }

    #[test]
    fn table_is_sorted() {
        assert!(SAFE.is_sorted_by(|a, b| a.0 < b.0));
    }
}
