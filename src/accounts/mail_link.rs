//! Signing in by mail: a link good for once and for a quarter of an hour.
//!
//! Whoever asks gets the same answer, and everything costs the same, whether the address is known or
//! not: a link is sent to any, and the account is made when it is used. The browser that asked is
//! known by a cookie. In another one the number is asked for that the first one shows, so a link
//! somebody else reads or forwards is worth nothing by itself.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::session::Secret;
use super::store::{self, MailLink};
use super::ways::Ways;
use super::{AccountError, contact};
use crate::log::{Log, Pool};
use crate::mail::{Letter, Mail};
use crate::random::Random;

/// How long a link is good for.
const GOOD: SignedDuration = SignedDuration::from_mins(15);
/// Links to one address within that time.
const SOON: i64 = 3;
/// And within a day.
const DAILY: i64 = 10;
/// A day, microseconds: links are remembered so long.
pub(super) const DAY: i64 = 24 * 3_600_000_000;
/// Wrong numbers a link bears.
const FAILURES: i64 = 5;

/// A link that was asked for.
#[derive(Clone)]
pub struct Asked {
    /// What the browser keeps.
    pub browser: Secret,
    /// What it shows, to be typed where the link is opened elsewhere: six digits.
    pub number: String,
}

/// Why a link does not count.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It was never sent, was used, or is too old.
    #[error("this link does not count any more")]
    Over,
    /// The number of the browser that asked is needed.
    #[error("the number of the browser that asked is needed")]
    NumberNeeded,
    /// Something else.
    #[error("{0}")]
    Account(#[from] AccountError),
}

impl From<sqlx::Error> for LinkError {
    fn from(error: sqlx::Error) -> Self {
        Self::Account(error.into())
    }
}

/// Sends a link to an address; none if it cannot be one. Who asks too often gets the same answer
/// and no mail.
///
/// # Errors
/// When the database does not answer.
pub async fn ask(
    log: &Log,
    random: &dyn Random,
    (ways, mail): (&Ways, &Mail),
    typed: &str,
    browser: Option<Secret>,
    now: Timestamp,
) -> Result<Option<Asked>, AccountError> {
    let Some(to) = contact::email(typed) else { return Ok(None) };
    let (pool, address) = (log.pool(), log.vault().identity("email", &to));
    let token = Secret::new(random);
    let browser = browser.unwrap_or_else(|| Secret::new(random));
    let number = format!("{:06}", u128::from_be_bytes(random.draw()) % 1_000_000);
    let at = now.as_microsecond();
    let sent = store::links_sent(pool, address, at - micros(GOOD), at - DAY).await?;
    if sent.0 < SOON && sent.1 < DAILY {
        let link = MailLink {
            address,
            browser: browser.hash(),
            number: number_hash(&token, &number),
            failures: 0,
            created_at: at,
        };
        store::put_link(pool, &token.hash(), &link).await?;
        let letter = letter(to, ways.public_url(), &token);
        let until = now.checked_add(GOOD).unwrap_or(now);
        mail.put(log, random, &letter, (now, until)).await?;
    }
    Ok(Some(Asked { browser, number }))
}

/// The keyed hash of the address a link was sent to. The link counts for this once.
///
/// # Errors
/// [`LinkError`]: nothing tells a link that was used from one that never was.
pub async fn take(
    pool: &Pool,
    token: &Secret,
    browser: Option<&Secret>,
    number: Option<&str>,
    now: Timestamp,
) -> Result<Uuid, LinkError> {
    let (hash, at) = (token.hash(), now.as_microsecond());
    let link = store::link(pool, &hash).await?.ok_or(LinkError::Over)?;
    if at - link.created_at > micros(GOOD) || link.failures >= FAILURES {
        return Err(LinkError::Over);
    }
    let known = browser.is_some_and(|browser| bool::from(browser.hash().ct_eq(&link.browser)));
    if !known {
        let typed: String =
            number.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        if typed.is_empty() {
            return Err(LinkError::NumberNeeded);
        }
        // Counted before it is compared, so that many at once count as many.
        if !store::count_failure(pool, &hash, FAILURES).await? {
            return Err(LinkError::Over);
        }
        if !bool::from(number_hash(token, &typed).ct_eq(&link.number)) {
            return Err(LinkError::NumberNeeded);
        }
    }
    if store::use_link(pool, &hash, at).await? { Ok(link.address) } else { Err(LinkError::Over) }
}

/// Worth nothing without the link itself.
fn number_hash(token: &Secret, number: &str) -> [u8; 32] {
    Sha256::new().chain_update(token.show()).chain_update(number).finalize().into()
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn letter(to: String, public_url: &str, token: &Secret) -> Letter {
    let link = format!("{public_url}/api/v1/citizen/session/email/{}", token.show());
    Letter {
        to,
        subject: "Liên kết đăng nhập Hồi Âm".to_owned(),
        text: format!(
            "Xin chào,\n\nMở liên kết này để đăng nhập và xem các phản ánh của bạn:\n\n{link}\n\n\
             Liên kết chỉ dùng được một lần, trong 15 phút. Nếu bạn không yêu cầu, hãy bỏ qua thư này;\n\
             không ai vào được tài khoản của bạn nếu không mở liên kết.\n\n\
             --\n\nHello,\n\nOpen the link above to sign in and see your feedback. It works once, within\n\
             15 minutes. If you did not ask for it, ignore this mail.\n"
        ),
    }
}
