//! Everything about a case that does not depend on its number: events, state and rows. Made on
//! other threads, so that the one task that writes the log only puts the number in.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::import::{Record, events};
use hoiam_domain::case::{CaseNumber, Intent};
use hoiam_projections::table::{Row, Value};
use uuid::Uuid;

use super::{ImportError, Origin, Reject};
use crate::desk::{Desk, stream_append};
use crate::log::{Append, Content, Idempotency, Prepared, StreamAppend};
use crate::random::sortable_id;
use crate::tracking::TrackingCode;
use crate::vault::CaseKeys;

/// What all cases of an import have in common.
pub(super) struct Preparer<'a> {
    desk: &'a Desk,
    intent: Intent,
    actor: String,
    /// One for the whole run.
    correlation: Uuid,
}

/// A row of which everything is known but the number.
#[derive(Debug)]
pub(super) struct Known {
    origin: Origin,
    record: Record,
    idempotency: Idempotency,
    stream: Uuid,
    prefix: String,
    year: i16,
    intent: Intent,
    actor: String,
    correlation: Uuid,
    keys: CaseKeys,
}

impl<'a> Preparer<'a> {
    pub(super) fn new(desk: &'a Desk, system: &str) -> Result<Self, ImportError> {
        // The prefix is checked here once, so that building a number cannot fail later.
        CaseNumber::new(desk.prefix(), 2000, 1)?;
        let now = desk.now();
        let actor = Actor::new(Role::Integration, format!("import:{system}"));
        Ok(Self {
            desk,
            actor: serde_json::to_string(&actor)?,
            intent: Intent { actor, now, occurred_at: now },
            correlation: sortable_id(desk.random(), now),
        })
    }

    /// A new stream and its keys.
    pub(super) fn begin(&self) -> Result<(Uuid, CaseKeys), ImportError> {
        let random = self.desk.random();
        let stream = sortable_id(random, self.intent.now);
        Ok((stream, self.desk.log().vault().draw(stream, random)?))
    }

    /// Gives a record its stream and its tracking code.
    pub(super) fn known(
        &self,
        origin: Origin,
        mut record: Record,
        idempotency: Idempotency,
        year: i16,
        (stream, keys): (Uuid, CaseKeys),
    ) -> Known {
        let random = self.desk.random();
        if let Some(place) = &mut record.location
            && let Some(address) = &place.address
        {
            place.address_mark = Some(self.desk.log().vault().address_mark(address.reveal()));
        }
        // Nobody is told this code; every case has one, so that one can be given out later.
        record.reporter.tracking_hash = TrackingCode::derive(&random.draw(), "").hash();
        Known {
            origin,
            record,
            idempotency,
            stream,
            prefix: self.desk.prefix().to_owned(),
            year,
            intent: self.intent.clone(),
            actor: self.actor.clone(),
            correlation: self.correlation,
            keys,
        }
    }
}

impl Known {
    /// The append, whose number is put in when the log gives it one.
    pub(super) fn prepare(self) -> Result<(Origin, Append), Reject> {
        let given = self.record.number.to_string();
        let made = stream_append(None, self.stream, events(&self.record), &self.intent, &self.keys);
        let (template, _) = made.map_err(|error| self.origin.0.reject("row", error.to_string()))?;
        let (prefix, year) = (self.prefix, self.year);
        let series = format!("{prefix}-{year}");
        let build = Box::new(move |serial: u64| {
            let number = CaseNumber::new(&prefix, year, serial).map_err(|e| e.to_string())?;
            let number = number.to_string();
            let stream = numbered(&template, &given, &number)?;
            Ok(Prepared { streams: vec![stream], answer: number })
        });
        let append = Append {
            recorded_at: self.intent.now,
            actor: self.actor,
            causation: None,
            correlation: Some(self.correlation),
            idempotency: Some(self.idempotency),
            content: Content::Numbered { series, build },
        };
        Ok((self.origin, append))
    }
}

/// The same with its real number in the receipt and in the columns that hold it.
fn numbered(template: &StreamAppend, given: &str, number: &str) -> Result<StreamAppend, String> {
    let mut stream = template.clone();
    let (old, new) = (format!("\"number\":\"{given}\""), format!("\"number\":\"{number}\""));
    let receipt = stream.events.first_mut().ok_or("a record has events")?;
    // Quotes inside a text are escaped, so only the field itself can read like this.
    if !receipt.data.contains(&old) {
        return Err("the receipt does not hold its number".to_owned());
    }
    receipt.data = receipt.data.replacen(&old, &new, 1);
    for row in &mut stream.rows {
        put_number(row, number);
    }
    Ok(stream)
}

fn put_number(row: &mut Row, number: &str) {
    let place = row.table.columns.iter().position(|column| column.0 == "number");
    if let Some(value) = place.and_then(|at| row.values.get_mut(at)) {
        *value = Value::from(number);
    }
}
