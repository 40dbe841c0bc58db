//! Passwords: what makes one good enough, hashing and checking.
//!
//! NIST SP 800-63B-4, section 3.1.1.2: at least 15 characters where a password alone signs in, at
//! least 64 allowed, no rules about kinds of characters, none that expire, and not one that anybody
//! would try first. Hashed with Argon2id with the parameters OWASP names (19 MiB, two passes).

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::AccountError;
use crate::random::Random;

/// The fewest characters.
pub const LEAST: usize = 15;
/// The most characters: more would only cost time.
pub const MOST: usize = 256;
/// Passwords hashed at the same time: each takes 19 MiB and a core for some twenty milliseconds.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Beginnings everybody would try, without digits and blanks; what begins like another comes first.
const COMMON: &[&str] = &[
    "password",
    "passphrase",
    "matkhau",
    "qwertyuiop",
    "asdfghjkl",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "administrator",
    "admin",
    "hoiam",
    "vietnam",
    "saigon",
    "hochiminh",
    "tphcm",
    "welcome",
    "letmein",
    "xinchao",
    "correcthorsebatterystaple",
];

/// Why a password is not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("a password needs at least {LEAST} characters; a sentence is easy to remember")]
    Short,
    /// Too long.
    #[error("a password has at most {MOST} characters")]
    Long,
    /// It is the name, a word everybody tries, or one character or sequence again and again.
    #[error("this password is one of the first anybody would try; choose another")]
    Common,
}

/// Checks a password that somebody chose.
///
/// # Errors
/// [`WeakPassword`] saying what to change.
pub fn check(password: &str, login: &str) -> Result<(), WeakPassword> {
    let characters: Vec<char> = password.chars().collect();
    if characters.len() < LEAST {
        return Err(WeakPassword::Short);
    }
    if characters.len() > MOST {
        return Err(WeakPassword::Long);
    }
    let letters: String =
        password.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let mut rest = letters.as_str();
    let name: String = login.chars().filter(|c| c.is_alphabetic()).collect();
    // What is left after taking off such words as often as they stand at the beginning.
    while let Some(shorter) = COMMON
        .iter()
        .copied()
        .chain([name.as_str()].into_iter().filter(|name| name.len() > 2))
        .find_map(|word| rest.strip_prefix(word))
    {
        rest = shorter;
    }
    let known = rest.len() < 4 && letters.len() > rest.len();
    if known || different(&characters) < 5 || is_sequence(&characters) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

fn different(characters: &[char]) -> usize {
    let mut known: Vec<char> = characters.to_vec();
    known.sort_unstable();
    known.dedup();
    known.len()
}

/// Whether each character but a few is the one after or before the last: `abcdefgh…`, `98765…`.
fn is_sequence(characters: &[char]) -> bool {
    let steps = characters.windows(2).filter(|pair| {
        let (a, b) = (u32::from(pair[0]), u32::from(pair[1]));
        a.abs_diff(b) <= 1
    });
    steps.count() * 5 >= characters.len() * 4
}

/// A first password, to be replaced at the first sign-in: 100 bits in groups of five letters.
pub fn first(random: &dyn Random) -> String {
    /// No letter that is read as another one.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = u128::from_be_bytes(random.draw());
    let mut password = String::with_capacity(24);
    for place in 0..20 {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        let letter = LETTERS.get((bits & 31) as usize).copied().unwrap_or(b'x');
        password.push(char::from(letter));
        bits >>= 5;
    }
    password
}

/// The hash to store.
///
/// # Errors
/// [`AccountError::Hash`] when it cannot be made.
pub async fn hash(password: &str, random: &dyn Random) -> Result<String, AccountError> {
    let (password, salt) = (password.to_owned(), random.draw());
    on_a_core(move || {
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| AccountError::Hash(error.to_string()))
    })
    .await?
}

/// Whether a password is the one of a stored hash. Without one it takes the same time and says no:
/// nobody learns from the time whether an account exists.
///
/// # Errors
/// [`AccountError::Hash`] when what is stored is no hash.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool, AccountError> {
    /// Of no password at all.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if password.len() > 4 * MOST {
        return Ok(false);
    }
    let (password, exists) = (password.to_owned(), stored.is_some());
    let stored = stored.unwrap_or(NOBODY).to_owned();
    on_a_core(move || {
        let hash =
            PasswordHash::new(&stored).map_err(|error| AccountError::Hash(error.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && exists)
    })
    .await?
}

async fn on_a_core<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AccountError> {
    let stopped = |error: &dyn std::fmt::Display| AccountError::Hash(error.to_string());
    let _slot = AT_ONCE.acquire().await.map_err(|error| stopped(&error))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| stopped(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn long_is_enough_and_common_is_not() {
        for (password, found) in [
            ("con mèo trèo cây cau", Ok(())),
            ("mười lăm ký tự!", Ok(())),
            ("kx7 q2 zv9 m4 p8", Ok(())),
            ("mười bốn ký tự", Err(WeakPassword::Short)),
            ("Tr0ub4dor&3", Err(WeakPassword::Short)),
            ("aaaaaaaaaaaaaaaaaaaa", Err(WeakPassword::Common)),
            ("abababababababababab", Err(WeakPassword::Common)),
            ("abcdefghijklmnopqrst", Err(WeakPassword::Common)),
            ("12345678901234567890", Err(WeakPassword::Common)),
            ("password password 1", Err(WeakPassword::Common)),
            ("Matkhau123456789012", Err(WeakPassword::Common)),
            ("nguyen.van.a 2026 2026", Err(WeakPassword::Common)),
        ] {
            assert_eq!(check(password, "nguyen.van.a"), found, "{password}");
        }
        assert_eq!(check(&"xê ".repeat(100), "a"), Err(WeakPassword::Long));
    }

    #[test]
    fn first_passwords_are_good_and_differ() {
        let random = SeededRandom::new(1);
        let (one, two) = (first(&random), first(&random));
        assert_ne!(one, two);
        assert_eq!((one.len(), check(&one, "x")), (23, Ok(())), "{one}");
    }

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let random = SeededRandom::new(1);
        let stored = hash("con mèo trèo cây cau", &random).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("con mèo trèo cây cau", Some(&stored)).await.unwrap());
        assert!(!verify("con mèo trèo cây cam", Some(&stored)).await.unwrap());
        assert!(!verify("", None).await.unwrap());
        assert!(verify("x", Some("none")).await.is_err());
        let again = hash("con mèo trèo cây cau", &random).await.unwrap();
        assert_ne!(stored, again, "each has a salt of its own");
    }
}
