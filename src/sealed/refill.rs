//! The rows beside the events of the sealed stream, out of the log: after it came from elsewhere.

use hoiam_domain::sealed::GroupEvent;
use hoiam_domain::sealed::group;
use uuid::Uuid;

use super::{PAGE, SealedError, reading};
use crate::accounts::account_of;
use crate::log::{Log, RecordedEvent};
use crate::queries::{RevealRow, case_id_by_number, put_member, put_reveal, sealed_streams};

/// Writes who belongs to the group, and the lines of the readings, as the log says. Doing it again
/// changes nothing. Cases must be listed already.
///
/// # Errors
/// [`SealedError`]; doing it again does the rest.
pub async fn refill(log: &Log) -> Result<(), SealedError> {
    let mut after = Uuid::nil();
    loop {
        let streams = sealed_streams(log.pool(), after, i64::from(PAGE)).await?;
        let Some(last) = streams.last() else { return Ok(()) };
        after = *last;
        for stream in streams {
            of_stream(log, stream).await?;
        }
    }
}

async fn of_stream(log: &Log, stream: Uuid) -> Result<(), SealedError> {
    let mut version = 0;
    loop {
        let page = log.read_stream(stream, version, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        version = last.version;
        for one in &page {
            match one.kind.starts_with("reveal.") {
                true => line(log, one).await?,
                false => member(log, one).await?,
            }
        }
    }
}

async fn member(log: &Log, one: &RecordedEvent) -> Result<(), SealedError> {
    let (account, belongs) = match group::decode(&one.kind, one.schema, one.data())? {
        GroupEvent::MemberAdded(added) => (added.account, true),
        GroupEvent::MemberRemoved(removed) => (removed.account, false),
    };
    // An id of another form is none of an account.
    let Some(account) = account_of(&account) else { return Ok(()) };
    put_member(log.pool(), account, belongs, one.recorded_at.as_microsecond()).await?;
    Ok(())
}

async fn line(log: &Log, one: &RecordedEvent) -> Result<(), SealedError> {
    let (actor, event) = reading::read(one)?;
    let line = reading::line(&event);
    let Some(case_id) = case_id_by_number(log.pool(), &line.number).await? else { return Ok(()) };
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let row = RevealRow {
        case_id,
        version: number(one.version),
        number: line.number,
        what: line.what,
        request: line.request.map(number),
        fields: line.fields,
        reason: line.reason,
        actor_id: actor.id,
        role: actor.role.to_string(),
        at: one.recorded_at.as_microsecond(),
    };
    put_reveal(log.pool(), &row).await?;
    Ok(())
}
