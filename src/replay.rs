//! A changed rule set over past cases, streamed: a page of cases at a time out of the log, compared
//! on all cores while the next page is read. Memory is bounded by the page, the sets at hand and the
//! sums; nothing a citizen wrote leaves it.

mod sets;

use std::num::NonZero;
use std::sync::Arc;

use hoiam_domain::case::CaseNumber;
use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::Boundaries;
use hoiam_domain::routing::replay::past::WANTED;
use hoiam_domain::routing::replay::{Compared, Past, Sums, compare};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::desk::{Desk, DeskError, read_event};
use crate::log::{Log, RecordedEvent};
use crate::queries::{ReceivedCase, received_cases};
use sets::Sets;

/// Cases in a page.
const PAGE: i64 = 256;
/// Events of a handful of cases read at once; a case has about twenty.
const EVENTS: u32 = 2_000;
/// Cores used at most.
const CORES: usize = 8;

/// What to compare.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Cases received from this moment on.
    pub since: Timestamp,
    /// And before this one.
    pub until: Timestamp,
    /// Cases named at most.
    pub limit: usize,
}

/// One case that would go elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Its number.
    #[serde(serialize_with = "shown")]
    pub number: CaseNumber,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where it went: an agency or `desk:…`.
    pub from: String,
    /// Where it would go.
    pub to: String,
    /// The rule that decided.
    pub old_rule: Option<String>,
    /// The rule that would.
    pub new_rule: Option<String>,
    /// Category recorded.
    pub old_category: Option<String>,
    /// Category it would get.
    pub new_category: Option<String>,
}

/// What the comparison gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Hash of the changed set.
    pub rule_set: String,
    /// The counts.
    #[serde(flatten)]
    pub sums: Sums,
    /// The first cases that would go elsewhere, in the order they were received; sealed ones are
    /// counted, never named.
    pub cases: Vec<Moved>,
}

/// Runs the changed set over the past cases.
///
/// # Errors
/// When the log cannot be read or holds what this program does not know.
pub async fn replay(
    desk: &Desk,
    changed: Arc<RuleSet>,
    asked: &Asked,
) -> Result<Replayed, DeskError> {
    let mut sets = Sets::new(desk, changed.clone());
    let boundaries = desk.rules_handle().boundaries();
    let mut out = Replayed { rule_set: changed.hash.clone(), ..Replayed::default() };
    let mut next = page(desk.log(), asked, None).await?;
    while let Some(last) = next.last {
        let (pasts, imported) = std::mem::take(&mut next.pasts);
        (0..imported).for_each(|_| out.sums.add_imported());
        let hashes = pasts.iter().map(Past::rule_set);
        let old = sets.at_hand(hashes).await;
        let compared = compare_all(pasts, &changed, &old, &boundaries);
        let (compared, following) = tokio::join!(compared, page(desk.log(), asked, Some(last)));
        for (past, one) in compared? {
            out.sums.add(&one);
            if one.moved() && !one.sealed && out.cases.len() < asked.limit {
                out.cases.push(moved(past, &one));
            }
        }
        next = following?;
    }
    Ok(out)
}

/// Cases of a page, those that were imported only counted.
#[derive(Default)]
struct Page {
    last: Option<ReceivedCase>,
    pasts: (Vec<Past>, u64),
}

async fn page(log: &Log, asked: &Asked, after: Option<ReceivedCase>) -> Result<Page, DeskError> {
    let (from, to) = (asked.since.as_microsecond(), asked.until.as_microsecond());
    let listed = received_cases(log.pool(), from, to, after, PAGE).await?;
    let mut page = Page { last: listed.last().copied(), ..Page::default() };
    for few in listed.chunks(Log::STREAMS_AT_ONCE) {
        let ids: Vec<Uuid> = few.iter().map(|(_, id)| *id).collect();
        let events = log.read_streams(&ids, EVENTS).await?;
        // The last stream of a full answer may be cut off, and others may be missing.
        let full = events.len() == EVENTS as usize;
        let cut = events.last().map(|event| event.stream).filter(|_| full);
        for id in ids {
            let from = events.partition_point(|event| event.stream < id);
            let to = events.partition_point(|event| event.stream <= id);
            match events.get(from..to) {
                Some(own) if !own.is_empty() && cut != Some(id) => take(log, &mut page, own)?,
                _ => take(log, &mut page, &whole(log, id).await?)?,
            }
        }
    }
    Ok(page)
}

/// A stream in full, however long it is.
async fn whole(log: &Log, id: Uuid) -> Result<Vec<RecordedEvent>, DeskError> {
    let mut events: Vec<RecordedEvent> = Vec::new();
    loop {
        let after = events.last().map_or(0, |event| event.version);
        let more = log.read_stream(id, after, EVENTS).await?;
        let full = more.len() == EVENTS as usize;
        events.extend(more);
        if !full {
            return Ok(events);
        }
    }
}

fn take(log: &Log, page: &mut Page, events: &[RecordedEvent]) -> Result<(), DeskError> {
    let wanted = events.iter().filter(|event| WANTED.contains(&event.kind.as_str()));
    let Some(first) = events.first() else { return Ok(()) };
    let keys = log.vault().keys(first.stream, first.keys.as_ref());
    let read = wanted.map(|event| read_event(&keys, event)).collect::<Result<Vec<_>, _>>()?;
    match Past::read(&read) {
        Some(past) => page.pasts.0.push(past),
        None => page.pasts.1 += 1,
    }
    Ok(())
}

/// Compares the cases of a page on all cores, in order.
async fn compare_all(
    pasts: Vec<Past>,
    changed: &Arc<RuleSet>,
    old: &[Arc<RuleSet>],
    boundaries: &Arc<Boundaries>,
) -> Result<Vec<(Past, Compared)>, DeskError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(CORES);
    let share = pasts.len().div_ceil(cores).max(1);
    let mut pasts = pasts.into_iter();
    let mut tasks = Vec::with_capacity(cores);
    loop {
        let part: Vec<Past> = pasts.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        let (changed, old, boundaries) = (changed.clone(), old.to_vec(), boundaries.clone());
        tasks.push(tokio::task::spawn_blocking(move || {
            let one = |past: Past| {
                let then = old.iter().find(|set| set.hash == past.rule_set()).map(|set| &**set);
                let compared = compare(&past, &changed, then, &boundaries);
                (past, compared)
            };
            part.into_iter().map(one).collect::<Vec<_>>()
        }));
    }
    let mut compared = Vec::new();
    for task in tasks {
        compared.extend(task.await.map_err(|error| DeskError::Unavailable(error.to_string()))?);
    }
    Ok(compared)
}

fn moved(past: Past, one: &Compared) -> Moved {
    let code =
        |code: &Option<hoiam_domain::codes::CategoryCode>| code.as_ref().map(ToString::to_string);
    Moved {
        received_at: past.received_at(),
        number: past.number,
        from: one.old.destination.to_string(),
        to: one.new.destination.to_string(),
        old_rule: one.old.rule.clone(),
        new_rule: one.new.rule.clone(),
        old_category: code(&one.old.category),
        new_category: code(&one.new.category),
    }
}

fn shown<S: Serializer>(number: &CaseNumber, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
