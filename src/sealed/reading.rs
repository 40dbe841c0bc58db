//! Readings of what is sealed: each case has a stream of its own for them. Two who decide at the
//! same instant, on one node or on two, meet at the version of the stream; the second decides again
//! on what the first did.

use hoiam_domain::actor::Actor;
use hoiam_domain::case::Case;
use hoiam_domain::sealed::requests::denied;
use hoiam_domain::sealed::reveal;
use hoiam_domain::sealed::{ReadingLimits, Requests, RevealEvent, RevealRejection, SealedField};
use hoiam_projections::table::{Column, Row, Table, Type};
use jiff::Timestamp;
use uuid::Uuid;

use super::{ATTEMPTS, NAMESPACE, PAGE, SealedError};
use crate::accounts::record::record;
use crate::desk::Desk;
use crate::log::{AppendError, Expected, Log, RecordedEvent};

/// Who asked, allowed, refused and read; written by the append of the event.
static REVEALS: Table = Table {
    name: "reveals",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("version", Type::Int),
        Column("number", Type::Text),
        Column("what", Type::Text),
        Column("request", Type::Int),
        Column("fields", Type::Text),
        Column("reason", Type::Text),
        Column("actor_id", Type::Text),
        Column("role", Type::Text),
        Column("at", Type::Int),
    ],
    key: 2,
    add: 0,
};

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// To read these fields, for a reason.
    Ask(Vec<SealedField>, String),
    /// That a request be granted.
    Approve(u64),
    /// That it be not, for a reason.
    Refuse(u64, String),
    /// To read what was granted.
    Read(u64),
    /// To take the case out of the house at the console, by a request or without, for a reason.
    HandOut(Option<u64>, Option<String>),
}

impl Wanted {
    const fn word(&self) -> &'static str {
        match self {
            Self::Ask(..) => "ask",
            Self::Approve(_) => "approve",
            Self::Refuse(..) => "refuse",
            Self::Read(_) | Self::HandOut(..) => "read",
        }
    }

    const fn request(&self) -> Option<u64> {
        match self {
            Self::Ask(..) => None,
            Self::Approve(request) | Self::Refuse(request, _) | Self::Read(request) => {
                Some(*request)
            }
            Self::HandOut(request, _) => *request,
        }
    }

    fn decide(
        &self,
        so_far: &Requests,
        case: &Case,
        actor: &Actor,
        now: Timestamp,
        limits: &ReadingLimits,
    ) -> Result<RevealEvent, RevealRejection> {
        match self {
            Self::Ask(fields, reason) => so_far.ask(case, actor, fields, reason, (now, limits)),
            Self::Approve(request) => so_far.approve(case, actor, *request, (now, limits)),
            Self::Refuse(request, why) => so_far.refuse(case, actor, *request, why, now),
            Self::Read(request) => so_far.read(case, actor, *request, now),
            Self::HandOut(request, why) => so_far.hand_out(case, *request, why.as_deref(), now),
        }
    }
}

/// The stream of a case's readings, the same in every database.
fn stream(case: Uuid) -> Uuid {
    Uuid::new_v5(&NAMESPACE, case.as_bytes())
}

/// The readings of a case so far.
///
/// # Errors
/// When the log cannot be read.
pub async fn requests(log: &Log, case: Uuid) -> Result<Requests, SealedError> {
    let mut requests = Requests::default();
    loop {
        let page = log.read_stream(stream(case), requests.version, PAGE).await?;
        let full = page.len() == PAGE as usize;
        for one in page {
            let (by, event) = read(&one)?;
            requests.apply(one.version, &by.id, one.recorded_at, &event);
        }
        if !full {
            return Ok(requests);
        }
    }
}

/// Whether somebody read what a case says, with a reason, within the time that a reading lasts:
/// its files belong to that.
///
/// # Errors
/// When the log cannot be read.
pub async fn has_read_content(desk: &Desk, case: Uuid, actor: &Actor) -> Result<bool, SealedError> {
    let since = desk.now() - desk.rules().settings.readings.to_read();
    let mut after = 0;
    loop {
        let page = desk.log().read_stream(stream(case), after, PAGE).await?;
        for one in &page {
            after = one.version;
            let (by, event) = read(one)?;
            if let RevealEvent::Read(done) = event
                && by.id == actor.id
                && done.fields.contains(&SealedField::Content)
                && one.recorded_at >= since
            {
                return Ok(true);
            }
        }
        if page.len() < PAGE as usize {
            return Ok(false);
        }
    }
}

