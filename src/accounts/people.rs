//! Adding and changing accounts. Every change is an event in the account's own stream, appended
//! with the row that lists it.

use hoiam_domain::accounts::event::{
    self, Added, CredentialsReset, Disabled, Enabled, RoleChanged,
};
use hoiam_domain::accounts::{AccountEvent, Position, check};
use hoiam_domain::actor::{Actor, Role};
use jiff::Timestamp;

use super::record::record;
use super::store::{self, Credentials, Person};
use super::{AccountError, actor_id, id_of, login, password};
use crate::log::{Expected, Log};
use crate::random::Random;

/// The longest name of a person, characters.
const NAME: usize = 120;
/// People a page of the list.
pub const PAGE: usize = 200;
/// Events of an account read at once.
const EVENTS: u32 = 500;

/// An account just added or reset.
#[derive(Debug)]
pub struct WithPassword {
    /// Whose.
    pub person: Person,
    /// Shown once; to be replaced at the first sign-in.
    pub password: String,
}

/// Adds somebody, with a first password.
///
/// # Errors
/// [`AccountError`] saying what to change; nothing was added.
pub async fn add(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    typed: &str,
    name: &str,
    position: Position,
    now: Timestamp,
) -> Result<WithPassword, AccountError> {
    let login = login(typed)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(AccountError::Name);
    }
    check(&position)?;
    let id = id_of(&login);
    let added = Added {
        role: position.role,
        agency: position.agency.clone(),
        focal_point: position.focal_point.clone(),
    };
    let person = Person {
        id,
        login: login.clone(),
        name: name.to_owned(),
        position,
        disabled: false,
        created_at: now,
    };
    match append(log, random, by, &person, added.into(), Expected::NoStream, now).await {
        Err(AccountError::Conflict) => Err(AccountError::Taken(login)),
        Err(other) => Err(other),
        Ok(()) => first_password(log, random, person).await,
    }
}

/// Everybody, by sign-in name.
///
/// # Errors
/// When the database does not answer.
pub async fn list(log: &Log, after: &str) -> Result<Vec<Person>, AccountError> {
    Ok(store::people(log.pool(), after, PAGE as i64).await?)
}

/// Somebody by sign-in name.
///
/// # Errors
/// [`AccountError::Unknown`] when there is nobody.
pub async fn find(log: &Log, typed: &str) -> Result<Person, AccountError> {
    let unknown = || AccountError::Unknown(typed.trim().chars().take(64).collect());
    let login = login(typed).map_err(|_| unknown())?;
    store::person(log.pool(), id_of(&login)).await?.ok_or_else(unknown)
}

/// Gives somebody another role, agency or focal point. Their sessions go on and may at once do
/// only what the new one may.
///
/// # Errors
/// [`AccountError`] saying what to change.
pub async fn change_role(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    typed: &str,
    position: Position,
    now: Timestamp,
) -> Result<Person, AccountError> {
    check(&position)?;
    let person = find(log, typed).await?;
    if person.position == position {
        return Ok(person);
    }
    if position.role != Role::Administrator {
        keep_an_administrator(log, &person).await?;
    }
    let changed = RoleChanged {
        role: position.role,
        agency: position.agency.clone(),
        focal_point: position.focal_point.clone(),
    };
    let person = Person { position, ..person };
    change(log, random, by, &person, changed.into(), now).await?;
    Ok(person)
}

/// Keeps somebody from signing in, and ends their sessions.
///
/// # Errors
/// [`AccountError::LastAdministrator`] when nobody could undo it.
pub async fn disable(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    typed: &str,
    note: Option<String>,
    now: Timestamp,
) -> Result<Person, AccountError> {
    let person = find(log, typed).await?;
    if !person.disabled {
        keep_an_administrator(log, &person).await?;
        let person = Person { disabled: true, ..person.clone() };
        change(log, random, by, &person, Disabled { note }.into(), now).await?;
    }
    store::end_all(log.pool(), person.id, true).await?;
    Ok(Person { disabled: true, ..person })
}

/// Lets somebody sign in again.
///
/// # Errors
/// [`AccountError`] when there is nobody of that name.
pub async fn enable(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    typed: &str,
    note: Option<String>,
    now: Timestamp,
) -> Result<Person, AccountError> {
    let person = find(log, typed).await?;
    let enabled = Person { disabled: false, ..person.clone() };
    if person.disabled {
        change(log, random, by, &enabled, Enabled { note }.into(), now).await?;
    }
    Ok(enabled)
}

/// Takes password and codes away, ends the sessions, and makes a first password.
///
/// # Errors
/// [`AccountError`] when there is nobody of that name.
pub async fn reset(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    typed: &str,
    note: Option<String>,
    now: Timestamp,
) -> Result<WithPassword, AccountError> {
    let person = find(log, typed).await?;
    change(log, random, by, &person, CredentialsReset { note }.into(), now).await?;
    store::end_all(log.pool(), person.id, true).await?;
    let everywhere = super::patience::bucket(person.id, None);
    store::forget_failures(log.pool(), &everywhere).await?;
    first_password(log, random, person).await
}

async fn first_password(
    log: &Log,
    random: &dyn Random,
    person: Person,
) -> Result<WithPassword, AccountError> {
    let password = password::first(random);
    let new = Credentials {
        password: password::hash(&password, random).await?,
        must_change: true,
        code_secret: None,
        code_offered: None,
        code_step: 0,
    };
    store::put_credentials(log.pool(), person.id, &new).await?;
    Ok(WithPassword { person, password })
}

async fn keep_an_administrator(log: &Log, person: &Person) -> Result<(), AccountError> {
    let is_one = person.position.role == Role::Administrator && !person.disabled;
    if is_one && store::other_administrators(log.pool(), person.id).await? == 0 {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}

/// Writes down what somebody did with their own account.
pub(super) async fn note(
    log: &Log,
    random: &dyn Random,
    person: &Person,
    event: AccountEvent,
    now: Timestamp,
) -> Result<(), AccountError> {
    let by = person.position.actor(actor_id(person.id));
    change(log, random, &by, person, event, now).await
}

/// Appends to the account's stream as it is now; who comes second at the same time is refused.
async fn change(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    person: &Person,
    event: AccountEvent,
    now: Timestamp,
) -> Result<(), AccountError> {
    let mut version = 0;
    loop {
        let page = log.read_stream(person.id, version, EVENTS).await?;
        let Some(last) = page.last() else { break };
        version = last.version;
    }
    append(log, random, by, person, event, Expected::Exactly(version), now).await
}

async fn append(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    person: &Person,
    what: AccountEvent,
    expected: Expected,
    now: Timestamp,
) -> Result<(), AccountError> {
    let stored = event::encode(&what)?;
    Ok(record(log, random, by, (person.id, expected), stored, vec![person.row()], now).await?)
}
