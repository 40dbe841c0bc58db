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

use super::mail_link::DAY;
use super::openid::flow::AWAY;
use super::store::{self, Person, Whose};
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
    /// Give a one-time code: the provider that vouched asked for a password only.
    GiveCode,
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

/// Begins a session of staff; what the browser gets.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(
    pool: &Pool,
    random: &dyn Random,
    account: Uuid,
    now: Timestamp,
) -> Result<Secret, AccountError> {
    begin_for(pool, random, Whose::Staff, account, (None, false), now).await
}

/// Begins a session of staff whom a provider vouched for; `code_pending` while a code of ours is
/// needed as well.
///
/// # Errors
/// When the database does not answer.
pub async fn begin_vouched(
    pool: &Pool,
    random: &dyn Random,
    account: Uuid,
    (provider, code_pending): (&str, bool),
    now: Timestamp,
) -> Result<Secret, AccountError> {
    let by = (Some(provider), code_pending);
    begin_for(pool, random, Whose::Staff, account, by, now).await
}

pub(super) async fn begin_for(
    pool: &Pool,
    random: &dyn Random,
    whose: Whose,
    account: Uuid,
    (provider, code_pending): (Option<&str>, bool),
    now: Timestamp,
) -> Result<Secret, AccountError> {
    let (secret, now) = (Secret::new(random), now.as_microsecond());
    let session = store::Session {
        hash: secret.hash(),
        account,
        provider: provider.map(str::to_owned),
        code_pending,
        created_at: now,
        rotated_at: now,
        seen_at: now,
    };
    store::begin(pool, whose, &session).await?;
    Ok(secret)
}

/// A session that goes on.
pub(super) struct Live {
    pub(super) session: store::Session,
    pub(super) replaced_by: Option<Secret>,
    pub(super) ends_at: Timestamp,
}

/// The session a secret stands for, if it is not over; its id is replaced when that is due.
pub(super) async fn live(
    pool: &Pool,
    random: &dyn Random,
    whose: Whose,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Live>, AccountError> {
    let (hash, now) = (secret.hash(), now.as_microsecond());
    let found = store::session(pool, whose, &hash, now - GRACE).await?;
    let Some(session) = found else { return Ok(None) };
    if now - session.seen_at > IDLE || now - session.created_at > WHOLE {
        store::end(pool, &session.hash).await?;
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
    Ok(Some(Live { session, replaced_by, ends_at }))
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
    let found = live(pool, random, Whose::Staff, secret, now).await?;
    let Some(Live { session, replaced_by, ends_at }) = found else { return Ok(None) };
    let Some(person) = store::person(pool, session.account).await? else { return Ok(None) };
    if person.disabled {
        return Ok(None);
    }
    let must = match (&session.provider, session.code_pending) {
        (None, _) => must(pool, &person).await?,
        // The password here does not matter to whom somebody else vouches for.
        (Some(_), true) => Some(code_must(pool, person.id).await?),
        (Some(_), false) => None,
    };
    Ok(Some(SignedIn { person, must, replaced_by, ends_at }))
}

/// Whether an account has one-time codes.
pub(super) async fn has_code(pool: &Pool, account: Uuid) -> Result<bool, AccountError> {
    let known = store::credentials(pool, account).await?;
    Ok(known.is_some_and(|known| known.code_secret.is_some()))
}

/// What is missing of a session that needs a code.
pub(super) async fn code_must(pool: &Pool, account: Uuid) -> Result<Must, AccountError> {
    Ok(if has_code(pool, account).await? { Must::GiveCode } else { Must::SetUpCode })
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

/// Gives a session a new id now: what it stands for changed, and no code is missing any more.
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
    store::code_given(pool, &secret.hash()).await?;
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
    let now = now.as_microsecond();
    store::tidy_attempts(pool, now - AWAY).await?;
    store::tidy_links(pool, now - DAY).await?;
    Ok(store::tidy(pool, now - 2 * WHOLE).await?)
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
