//! Accounts of citizens. Nobody needs one: a tracking code works by itself. With one they see all
//! their cases.
//!
//! An account is what somebody proved once: that mail reaches them, or that a provider vouches for
//! them. Its id follows from the keyed hash of that proof, so the same proof is the same account on
//! however many nodes. What they are known by is kept as keyed hashes only.

use std::collections::BTreeSet;

use hoiam_domain::accounts::CitizenEvent;
use hoiam_domain::accounts::citizen::{self, CaseClaimed, CitizenLeft, CitizenRegistered};
use hoiam_domain::actor::{Actor, Role};
use hoiam_projections::table::Row;
use jiff::Timestamp;
use uuid::Uuid;

use super::openid::claims::Vouched;
use super::openid::staff::identity;
use super::record::record;
use super::session::{self, Secret};
use super::store::{self, Contact, Whose};
use super::{AccountError, NAMESPACE, people};
use crate::log::{Expected, Log, Pool};
use crate::random::Random;
use crate::vault::Vault;

pub use super::store::ClaimedCase;

/// Cases an account may follow.
const CASES: i64 = 1_000;

/// What somebody proved.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// A mail reached this address, of which the keyed hash is known.
    Mail(Uuid),
    /// A provider of this name vouches for them.
    OpenId(&'a str, &'a Vouched),
}

/// A citizen signed in.
#[derive(Clone, Debug)]
pub struct Citizen {
    /// The account.
    pub id: Uuid,
    /// The provider that vouched; none: a mail reached them.
    pub provider: Option<String>,
    /// A new id to send, in place of the one that came.
    pub replaced_by: Option<Secret>,
    /// When the session ends in any case.
    pub ends_at: Timestamp,
}

/// The actor's id of a citizen's account, as it stands in events.
pub fn actor_id(citizen: Uuid) -> String {
    format!("cit_{}", citizen.simple())
}

