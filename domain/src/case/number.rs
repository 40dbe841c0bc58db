//! Case numbers a person can say on the telephone: `HCM-26-000123-4`.
//!
//! Prefix of the city, two digits of the year, a serial without gaps, and a check character
//! (ISO 7064 MOD 37,36 over everything before it), which catches every single wrong character and
//! every swap of neighbours. Reading is forgiving: case, spaces, missing hyphens, the letters O
//! and I for 0 and 1 inside the digits (the check character stands as it is).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The characters of ISO 7064 MOD 37,36 in the order of their values.
const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Digits a serial is padded to.
const SERIAL_DIGITS: usize = 6;

/// The number of a case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseNumber {
    prefix: String,
    year: u8,
    serial: u64,
}

/// Why a text is not a case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not of the shape PREFIX-YY-SERIAL-CHECK.
    #[error("a case number looks like HCM-26-000123-4")]
    Shape,
    /// The check character does not fit: a character is wrong or two are swapped.
    #[error("the check character does not fit: a character is wrong or two are swapped")]
    Check,
    /// Prefixes are 2 to 6 letters A–Z; serials start at 1.
    #[error("prefixes are 2 to 6 letters A-Z, serials start at 1")]
    Range,
}

impl CaseNumber {
    /// The number with this prefix, calendar year and serial.
    ///
    /// # Errors
    /// [`NumberError::Range`] when the prefix or serial is out of range.
    pub fn new(prefix: &str, year: i16, serial: u64) -> Result<Self, NumberError> {
        let letters = prefix.bytes().all(|b| b.is_ascii_uppercase());
        if !letters || !(2..=6).contains(&prefix.len()) || serial == 0 || serial > 999_999_999_999 {
            return Err(NumberError::Range);
        }
        let year = u8::try_from(year.rem_euclid(100)).map_err(|_| NumberError::Range)?;
        Ok(Self { prefix: prefix.to_owned(), year, serial })
    }

    /// The letters it begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The last two digits of its year.
    pub fn year(&self) -> u8 {
        self.year
    }

    /// The serial inside its year.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    fn body(&self) -> String {
        format!("{}{:02}{:0width$}", self.prefix, self.year, self.serial, width = SERIAL_DIGITS)
    }
}

fn value(character: u8) -> Option<u32> {
    ALPHABET.iter().position(|c| *c == character).and_then(|at| u32::try_from(at).ok())
}

/// ISO 7064 MOD 37,36.
fn check_character(body: &str) -> char {
    let mut product = 36;
    for byte in body.bytes() {
        let sum = (product + value(byte).unwrap_or(0)) % 36;
        product = (if sum == 0 { 36 } else { sum }) * 2 % 37;
    }
    char::from(ALPHABET[((37 - product) % 36) as usize])
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let check = check_character(&self.body());
        write!(
            f,
            "{}-{:02}-{:0width$}-{check}",
            self.prefix,
            self.year,
            self.serial,
            width = SERIAL_DIGITS
        )
    }
}

impl FromStr for CaseNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if text.len() > 64 {
            return Err(NumberError::Shape);
        }
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—' | '.' | '/' | '_' | '#'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if !plain.is_ascii() {
            return Err(NumberError::Shape);
        }
        let mut prefix_end = plain.bytes().take_while(u8::is_ascii_alphabetic).count();
        // An O or I said for a digit of the year would join the prefix; the digits must be at
        // least year and serial long, so give letters back until they are.
        while prefix_end > 2 && plain.len() - prefix_end < 2 + SERIAL_DIGITS + 1 {
            prefix_end -= 1;
        }
        let (prefix, rest) = plain.split_at(prefix_end);
        if rest.len() < 2 + SERIAL_DIGITS + 1 {
            return Err(NumberError::Shape);
        }
        let (digits, check) = rest.split_at(rest.len() - 1);
        let digits: String = digits
            .chars()
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let year = digits[..2].parse::<i16>().map_err(|_| NumberError::Shape)?;
        let serial = digits[2..].parse::<u64>().map_err(|_| NumberError::Shape)?;
        let number = Self::new(prefix, year, serial).map_err(|_| NumberError::Shape)?;
        let right = check_character(&number.body());
        // Here O is not 0 and I is not 1: both are check characters, and taking one for the other
        // would let a wrong digit pass.
        if check.starts_with(right) { Ok(number) } else { Err(NumberError::Check) }
    }
}

impl Serialize for CaseNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_type() {
        let number = CaseNumber::new("HCM", 2026, 123).unwrap();
        let shown = number.to_string();
        assert!(shown.starts_with("HCM-26-000123-"), "{shown}");
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            format!("  #{shown} "),
            shown.replace("000", "OOO"),
        ] {
            assert_eq!(typed.parse(), Ok(number.clone()), "{typed}");
        }
        for wrong in ["", "HCM", "HCM-26-000123", "26-000123-4", "HCM-26-ABCDEF-4", "đ"] {
            assert!(wrong.parse::<CaseNumber>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_check_character_is_read_as_it_stands() {
        // 810746 has the check character L, 010746 has 1: the first digit is wrong.
        let shown = CaseNumber::new("HCM", 2026, 810_746).unwrap().to_string();
        assert_eq!(shown, "HCM-26-810746-L");
        assert_eq!("HCM-26-010746-L".parse::<CaseNumber>(), Err(NumberError::Check));
        assert!("HCM-26-010746-1".parse::<CaseNumber>().is_ok());
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(serial in 1u64..999_999, at in 0usize..6, by in 1u8..10) {
            let shown = CaseNumber::new("HCM", 2026, serial).unwrap().to_string();
            let mut bytes = shown.clone().into_bytes();
            let slot = &mut bytes[7 + at];
            *slot = b'0' + (*slot - b'0' + by) % 10;
            let altered = String::from_utf8(bytes).unwrap();
            prop_assert!(altered.parse::<CaseNumber>().is_err());
            prop_assert_eq!(shown.parse::<CaseNumber>().unwrap().serial(), serial);
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,80}") {
            let _ = text.parse::<CaseNumber>();
        }
    }
}
