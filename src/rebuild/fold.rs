//! Events into rows. Events of one append are put together again, as the inline projections saw
//! them: same stream, positions one after the other, same correlation.

use hoiam_domain::case::{Case, Event, Meta, evolve};
use hoiam_projections::Change;
use jiff::Timestamp;
use uuid::Uuid;

use super::buffer::{Batch, Buffer};
use super::cases::Cases;
use super::source::{Page, Replayed};
use super::unit::Unit;
use crate::vault::CaseKeys;

/// Folds the log into the rows of some projections.
#[derive(Debug)]
pub(crate) struct Folder {
    inline: Vec<Unit>,
    followers: Vec<Unit>,
    cases: Cases,
    buffer: Buffer,
    open: Option<Append>,
    /// Everything up to here is folded.
    position: u64,
}

/// Events of one append to one case.
#[derive(Debug)]
struct Append {
    last: u64,
    recorded_at: Timestamp,
    correlation: Option<Uuid>,
    events: Vec<(Event, Meta)>,
    keys: CaseKeys,
}

/// A case whose state is not in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Missing {
    pub(crate) stream: Uuid,
    /// The version it has before the page.
    pub(crate) version: u64,
}

impl Folder {
    /// `position`: what is folded and written already; `cases`: how many states to keep.
    pub(crate) fn new(units: &[Unit], position: u64, cases: usize) -> Self {
        let (followers, inline) = units.iter().partition(|unit| unit.is_follower());
        let tables = units.iter().flat_map(|unit| unit.tables()).copied();
        let buffer = Buffer::new(tables, position == 0);
        Self { inline, followers, cases: Cases::new(cases), buffer, open: None, position }
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn bytes(&self) -> usize {
        self.buffer.bytes()
    }

    /// The cases a page needs that are not in memory. Call it before [`Folder::fold`].
    pub(crate) fn missing(&mut self, page: &Page) -> Vec<Missing> {
        self.cases.tidy();
        let mut missing: Vec<Missing> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let open = self.open.as_ref().and_then(Append::stream);
        for Replayed { meta, .. } in &page.events {
            let first = seen.insert(meta.stream);
            if first && meta.version > 1 && !self.cases.touch(meta.stream) {
                // The open append's case may be known only by that append.
                let version = meta.version - 1;
                let begun = open.filter(|(stream, _)| *stream == meta.stream);
                let before = begun.map_or(version, |(_, first)| first - 1);
                if before > 0 {
                    missing.push(Missing { stream: meta.stream, version: before });
                }
            }
        }
        missing
    }

    /// Takes in a case that was missing.
    pub(crate) fn found(&mut self, case: Case) {
        self.cases.put(Box::new(case));
    }

    /// Folds a page. `last`: no event comes after it, so its last append is whole.
    pub(crate) fn fold(&mut self, page: Page, last: bool) {
        for event in page.events {
            if self.open.as_ref().is_some_and(|append| !append.takes(&event)) {
                self.close();
            }
            let append = self.open.get_or_insert_with(|| Append::of(&event));
            append.last = event.position;
            append.events.push((event.event, event.meta));
        }
        if last {
            self.close();
        }
        if self.open.is_none() {
            self.position = page.last;
        }
    }

    /// The rows since the last time.
    pub(crate) fn take(&mut self) -> Batch {
        self.buffer.take(self.position)
    }

    fn close(&mut self) {
        let Some(append) = self.open.take() else { return };
        self.position = append.last;
        let Some((_, meta)) = append.events.first() else { return };
        let stream = meta.stream;
        let before = self.cases.take(stream);
        if before.is_none() {
            self.buffer.received(stream);
        }
        let mut rows = Vec::with_capacity(32);
        let after = self.change(before.as_deref(), &append, &mut rows);
        rows.into_iter().for_each(|row| self.buffer.put(row));
        if let Some(after) = after.map(Box::new).or(before) {
            self.cases.put(after);
        }
    }

    /// The rows of one append, and the case after it.
    fn change(
        &self,
        before: Option<&Case>,
        append: &Append,
        rows: &mut Vec<hoiam_projections::table::Row>,
    ) -> Option<Case> {
        let mut state = before.cloned();
        for step in &append.events {
            let (event, meta) = step;
            if self.followers.is_empty() {
                state = evolve(state, event, meta);
                continue;
            }
            let earlier = state.clone();
            state = evolve(state, event, meta);
            let Some(after) = &state else { continue };
            let change = Change {
                before: earlier.as_ref(),
                events: std::slice::from_ref(step),
                after,
                recorded_at: append.recorded_at,
                veil: &append.keys,
            };
            self.followers.iter().for_each(|unit| unit.rows(&change, rows));
        }
        let after = state.as_ref()?;
        let change = Change {
            before,
            events: &append.events,
            after,
            recorded_at: append.recorded_at,
            veil: &append.keys,
        };
        self.inline.iter().for_each(|unit| unit.rows(&change, rows));
        state
    }
}

impl Append {
    fn of(event: &Replayed) -> Self {
        Self {
            last: event.position,
            recorded_at: event.recorded_at,
            correlation: event.correlation,
            events: Vec::new(),
            keys: event.keys.clone(),
        }
    }

    /// Its stream and the version its first event has.
    fn stream(&self) -> Option<(Uuid, u64)> {
        self.events.first().map(|(_, meta)| (meta.stream, meta.version))
    }

    /// Whether an event belongs to it. Without a correlation every event is taken for an append.
    fn takes(&self, event: &Replayed) -> bool {
        let stream = self.stream().map(|(stream, _)| stream);
        event.position == self.last + 1
            && event.correlation.is_some()
            && event.correlation == self.correlation
            && stream == Some(event.meta.stream)
            && event.recorded_at == self.recorded_at
    }
}
