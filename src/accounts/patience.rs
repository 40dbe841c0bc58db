//! Slows down whoever guesses without locking out the owner.
//!
//! The first five failures in a row cost nothing; then each doubles the wait, up to a quarter of an
//! hour. A browser somebody has signed in from counts by itself (OWASP calls it a device cookie),
//! so a guesser elsewhere slows down only those who sign in from a new browser. While one waits,
//! nothing is checked, so a right guess in that time is worth nothing.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::SignInError;
use super::store::{self, Failures};
use crate::log::Pool;

/// Failures that cost nothing.
const FREE: i64 = 5;
/// The longest wait, seconds.
const LONGEST: i64 = 900;
/// After so long without a failure they are forgotten, microseconds.
const FORGOTTEN: i64 = 24 * 3_600_000_000;

/// Whose failures are counted together: those at an account from one known browser, or from all
/// others.
pub(super) fn bucket(account: Uuid, device: Option<&[u8; 32]>) -> [u8; 32] {
    let hash = Sha256::new().chain_update(account.as_bytes());
    hash.chain_update(device.map_or(&[][..], |device| &device[..])).finalize().into()
}

/// How many seconds to wait before the next attempt is checked.
fn wait(failures: Failures, now: i64) -> i64 {
    let passed = now - failures.last_at;
    let over = failures.count - FREE;
    if over < 0 || passed > FORGOTTEN {
        return 0;
    }
    let wait = 1_i64.checked_shl(u32::try_from(over.min(30)).unwrap_or(30)).unwrap_or(LONGEST);
    let left = wait.min(LONGEST) * 1_000_000 - passed;
    // Whole seconds, upwards.
    (left + 999_999).div_euclid(1_000_000).max(0)
}

/// Counts an attempt as failed before it is checked, so that many at once count as many; it is
/// forgotten when it succeeds.
///
/// # Errors
/// [`SignInError::Wait`] when it comes too early.
pub(super) async fn attempt(pool: &Pool, bucket: &[u8; 32], now: i64) -> Result<(), SignInError> {
    let seconds = wait(store::failures(pool, bucket).await?, now);
    if seconds > 0 {
        return Err(SignInError::Wait { seconds });
    }
    store::put_failure(pool, bucket, now).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let after = |count, seconds: i64| wait(Failures { count, last_at: 0 }, seconds * 1_000_000);
        assert_eq!([0, 1, 4].map(|count| after(count, 0)), [0, 0, 0]);
        assert_eq!([5, 6, 7, 14, 15, 99].map(|count| after(count, 0)), [1, 2, 4, 512, 900, 900]);
        assert_eq!([after(7, 3), after(7, 4), after(99, 899), after(99, 900)], [1, 0, 1, 0]);
        assert_eq!(wait(Failures { count: 99, last_at: 0 }, FORGOTTEN + 1), 0);
    }

    #[test]
    fn browsers_count_by_themselves() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let all = [bucket(one, None), bucket(one, Some(&[7; 32])), bucket(other, None)];
        assert!(all[0] != all[1] && all[0] != all[2]);
    }
}
