//! Sessions: server-side, found by the hash of a random id that only the browser has.
//!
//! A session ends after an hour without a request and after twelve hours in any case (NIST SP
//! 800-63B-4 section 2.2.3 allows up to one hour and 24 hours for this level). Its id is replaced
//! when it is a quarter of an hour old and whenever what it stands for changes; the id before is
//! good for a minute more, for requests under way. Disabling an account, another role or a reset
//! ends them at once, for an account is looked up with each request.

use std::sync::Arc;

use hoiam_domain::actor::Actor;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use uuid::Uuid;

use super::store::{self, Person};
use super::{AccountError, actor_id};
use crate::clock::Clock;
use crate::log::{Log, Pool};
use crate::random::Random;
use crate::tracking::hex;

const SECOND: i64 = 1_000_000;
/// Without a request, microseconds.
const IDLE: i64 = 3_600 * SECOND;
/// In any case, microseconds.
const WHOLE: i64 = 12 * 3_600 * SECOND;
/// The age at which an id is replaced, microseconds.
const ROTATED: i64 = 900 * SECOND;
/// How long an id is good for after it was replaced, microseconds.
const GRACE: i64 = 60 * SECOND;
/// How exactly it is known when somebody was last seen, microseconds: fewer writes.
const SEEN: i64 = 60 * SECOND;

/// What a browser holds: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(super) fn new(random: &dyn Random) -> Self {
        Self(format!("{}{}", hex(&random.draw()), hex(&random.draw())))
    }

    /// One a browser sent; none if it cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        let fits = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Self(text.to_owned()))
    }

    /// As the browser gets it, once.
    pub fn show(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// What somebody must do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// Replace a first password by one of their own.
    ChangePassword,
    /// Set up one-time codes.
    SetUpCode,
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// What they must do first.
    pub must: Option<Must>,
    /// A new id to send, in place of the one that came.
    pub replaced_by: Option<Secret>,
    /// When it ends in any case.
    pub ends_at: Timestamp,
}

impl SignedIn {
    /// The actor of what they do.
    pub fn actor(&self) -> Actor {
        self.person.position.actor(actor_id(self.person.id))
    }
}

/// Begins a session; what the browser gets.
/// # Errors
/// When the database does not answer.
pub async fn begin(
    pool: &Pool,
    random: &dyn Random,
    account: Uuid,
    now: Timestamp,
) -> Result<Secret, AccountError> {
    let (secret, now) = (Secret::new(random), now.as_microsecond());
    let session = store::Session {
        hash: secret.hash(),
        account,
        created_at: now,
        rotated_at: now,
        seen_at: now,
    };
    store::begin(pool, &session).await?;
    Ok(secret)
}

/// Who a session stands for; nobody when it is unknown, over, or its account disabled.
///
/// # Errors
/// When the database does not answer.
pub async fn find(
    pool: &Pool,
    random: &dyn Random,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<SignedIn>, AccountError> {
    let (hash, now) = (secret.hash(), now.as_microsecond());
    let Some(session) = store::session(pool, &hash, now - GRACE).await? else { return Ok(None) };
    if now - session.seen_at > IDLE || now - session.created_at > WHOLE {
        store::end(pool, &session.hash).await?;
        return Ok(None);
    }
    let Some(person) = store::person(pool, session.account).await? else { return Ok(None) };
    if person.disabled {
        return Ok(None);
    }
    let mut replaced_by = None;
    if now - session.rotated_at > ROTATED && session.hash == hash {
        let new = Secret::new(random);
        if store::rotate(pool, &hash, &new.hash(), now).await? {
            replaced_by = Some(new);
        }
    } else if now - session.seen_at > SEEN {
        store::seen(pool, &session.hash, now).await?;
    }
    let ends_at = Timestamp::from_microsecond(session.created_at + WHOLE);
    let ends_at = ends_at.unwrap_or(Timestamp::UNIX_EPOCH);
    let must = must(pool, &person).await?;
    Ok(Some(SignedIn { person, must, replaced_by, ends_at }))
}

/// What somebody must do before anything else.
/// # Errors
/// When the database does not answer.
pub async fn must(pool: &Pool, person: &Person) -> Result<Option<Must>, AccountError> {
    let known = store::credentials(pool, person.id).await?;
    Ok(known.and_then(|known| {
        if known.must_change {
            Some(Must::ChangePassword)
        } else if person.position.role.needs_code() && known.code_secret.is_none() {
            Some(Must::SetUpCode)
        } else {
            None
        }
    }))
}

/// Gives a session a new id now: what it stands for changed.
///
/// # Errors
/// When the database does not answer.
pub async fn rotate(
    pool: &Pool,
    random: &dyn Random,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Secret>, AccountError> {
    let new = Secret::new(random);
    let now = now.as_microsecond();
    Ok(store::rotate(pool, &secret.hash(), &new.hash(), now).await?.then_some(new))
}

/// Signs out.
///
/// # Errors
/// When the database does not answer.
pub async fn end(pool: &Pool, secret: &Secret) -> Result<(), AccountError> {
    Ok(store::end(pool, &secret.hash()).await?)
}

/// Signs somebody out everywhere; of how many sessions. Their browsers are strange again.
///
/// # Errors
/// When the database does not answer.
pub async fn end_all(pool: &Pool, account: Uuid) -> Result<u64, AccountError> {
    Ok(store::end_all(pool, account, true).await?)
}

/// Removes sessions that are over and failures nobody counts any more.
///
/// # Errors
/// When the database does not answer.
pub async fn tidy(pool: &Pool, now: Timestamp) -> Result<(), AccountError> {
    Ok(store::tidy(pool, now.as_microsecond() - 2 * WHOLE).await?)
}

/// Tidies every ten minutes until told to stop.
pub async fn keep_tidy(log: Log, clock: Arc<dyn Clock>, mut stop: watch::Receiver<bool>) {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(600);
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            // An error means that nobody can tell any more.
            _ = stop.wait_for(|stop| *stop) => return,
            _ = every.tick() => {}
        }
        if let Err(error) = tidy(log.pool(), clock.now()).await {
            tracing::warn!(%error, "old sessions were not removed");
        }
    }
}
