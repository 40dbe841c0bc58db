//! postgres-es, the store of cqrs-es: a row an event, its key the version check, no order of all
//! events (its replay of everything is ordered by each stream's own numbers).

use std::convert::Infallible;
use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{PersistedEventRepository, SerializedEvent};
use cqrs_es::{Aggregate, DomainEvent};
use postgres_es::PostgresEventRepository;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{BATCH, Store, database, pool};
use crate::BODY;

/// The table as the crate's `db/init.sql` makes it.
const TABLE: &str = "CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, \
     sequence bigint CHECK (sequence >= 0) NOT NULL, event_type text NOT NULL, event_version text NOT NULL, \
     payload json NOT NULL, metadata json NOT NULL, PRIMARY KEY (aggregate_type, aggregate_id, sequence))";

#[derive(Default, Serialize, Deserialize)]
struct Case {
    notes: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Happened {
    Noted { text: String },
}

impl DomainEvent for Happened {
    fn event_type(&self) -> String {
        "Noted".to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl Aggregate for Case {
    const TYPE: &'static str = "case";
    type Command = ();
    type Event = Happened;
    type Error = Infallible;
    type Services = ();

    async fn handle(&mut self, (): (), (): &(), _: &EventSink<Self>) -> Result<(), Infallible> {
        Ok(())
    }

    fn apply(&mut self, event: Happened) {
        let Happened::Noted { text } = event;
        self.notes += usize::from(!text.is_empty());
    }
}

pub struct Cqrs(PostgresEventRepository);

impl Cqrs {
    pub async fn open(base: &str) -> Arc<Self> {
        let pool = pool(&database(base, "cqrs").await, &[]).await;
        sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
        Arc::new(Self(PostgresEventRepository::new(pool).with_streaming_channel_size(1_000)))
    }

    async fn add(&self, stream: &mut Stream, events: usize) -> bool {
        let event = |sequence| {
            let payload = json!({ "Noted": { "text": BODY } });
            let (kind, version) = ("Noted".to_owned(), "1.0".to_owned());
            let (id, case) = (stream.id.clone(), Case::TYPE.to_owned());
            SerializedEvent::new(id, sequence, case, kind, version, payload, json!({}))
        };
        let from = stream.sequence;
        let events: Vec<SerializedEvent> = (from + 1..=from + events).map(event).collect();
        stream.sequence += events.len();
        self.0.persist::<Case>(&events, None).await.is_ok()
    }
}

pub struct Stream {
    id: String,
    sequence: usize,
}

impl Default for Stream {
    fn default() -> Self {
        Self { id: Uuid::now_v7().to_string(), sequence: 0 }
    }
}

impl Store for Cqrs {
    type Stream = Stream;

    fn name(&self) -> &'static str {
        "postgres-es 0.5"
    }

    async fn append(&self, stream: &mut Stream) -> bool {
        self.add(stream, 1).await
    }

    async fn fill(&self, events: usize) {
        for _ in 0..events.div_ceil(BATCH) {
            assert!(self.add(&mut Stream::default(), BATCH).await);
        }
    }

    async fn replay(&self) -> usize {
        let mut events = self.0.stream_all_events::<Case>().await.unwrap();
        let mut case = Case::default();
        while let Some(event) = events.next::<Case>(&[]).await {
            case.apply(event.unwrap().payload);
        }
        case.notes
    }
}
