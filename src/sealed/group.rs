//! The group of the sealed stream: one stream of the log, and a row a member.

use hoiam_domain::actor::Actor;
use hoiam_domain::sealed::group::{self, LEAST};
use hoiam_domain::sealed::{Group, GroupEvent};
use hoiam_projections::table::{Column, Row, Table, Type};
use jiff::Timestamp;
use uuid::Uuid;

use super::{ATTEMPTS, NAMESPACE, PAGE, SealedError};
use crate::accounts::record::record;
use crate::accounts::{Person, actor_id, people};
use crate::log::{AppendError, Expected, Log, Pool};
use crate::queries::in_seal_group;
use crate::random::Random;

/// Who belongs to it; written by the append that says so.
static MEMBERS: Table = Table {
    name: "seal_members",
    columns: &[
        Column("account_id", Type::Uuid),
        Column("member", Type::Int),
        Column("since", Type::Int),
    ],
    key: 1,
    add: 0,
};

/// The stream, the same in every database.
fn stream() -> Uuid {
    Uuid::new_v5(&NAMESPACE, b"group")
}

/// Whether somebody acts as a member now.
///
/// # Errors
/// When the database does not answer.
pub async fn is_member(pool: &Pool, account: Uuid) -> Result<bool, sqlx::Error> {
    in_seal_group(pool, account, i64::try_from(LEAST).unwrap_or(i64::MAX)).await
}

/// The group as its events make it.
///
/// # Errors
/// When the log cannot be read.
pub async fn read(log: &Log) -> Result<Group, SealedError> {
    let mut group = Group::default();
    loop {
        let page = log.read_stream(stream(), group.version, PAGE).await?;
        let full = page.len() == PAGE as usize;
        for one in page {
            group.apply(one.version, &group::decode(&one.kind, one.schema, one.data())?);
        }
        if !full {
            return Ok(group);
        }
    }
}

/// The members, by sign-in name; one whose account is gone from here is left out.
///
/// # Errors
/// When the log or the database does not answer.
pub async fn list(log: &Log) -> Result<Vec<Person>, SealedError> {
    let group = read(log).await?;
    let mut members = Vec::new();
    let mut after = String::new();
    loop {
        let page = people::list(log, &after).await?;
        let full = page.len() == people::PAGE;
        page.last().map_or("", |last| last.login.as_str()).clone_into(&mut after);
        members.extend(page.into_iter().filter(|p| group.members.contains(&actor_id(p.id))));
        if !full {
            return Ok(members);
        }
    }
}

/// What is to become of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody belongs to it.
    Add,
    /// Somebody does no more.
    Remove,
}

/// Adds or removes an account. Tells whether anything changed.
///
/// # Errors
/// [`SealedError`]; the group stays as it is.
pub async fn change(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    change: Change,
    login: &str,
    note: Option<String>,
    now: Timestamp,
) -> Result<bool, SealedError> {
    let person = people::find(log, login).await?;
    let account = actor_id(person.id);
    for _ in 0..ATTEMPTS {
        let group = read(log).await?;
        let decided = match change {
            Change::Add => {
                let who = (person.position.role, person.disabled);
                group.add(&by.id, &account, who, note.clone())?
            }
            Change::Remove => group.remove(&by.id, &account, note.clone())?,
        };
        // Written again for a member: a log that came from elsewhere brought no rows.
        let Some(event) = decided else {
            return again(log, random, by, (&group, change), person.id, now).await;
        };
        let row = row(person.id, change, now);
        let expected = Expected::Exactly(group.version);
        let one = (stream(), expected, group::encode(&event)?, vec![row]);
        match record(log, random, by, vec![one], now).await {
            Err(AppendError::Conflict { .. }) => {}
            done => return done.map(|()| true).map_err(SealedError::from),
        }
    }
    Err(AppendError::Overloaded.into())
}

/// Naming a member whose row is missing here: the event repeats what holds, the row is written.
async fn again(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    (group, change): (&Group, Change),
    account: Uuid,
    now: Timestamp,
) -> Result<bool, SealedError> {
    if change == Change::Remove || crate::queries::has_seal_row(log.pool(), account).await? {
        return Ok(false);
    }
    let event = GroupEvent::from(group::MemberAdded { account: actor_id(account), note: None });
    let expected = Expected::Exactly(group.version);
    let one = (stream(), expected, group::encode(&event)?, vec![row(account, change, now)]);
    record(log, random, by, vec![one], now).await?;
    Ok(true)
}

fn row(account: Uuid, change: Change, now: Timestamp) -> Row {
    let member = change == Change::Add;
    Row { table: &MEMBERS, values: vec![account.into(), member.into(), now.into()] }
}

/// Whether a group of these people can act: one alone cannot.
pub fn acts(members: &[Person]) -> bool {
    let acting = |one: &&Person| {
        !one.disabled && one.position.role == hoiam_domain::actor::Role::Coordinator
    };
    members.iter().filter(acting).count() >= LEAST
}