/// An event of a reading with who did it.
///
/// # Errors
/// When this program does not know its kind or shape.
pub fn read(recorded: &RecordedEvent) -> Result<(Actor, RevealEvent), SealedError> {
    let event = reveal::decode(&recorded.kind, recorded.schema, recorded.data())?;
    let broken =
        |error| hoiam_domain::case::codec::CodecError::Json { kind: recorded.kind.clone(), error };
    Ok((serde_json::from_str(&recorded.actor).map_err(broken)?, event))
}

/// Does what is wanted, if it may be done: the event is stored when this returns, with its version
/// in the stream. That the actor may see the case is checked before.
///
/// # Errors
/// [`SealedError::Reveal`] when it may not; of somebody who tried what they may not, an event of
/// that is stored.
pub async fn take(
    desk: &Desk,
    actor: &Actor,
    case: &Case,
    wanted: &Wanted,
) -> Result<(u64, RevealEvent), SealedError> {
    for _ in 0..ATTEMPTS {
        let so_far = requests(desk.log(), case.id).await?;
        let now = desk.now();
        let limits = desk.rules().settings.readings;
        let (event, refusal) = match wanted.decide(&so_far, case, actor, now, &limits) {
            Ok(event) => (event, None),
            Err(no) if no.is_recorded() => {
                (denied(case, wanted.word(), wanted.request(), &no), Some(no))
            }
            Err(no) => return Err(no.into()),
        };
        let version = so_far.version + 1;
        let row = row(case.id, version, actor, &event, now);
        let expected = Expected::Exactly(so_far.version);
        let one = (stream(case.id), expected, reveal::encode(&event)?, vec![row]);
        match record(desk.log(), desk.random(), actor, vec![one], now).await {
            Err(AppendError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return refusal.map_or(Ok((version, event)), |no| Err(no.into())),
        }
    }
    Err(AppendError::Overloaded.into())
}

/// Records that a case is taken out of the house, by a request of two members or without, before
/// it is. Tells whether who reported it may go along.
///
/// # Errors
/// As [`take`]; nothing may be taken out.
pub async fn hand_out(
    desk: &Desk,
    by: &Actor,
    case: &Case,
    request: Option<u64>,
    reason: Option<String>,
) -> Result<bool, SealedError> {
    let (_, event) = take(desk, by, case, &Wanted::HandOut(request, reason)).await?;
    Ok(matches!(event, RevealEvent::Read(read) if read.fields.contains(&SealedField::Contact)))
}

/// The line of an event for those who look after the readings.
fn row(case: Uuid, version: u64, actor: &Actor, event: &RevealEvent, now: Timestamp) -> Row {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let line = line(event);
    Row {
        table: &REVEALS,
        values: vec![
            case.into(),
            number(version).into(),
            line.number.into(),
            line.what.into(),
            line.request.map(number).into(),
            line.fields.into(),
            line.reason.into(),
            actor.id.as_str().into(),
            actor.role.as_str().into(),
            now.into(),
        ],
    }
}

/// What an event says, in columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of which case.
    pub number: String,
    /// The last word of its kind: `asked`, `approved`, `refused`, `read`, `denied`.
    pub what: String,
    /// Which request.
    pub request: Option<u64>,
    /// The fields, comma separated; of a denial what was tried.
    pub fields: String,
    /// Why; of a denial the code of the refusal.
    pub reason: Option<String>,
}

/// What an event says, in columns.
pub fn line(event: &RevealEvent) -> Line {
    let listed = |fields: &[SealedField]| {
        fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(",")
    };
    let (number, request, fields, reason) = match event {
        RevealEvent::Asked(e) => (&e.number, None, listed(&e.fields), Some(e.reason.clone())),
        RevealEvent::Approved(e) => (&e.number, Some(e.request), String::new(), None),
        RevealEvent::Refused(e) => {
            (&e.number, Some(e.request), String::new(), Some(e.reason.clone()))
        }
        RevealEvent::Read(e) => (&e.number, e.request, listed(&e.fields), Some(e.reason.clone())),
        RevealEvent::Denied(e) => (&e.number, e.request, e.what.clone(), Some(e.why.clone())),
    };
    let what = event.kind().trim_start_matches("reveal.").to_owned();
    Line { number: number.to_string(), what, request, fields, reason }
}
