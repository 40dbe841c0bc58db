//! To a provider and back.
//!
//! A browser gets a secret of its own before it leaves. State, nonce and code verifier follow from
//! that secret and a random state, so whoever comes back without it began nothing here, a state is
//! good for one browser and once, and the database holds nothing worth stealing.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::OpenIdError;
use super::claims::Vouched;
use super::provider::{Provider, Way};
use crate::accounts::session::Secret;
use crate::accounts::store;
use crate::log::Pool;
use crate::random::Random;
use crate::tracking::hex;

/// How long one may be away, microseconds.
pub const AWAY: i64 = 600_000_000;
/// The longest address of a page to go to afterwards.
const DESTINATION: usize = 300;
/// The longest authorization code that is looked at.
const CODE: usize = 4_096;

/// A browser on its way.
#[derive(Debug)]
pub struct Started {
    /// Where to send it.
    pub address: String,
    /// What it keeps.
    pub browser: Secret,
}

/// What it came back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// Which of the ways it began.
    pub state: Option<&'a str>,
    /// The code, if the provider gave one.
    pub code: Option<&'a str>,
    /// The error, if it did not.
    pub error: Option<&'a str>,
    /// Who says so (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// A page of ours to go to afterwards: a path of letters, digits and `/-_.`, or the first page.
pub fn destination(asked: Option<&str>) -> Option<&str> {
    let Some(path) = asked else { return Some("/") };
    let fits = path.len() <= DESTINATION
        && path.starts_with('/')
        && !path.contains("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    fits.then_some(path)
}

/// Sends a browser to a provider. One that is on its way already keeps its secret, so several of
/// its windows may be.
///
/// # Errors
/// [`OpenIdError::Unavailable`] when the provider does not answer.
pub async fn start(
    pool: &Pool,
    random: &dyn Random,
    provider: &Provider,
    browser: Option<Secret>,
    destination: &str,
    now: Timestamp,
) -> Result<Started, OpenIdError> {
    let browser = browser.unwrap_or_else(|| Secret::new(random));
    let state = Secret::new(random);
    let address = provider.address(&way(&browser, state.show())).await?;
    let name = &provider.config().name;
    let attempt = store::Attempt { state: state.hash(), browser: browser.hash(), provider: name };
    store::put_attempt(pool, &attempt, destination, now.as_microsecond()).await?;
    Ok(Started { address, browser })
}

/// Whom the provider vouches for, and the page to go to.
///
/// # Errors
/// [`OpenIdError`]; whatever it is, the same answer never counts again.
pub async fn finish(
    pool: &Pool,
    provider: &Provider,
    browser: Option<&Secret>,
    answer: Answer<'_>,
    now: Timestamp,
) -> Result<(Vouched, String), OpenIdError> {
    let config = provider.config();
    let browser = browser.ok_or(OpenIdError::State)?;
    let state = answer.state.and_then(Secret::read).ok_or(OpenIdError::State)?;
    let attempt =
        store::Attempt { state: state.hash(), browser: browser.hash(), provider: &config.name };
    let begun = store::take_attempt(pool, &attempt).await?.ok_or(OpenIdError::State)?;
    if now.as_microsecond() - begun.created_at > AWAY {
        return Err(OpenIdError::State);
    }
    if answer.issuer.is_some_and(|issuer| issuer != config.issuer) {
        return Err(OpenIdError::Untrusted("another issuer answers".to_owned()));
    }
    if let Some(error) = answer.error {
        // A word of the protocol, or nothing is repeated of it.
        let known = error.len() <= 64 && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        return Err(OpenIdError::Denied(if known { error } else { "unknown" }.to_owned()));
    }
    let code = answer.code.filter(|code| !code.is_empty() && code.len() <= CODE);
    let code = code.ok_or(OpenIdError::State)?;
    let claims = provider.claims(code, &way(browser, state.show())).await?;
    Ok((Vouched::read(config, &claims)?, begun.destination))
}

fn way(browser: &Secret, state: &str) -> Way {
    let derived = |label: &str| {
        let hash = Sha256::new().chain_update(label).chain_update(browser.show());
        hex(&hash.chain_update(state).finalize())
    };
    Way {
        state: state.to_owned(),
        nonce: derived("hoiam openid nonce "),
        verifier: derived("hoiam openid code verifier "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for (asked, to) in [
            (None, Some("/")),
            (Some("/desk/cases"), Some("/desk/cases")),
            (Some("//evil.example"), None),
            (Some("https://evil.example"), None),
            (Some("/\\evil.example"), None),
            (Some("/a?b=//evil"), None),
            (Some("/%2f/evil"), None),
            (Some(""), None),
            (Some("/a\r\nSet-Cookie:x"), None),
        ] {
            assert_eq!(destination(asked), to, "{asked:?}");
        }
    }

    #[test]
    fn what_a_way_is_tied_to_follows_from_the_browser() {
        let random = SeededRandom::new(1);
        let (one, other, state) =
            (Secret::new(&random), Secret::new(&random), Secret::new(&random));
        let (a, b) = (way(&one, state.show()), way(&other, state.show()));
        assert!(a.nonce != b.nonce && a.verifier != b.verifier && a.nonce != a.verifier);
        assert_eq!(a.verifier.len(), 64, "43 to 128 characters (RFC 7636)");
    }
}
