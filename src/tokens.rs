//! Bearer tokens: what programs call with, each bound to an actor. Only
//! the SHA-256 of a token is stored; a token is shown once, when it is made.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::log::Pool;
use crate::on_pool;
use crate::random::Random;
use crate::tracking::hex;

/// What every token begins with, so that a leaked one is recognised.
const PREFIX: &str = "hoiam_";

/// A token just made.
#[derive(Debug)]
pub struct NewToken {
    /// The secret, shown once.
    pub token: String,
    /// Whom it stands for.
    pub actor: Actor,
}

/// How often a key may ask: requests a minute, 1 to 6000, as many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PerMinute(u32);

impl PerMinute {
    /// The most: what every key may without a rate of its own.
    pub const MOST: u32 = 6_000;

    /// None when it is not within the bounds.
    pub fn new(requests: u32) -> Option<Self> {
        (1..=Self::MOST).contains(&requests).then_some(Self(requests))
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// `60` or `60/minute`.
impl std::str::FromStr for PerMinute {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().strip_suffix("/minute").unwrap_or(text).trim();
        let rate = number.parse().ok().and_then(Self::new);
        rate.ok_or_else(|| format!("a number of requests from 1 to {}, e.g. 60/minute", Self::MOST))
    }
}

/// Why a token was not made or not read.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// An agency's role without an agency.
    #[error("the role `{0}` works for an agency: add --agency")]
    AgencyMissing(Role),
    /// An agency with a role that has none.
    #[error("the role `{0}` belongs to no agency: leave --agency out")]
    AgencyGiven(Role),
    /// Roles nobody outside may carry.
    #[error("no token can be made for the role `{0}`")]
    NotForTokens(Role),
    /// The database did not answer.
    #[error("the database is not available: {0}")]
    Unavailable(#[from] sqlx::Error),
}

/// Draws a token; it counts once it is [stored](store).
///
/// # Errors
/// [`TokenError`] when role and agency do not go together.
pub fn draw(
    random: &dyn Random,
    role: Role,
    agency: Option<AgencyCode>,
    focal_point: Option<FocalPointCode>,
) -> Result<NewToken, TokenError> {
    if matches!(role, Role::System | Role::Citizen) {
        return Err(TokenError::NotForTokens(role));
    }
    if role.belongs_to_agency() && agency.is_none() {
        return Err(TokenError::AgencyMissing(role));
    }
    if !role.belongs_to_agency() && (agency.is_some() || focal_point.is_some()) {
        return Err(TokenError::AgencyGiven(role));
    }
    let token = format!("{PREFIX}{}{}", hex(&random.draw()), hex(&random.draw()));
    let id = format!("tok_{}", hex(&random.draw()[..6]));
    Ok(NewToken { token, actor: Actor { agency, focal_point, ..Actor::new(role, id) } })
}

/// Stores a token's hash: from now on it stands for its actor.
///
/// # Errors
/// When the database does not answer.
pub async fn store(
    pool: &Pool,
    new: &NewToken,
    rate: Option<PerMinute>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO tokens \
         (token_hash, actor_id, role, agency, focal_point, created_at, rate) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let Actor { role, id, agency, focal_point, .. } = &new.actor;
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(hash(&new.token))
            .bind(id)
            .bind(role.as_str())
            .bind(agency.as_ref().map(AgencyCode::as_str))
            .bind(focal_point.as_ref().map(FocalPointCode::as_str))
            .bind(now.as_microsecond())
            .bind(rate.map(|rate| i64::from(rate.get())))
            .execute(db)
            .await
            .map(drop)
    })
}

/// Makes a token without an event: for tests and load measurements.
///
/// # Errors
/// [`TokenError`] when role and agency do not go together, or the database does not answer.
pub async fn create(
    pool: &Pool,
    random: &dyn Random,
    now: Timestamp,
    role: Role,
    agency: Option<AgencyCode>,
    focal_point: Option<FocalPointCode>,
) -> Result<NewToken, TokenError> {
    let new = draw(random, role, agency, focal_point)?;
    store(pool, &new, None, now).await?;
    Ok(new)
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub actor: Actor,
    /// How often it may ask, where that was said when it was made.
    pub rate: Option<PerMinute>,
}

/// What a token stands for; none when it is unknown or revoked. The token is looked up by its
/// hash, so the time this takes says nothing about other tokens.
///
/// # Errors
/// When the database does not answer.
pub async fn known(pool: &Pool, token: &str) -> Result<Option<Known>, sqlx::Error> {
    const SQL: &str = "SELECT actor_id, role, agency, focal_point, rate FROM tokens \
         WHERE token_hash = $1 AND revoked_at IS NULL";
    if !token.starts_with(PREFIX) || token.len() > 200 {
        return Ok(None);
    }
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(hash(token)).fetch_optional(db).await?;
        row.map(|row| {
            let role: String = row.try_get(1)?;
            let actor = Actor {
                id: row.try_get(0)?,
                role: role.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
                agency: row.try_get::<Option<String>, _>(2)?.map(AgencyCode::new),
                focal_point: row.try_get::<Option<String>, _>(3)?.map(FocalPointCode::new),
                reported: None,
                // A program is nobody to confide in.
                in_group: false,
            };
            let rate = row.try_get::<Option<i64>, _>(4)?.and_then(|rate| u32::try_from(rate).ok());
            Ok(Known { actor, rate: rate.and_then(PerMinute::new) })
        })
        .transpose()
    })
}

/// Revokes the token of an actor id. Tells whether there was one.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke(pool: &Pool, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    const SQL: &str =
        "UPDATE tokens SET revoked_at = $1 WHERE actor_id = $2 AND revoked_at IS NULL";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(now.as_microsecond()).bind(id).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
