//! Adding and changing accounts. Every change is an event in the account's own stream, appended
//! with the row that lists it.

use hoiam_domain::accounts::event::{
    self, Added, AdministratorLeft, CredentialsReset, Disabled, Enabled, RoleChanged,
};
use hoiam_domain::accounts::{AccountEvent, Position, check};
use hoiam_domain::actor::{Actor, Role};
use hoiam_projections::table::Row;
use jiff::Timestamp;
use uuid::Uuid;

use super::record::record;
use super::store::{self, Person};
use super::{AccountError, NAMESPACE, actor_id, id_of, login, password};
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
    let (password, rows) = first_password(random, &person).await?;
    let streams = vec![(id, Expected::NoStream, added.into(), rows)];
    match record_all(log, random, by, streams, now).await {
        Err(AccountError::Conflict) => Err(AccountError::Taken(login)),
        Err(other) => Err(other),
        Ok(()) => Ok(WithPassword { person, password }),
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
    let guard = if position.role == Role::Administrator {
        None
    } else {
        keep_an_administrator(log, &person).await?
    };
    let changed = RoleChanged {
        role: position.role,
        agency: position.agency.clone(),
        focal_point: position.focal_point.clone(),
    };
    let person = Person { position, ..person };
    let rows = vec![person.row()];
    change(log, random, by, person.id, (changed.into(), rows, guard), now).await?;
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
        let guard = keep_an_administrator(log, &person).await?;
        let rows = vec![Person { disabled: true, ..person.clone() }.row()];
        change(log, random, by, person.id, (Disabled { note }.into(), rows, guard), now).await?;
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
        let rows = vec![enabled.row()];
        change(log, random, by, person.id, (Enabled { note }.into(), rows, None), now).await?;
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
    let (password, rows) = first_password(random, &person).await?;
    let reset = CredentialsReset { note };
    change(log, random, by, person.id, (reset.into(), rows, None), now).await?;
    store::end_all(log.pool(), person.id, true).await?;
    let everywhere = super::patience::bucket(person.id, None);
    store::forget_failures(log.pool(), &everywhere).await?;
    Ok(WithPassword { person, password })
}

/// A first password, and what is written of it: the account's row with it, and no codes.
async fn first_password(
    random: &dyn Random,
    person: &Person,
) -> Result<(String, Vec<Row>), AccountError> {
    let password = password::first(random);
    let hash = password::hash(&password, random).await?;
    let password_row = store::password_row(person.id, &hash, true);
    Ok((password, vec![person.row(), password_row, store::code_row(person.id, None)]))
}

/// Where it is written that there is an administrator fewer.
fn administrators() -> Uuid {
    Uuid::new_v5(&NAMESPACE, b"administrators")
}

/// What an append that makes an administrator fewer must also write: a stream all of them share, at
/// the version it had before they were counted. Of two at the same time one comes too late.
type Guard = (u64, AdministratorLeft);

/// None when nobody stops being an administrator.
async fn keep_an_administrator(log: &Log, person: &Person) -> Result<Option<Guard>, AccountError> {
    if person.position.role != Role::Administrator || person.disabled {
        return Ok(None);
    }
    let version = version(log, administrators()).await?;
    if store::other_administrators(log.pool(), person.id).await? == 0 {
        return Err(AccountError::LastAdministrator);
    }
    Ok(Some((version, AdministratorLeft { account: actor_id(person.id) })))
}

/// Writes down what somebody did with their own account, with the rows that follow.
pub(super) async fn note(
    log: &Log,
    random: &dyn Random,
    person: &Person,
    event: AccountEvent,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<(), AccountError> {
    let by = person.position.actor(actor_id(person.id));
    change(log, random, &by, person.id, (event, rows, None), now).await
}

/// Appends to the account's stream as it is now; who comes second at the same time is refused.
pub(super) async fn change(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    account: Uuid,
    (event, rows, guard): (AccountEvent, Vec<Row>, Option<Guard>),
    now: Timestamp,
) -> Result<(), AccountError> {
    let expected = Expected::Exactly(version(log, account).await?);
    let mut streams = vec![(account, expected, event, rows)];
    if let Some((version, left)) = guard {
        let expected = Expected::Exactly(version);
        streams.push((administrators(), expected, left.into(), Vec::new()));
    }
    record_all(log, random, by, streams, now).await
}

/// The version of a stream now.
pub(super) async fn version(log: &Log, stream: Uuid) -> Result<u64, AccountError> {
    let mut version = 0;
    loop {
        let page = log.read_stream(stream, version, EVENTS).await?;
        let Some(last) = page.last() else { return Ok(version) };
        version = last.version;
    }
}

async fn record_all(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    streams: Vec<(Uuid, Expected, AccountEvent, Vec<Row>)>,
    now: Timestamp,
) -> Result<(), AccountError> {
    let streams = streams.into_iter().map(|(stream, expected, event, rows)| {
        Ok((stream, expected, event::encode(&event)?, rows))
    });
    let streams = streams.collect::<Result<_, AccountError>>()?;
    Ok(record(log, random, by, streams, now).await?)
}
