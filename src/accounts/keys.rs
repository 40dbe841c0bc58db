//! Keys of programs with their events: what `hoiam token` does. The event is written first: a right
//! that nobody has recorded is never given, while one recorded and not given harms nobody.

use hoiam_domain::accounts::key::{self, KeyCreated, KeyRevoked};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use jiff::Timestamp;
use uuid::Uuid;

use super::record::record;
use super::{AccountError, NAMESPACE};
use crate::log::{Expected, Log};
use crate::random::Random;
use crate::tokens::{self, NewToken, PerMinute, TokenError};

/// Why a key was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Role and agency do not go together, or the database does not answer.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// Its event could not be written.
    #[error("{0}")]
    Account(#[from] AccountError),
    /// No key in use has this id.
    #[error("no token in use has the id {0}")]
    Unknown(String),
}

/// The stream of a key.
fn stream(id: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("key {id}").as_bytes())
}

/// Whom a key is for.
#[derive(Clone, Debug)]
pub struct For {
    /// In which role.
    pub role: Role,
    /// For which agency.
    pub agency: Option<AgencyCode>,
    /// Limited to which focal point.
    pub focal_point: Option<FocalPointCode>,
    /// What it is for.
    pub note: Option<String>,
    /// Requests a minute it may make; none: what every key may.
    pub rate: Option<PerMinute>,
}

/// Makes a key.
///
/// # Errors
/// [`KeyError`]; no key was made.
pub async fn create(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    whom: For,
    now: Timestamp,
) -> Result<NewToken, KeyError> {
    let For { role, agency, focal_point, note, rate } = whom;
    let new = tokens::draw(random, role, agency.clone(), focal_point.clone())?;
    let id = new.actor.id.clone();
    let created = KeyCreated {
        id: id.clone(),
        role,
        agency,
        focal_point,
        note,
        rate: rate.map(PerMinute::get),
    };
    let stored = key::encode(&created.into()).map_err(AccountError::from)?;
    let to = vec![(stream(&id), Expected::NoStream, stored, Vec::new())];
    record(log, random, by, to, now).await.map_err(AccountError::from)?;
    tokens::store(log.pool(), &new, rate, now).await.map_err(TokenError::from)?;
    Ok(new)
}

/// Revokes a key by its id.
///
/// # Errors
/// [`KeyError::Unknown`] when no key in use has it.
pub async fn revoke(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    id: &str,
    note: Option<String>,
    now: Timestamp,
) -> Result<(), KeyError> {
    // Taken away first: that must not wait for anything.
    if !tokens::revoke(log.pool(), id, now).await.map_err(TokenError::from)? {
        return Err(KeyError::Unknown(id.to_owned()));
    }
    let revoked = KeyRevoked { id: id.to_owned(), note };
    let stored = key::encode(&revoked.into()).map_err(AccountError::from)?;
    let to = vec![(stream(id), Expected::Any, stored, Vec::new())];
    record(log, random, by, to, now).await.map_err(AccountError::from)?;
    Ok(())
}
