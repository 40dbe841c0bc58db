//! Whose account a subject of a provider is. A provider never gives rights: an account is there
//! before, and is linked by an administrator or by a claim the configuration names for that.

use hoiam_domain::accounts::event::{IdentityLinked, IdentityUnlinked};
use hoiam_domain::actor::{Actor, Role};
use jiff::Timestamp;
use uuid::Uuid;

use super::OpenIdError;
use super::claims::Vouched;
use super::config::OpenIdConfig;
use crate::accounts::session::{self, Must, Secret};
use crate::accounts::store::{self, Link};
use crate::accounts::{AccountError, Person, people};
use crate::log::Log;
use crate::random::Random;
use crate::vault::Vault;

/// The longest address of a provider, and the longest subject.
const LENGTH: usize = 255;

/// A session just begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Who.
    pub person: Person,
    /// What they must do first.
    pub must: Option<Must>,
    /// What the browser keeps of it.
    pub session: Secret,
}

/// The keyed hash of a provider's subject.
pub fn identity(vault: &Vault, issuer: &str, subject: &str) -> Uuid {
    // An address holds no line break.
    vault.identity("openid", &format!("{issuer}\n{subject}"))
}

/// Lets a subject of a provider sign in as an account.
///
/// # Errors
/// [`AccountError::Unknown`] without such an account, [`AccountError::LinkedElsewhere`] when
/// another account is linked to it.
pub async fn link(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    (login, issuer, subject): (&str, &str, &str),
    now: Timestamp,
) -> Result<Person, AccountError> {
    let fits =
        |text: &str| (1..=LENGTH).contains(&text.len()) && !text.chars().any(char::is_control);
    if !fits(issuer) || !fits(subject) {
        return Err(AccountError::Identity);
    }
    let person = people::find(log, login).await?;
    let identity = identity(log.vault(), issuer, subject);
    put(log, random, by, &person, (identity, issuer, false), now).await?;
    Ok(person)
}

async fn put(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    person: &Person,
    (identity, issuer, by_claim): (Uuid, &str, bool),
    now: Timestamp,
) -> Result<(), AccountError> {
    match store::linked(log.pool(), identity).await? {
        Some(account) if account == person.id => return Ok(()),
        Some(_) => return Err(AccountError::LinkedElsewhere),
        None => {}
    }
    let link = Link {
        identity,
        account: person.id,
        issuer: issuer.to_owned(),
        created_at: now,
        ended_at: None,
    };
    let event = IdentityLinked { issuer: issuer.to_owned(), by_claim };
    people::change(log, random, by, person.id, (event.into(), vec![link.row()], None), now).await
}

/// No subject of a provider signs in as an account any more. Sessions a provider began end.
///
/// # Errors
/// [`AccountError::NotLinked`] when none does.
pub async fn unlink(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    (login, issuer): (&str, &str),
    note: Option<String>,
    now: Timestamp,
) -> Result<Person, AccountError> {
    let person = people::find(log, login).await?;
    let links = store::links(log.pool(), person.id).await?;
    let rows: Vec<_> = links
        .into_iter()
        .filter(|link| link.issuer == issuer)
        .map(|link| Link { ended_at: Some(now), ..link }.row())
        .collect();
    if rows.is_empty() {
        return Err(AccountError::NotLinked);
    }
    let event = IdentityUnlinked { issuer: issuer.to_owned(), note };
    people::change(log, random, by, person.id, (event.into(), rows, None), now).await?;
    store::end_vouched(log.pool(), person.id).await?;
    Ok(person)
}

/// The providers an account is linked to, as their addresses.
///
/// # Errors
/// When the database does not answer.
pub async fn issuers(log: &Log, person: &Person) -> Result<Vec<String>, AccountError> {
    let links = store::links(log.pool(), person.id).await?;
    Ok(links.into_iter().map(|link| link.issuer).collect())
}

/// Signs somebody in whom a provider vouches for.
///
/// # Errors
/// [`OpenIdError::NoAccount`] when no account is linked or it is disabled, [`OpenIdError::Unfit`]
/// when role or agency are not among those the provider says.
pub async fn sign_in(
    log: &Log,
    random: &dyn Random,
    config: &OpenIdConfig,
    vouched: &Vouched,
    now: Timestamp,
) -> Result<Begun, OpenIdError> {
    let person = account(log, random, vouched, now).await?;
    let pool = log.pool();
    let among = |said: &Option<Vec<String>>, own: Option<&str>| {
        said.as_ref().is_none_or(|said| own.is_none_or(|own| said.iter().any(|word| word == own)))
    };
    let agency = person.position.agency.as_ref().map(|agency| agency.as_str());
    if !among(&vouched.roles, Some(person.position.role.as_str()))
        || !among(&vouched.agencies, agency)
    {
        return Err(OpenIdError::Unfit);
    }
    let pending = !vouched.second_factor
        && (person.position.role.needs_code() || session::has_code(pool, person.id).await?);
    let provider = config.name.as_str();
    let session = session::begin_vouched(pool, random, person.id, (provider, pending), now).await?;
    let must = if pending { Some(session::code_must(pool, person.id).await?) } else { None };
    Ok(Begun { person, must, session })
}

/// The account of somebody; at the first time by the claim the configuration names.
async fn account(
    log: &Log,
    random: &dyn Random,
    vouched: &Vouched,
    now: Timestamp,
) -> Result<Person, OpenIdError> {
    let identity = identity(log.vault(), &vouched.issuer, &vouched.subject);
    let active = |person: Option<Person>| {
        person.filter(|person| !person.disabled).ok_or(OpenIdError::NoAccount)
    };
    if let Some(account) = store::linked(log.pool(), identity).await? {
        return active(store::person(log.pool(), account).await?);
    }
    let login = vouched.login.as_deref().ok_or(OpenIdError::NoAccount)?;
    let person = match people::find(log, login).await {
        Err(AccountError::Unknown(_)) => return Err(OpenIdError::NoAccount),
        found => active(Some(found?))?,
    };
    // Somebody else of that provider is this account already: a name given to another person there
    // is not a right given here.
    if store::was_linked(log.pool(), person.id, &vouched.issuer).await? {
        return Err(OpenIdError::NoAccount);
    }
    let by = Actor::new(Role::System, "openid");
    put(log, random, &by, &person, (identity, &vouched.issuer, true), now).await?;
    Ok(person)
}
