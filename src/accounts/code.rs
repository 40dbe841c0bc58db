//! One-time codes by time (RFC 6238): SHA-1, six digits, 30 seconds, one step either way, as every
//! authenticator app understands.

use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use crate::random::Random;

/// A new secret of 160 bits, base32.
pub fn secret(random: &dyn Random) -> String {
    let bytes: Vec<u8> = random.draw().into_iter().chain(random.draw()).take(20).collect();
    Secret::new(bytes.into_boxed_slice()).to_base32()
}

/// The URL an authenticator app reads, usually out of a picture.
pub fn url(secret: &str, login: &str) -> String {
    // The sign-in name has only letters a URL may hold, but for the @.
    let login = login.replace('@', "%40");
    format!("otpauth://totp/Hoi%20Am:{login}?secret={secret}&issuer=Hoi%20Am")
}

/// The time step whose code this is, if it is one of now and later than `last`: each code is good
/// for once.
pub fn check(secret: &str, code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now.as_second()).ok()?;
    let step = totp(secret)?.check(&digits, seconds)?;
    i64::try_from(step).ok().filter(|step| *step > last)
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// The code of a moment, for tests and for setting up on the command line.
pub fn at(secret: &str, now: Timestamp) -> Option<String> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    Some(totp(secret)?.generate(seconds).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    /// RFC 6238, appendix B: the secret is "12345678901234567890"; six of its eight digits.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_second(seconds).unwrap();
            assert_eq!(at(RFC, now).as_deref(), Some(code));
            assert_eq!(check(RFC, code, now, 0), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_once_and_for_a_moment() {
        let now: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let code = at(RFC, now).unwrap();
        let step = check(RFC, &code, now, 0).unwrap();
        assert_eq!(check(RFC, &code, now, step), None, "used");
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(check(RFC, &spaced, now + SignedDuration::from_secs(30), 0), Some(step));
        assert_eq!(check(RFC, &code, now + SignedDuration::from_secs(90), 0), None);
        for wrong in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"] {
            assert_eq!(check(RFC, wrong, now, 0), None, "{wrong}");
        }
    }
}