/// Signs somebody in; at the first time they get an account.
///
/// # Errors
/// When the database or the log do not answer.
pub async fn sign_in(
    log: &Log,
    random: &dyn Random,
    proof: Proof<'_>,
    now: Timestamp,
) -> Result<Secret, AccountError> {
    let (proven, provider) = match proof {
        Proof::Mail(address) => (address, None),
        Proof::OpenId(name, vouched) => {
            (identity(log.vault(), &vouched.issuer, &vouched.subject), Some(name))
        }
    };
    let id = Uuid::new_v5(&NAMESPACE, format!("citizen {}", proven.simple()).as_bytes());
    if !store::is_citizen(log.pool(), id).await? {
        let registered = CitizenRegistered { provider: provider.map(str::to_owned) };
        let row = store::citizen_row(id, (now, None));
        // Who left may come back; of two windows at the same time one registers.
        let expected = Expected::Exactly(people::version(log, id).await?);
        match append(log, random, id, expected, registered.into(), vec![row], now).await {
            // In another window, at the same time.
            Ok(()) | Err(AccountError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    let source = provider.unwrap_or("mail");
    store::put_contacts(log.pool(), id, source, &contacts(log.vault(), proof), now).await?;
    session::begin_for(log.pool(), random, Whose::Citizen, id, (provider, false), now).await
}

fn contacts(vault: &Vault, proof: Proof<'_>) -> Vec<Contact> {
    let vouched = match proof {
        Proof::Mail(address) => return vec![Contact { kind: "email", identity: address }],
        Proof::OpenId(_, vouched) => vouched,
    };
    [
        ("email", &vouched.email),
        ("phone", &vouched.phone),
        ("national_number", &vouched.national_number),
    ]
    .into_iter()
    .filter_map(|(kind, known)| {
        let identity = vault.identity(kind, known.as_deref()?);
        Some(Contact { kind, identity })
    })
    .collect()
}

/// Who a session stands for.
///
/// # Errors
/// When the database does not answer.
pub async fn find(
    pool: &Pool,
    random: &dyn Random,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Citizen>, AccountError> {
    let found = session::live(pool, random, Whose::Citizen, secret, now).await?;
    let Some(live) = found else { return Ok(None) };
    let session = live.session;
    if !store::is_citizen(pool, session.account).await? {
        return Ok(None);
    }
    Ok(Some(Citizen {
        id: session.account,
        provider: session.provider,
        replaced_by: live.replaced_by,
        ends_at: live.ends_at,
    }))
}

/// Ends an account: everything its owner is known by, their cases' list and sessions go.
///
/// # Errors
/// When the database or the log do not answer; asking again does the rest.
pub async fn leave(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    citizen: Uuid,
    now: Timestamp,
) -> Result<(), AccountError> {
    let pool = log.pool();
    if let Some(since) = store::citizen_since(pool, citizen).await? {
        let left = CitizenLeft { own_wish: by.role == Role::Citizen };
        let stored = citizen::encode(&left.into())?;
        let row = store::citizen_row(citizen, (since, Some(now)));
        let to = vec![(citizen, Expected::StreamExists, stored, vec![row])];
        record(log, random, by, to, now).await?;
    }
    store::end_all(pool, citizen, false).await?;
    Ok(store::forget_citizen(pool, citizen).await?)
}

/// Ends accounts of a person, and those of whoever is known by one of their identities, that were
/// there at `since`: when they are erased. Who comes back later has another account of the same id.
///
/// # Errors
/// As [`leave`].
pub async fn forget(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    (accounts, identities): (&[Uuid], &BTreeSet<Uuid>),
    (since, now): (Timestamp, Timestamp),
) -> Result<(), AccountError> {
    let pool = log.pool();
    let mut all: BTreeSet<Uuid> = accounts.iter().copied().collect();
    for identity in identities {
        all.extend(store::ties::accounts_of(pool, *identity).await?);
    }
    for citizen in all {
        if store::ties::made_at(pool, citizen).await?.is_some_and(|made_at| made_at <= since) {
            leave(log, random, by, citizen, now).await?;
        }
    }
    for identity in identities {
        store::forget_links(pool, *identity).await?;
    }
    Ok(())
}

/// Follows a case they reported while signed in, or whose tracking code they showed. Twice is the
/// same as once.
///
/// # Errors
/// [`AccountError::TooManyCases`], or when the log does not answer.
pub async fn claim(
    log: &Log,
    random: &dyn Random,
    citizen: Uuid,
    (case, reported): (&ClaimedCase, bool),
    now: Timestamp,
) -> Result<(), AccountError> {
    let pool = log.pool();
    if store::is_claimed(pool, citizen, case.id).await? {
        return Ok(());
    }
    if store::claims(pool, citizen).await? >= CASES {
        return Err(AccountError::TooManyCases);
    }
    let rows = vec![store::claim_row(citizen, (case, reported), now)];
    let claimed = CaseClaimed { case: case.id };
    append(log, random, citizen, Expected::StreamExists, claimed.into(), rows, now).await
}

/// Their cases, the newest first: those whose code they showed, and those reported under what is
/// proven to be theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn cases(
    pool: &Pool,
    citizen: Uuid,
    (after, limit): (Option<Uuid>, i64),
) -> Result<Vec<ClaimedCase>, AccountError> {
    Ok(store::own_cases(pool, citizen, after, limit).await?)
}

/// One of their cases.
///
/// # Errors
/// When the database does not answer.
pub async fn case(
    pool: &Pool,
    citizen: Uuid,
    case: Uuid,
) -> Result<Option<ClaimedCase>, AccountError> {
    Ok(store::own_case(pool, citizen, case).await?)
}

async fn append(
    log: &Log,
    random: &dyn Random,
    citizen: Uuid,
    expected: Expected,
    event: CitizenEvent,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<(), AccountError> {
    let by = Actor::new(Role::Citizen, actor_id(citizen));
    let stored = citizen::encode(&event)?;
    Ok(record(log, random, &by, vec![(citizen, expected, stored, rows)], now).await?)
}
