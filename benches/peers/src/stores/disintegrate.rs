//! disintegrate-postgres: decisions over queries instead of streams, in SERIALIZABLE.

use std::sync::Arc;

use disintegrate::serde::json::Json;
use disintegrate::{Event, EventStore, StreamItem, query};
use disintegrate_postgres::PgEventStore;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{BATCH, Store, database, pool};
use crate::BODY;

/// 4.0.1 writes a number in hexadecimal, which PostgreSQL reads from version 16 on only. The same
/// function with the number in decimal.
const BEGIN_EPOCH: &str = "
CREATE OR REPLACE FUNCTION event_store_begin_epoch() RETURNS void AS $$
DECLARE
    id BIGINT;
    db_id INT;
BEGIN
    SELECT last_value INTO id FROM seq_event_event_id;
    SELECT oid INTO db_id FROM pg_database WHERE datname = current_database();
    PERFORM pg_try_advisory_xact_lock_shared(db_id, 0);
    PERFORM pg_try_advisory_xact_lock_shared(1, (id & 4294967295)::bit(32)::integer);
    PERFORM pg_try_advisory_xact_lock_shared(2, (id >> 32)::bit(32)::integer);
END;
$$ LANGUAGE plpgsql";
/// How often a command is tried again before it counts as failed.
const ATTEMPTS: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Event, Serialize, Deserialize)]
enum Happened {
    Noted {
        #[id]
        case_id: String,
        text: String,
    },
}

pub struct Disintegrate(PgEventStore<Happened, Json<Happened>>);

impl Disintegrate {
    pub async fn open(base: &str) -> Arc<Self> {
        // Bodies unchecked, or its own version of the function would not be taken.
        let pool =
            pool(&database(base, "disintegrate").await, &[("check_function_bodies", "off")]).await;
        let store = PgEventStore::try_new(pool.clone(), Json::default()).await.unwrap();
        sqlx::raw_sql(BEGIN_EPOCH).execute(&pool).await.unwrap();
        Arc::new(Self(store))
    }
}

pub struct Stream {
    id: String,
    last: i64,
}

impl Default for Stream {
    fn default() -> Self {
        Self { id: Uuid::now_v7().to_string(), last: 0 }
    }
}

impl Store for Disintegrate {
    type Stream = Stream;

    fn name(&self) -> &'static str {
        "disintegrate-postgres 4.0.1"
    }

    async fn append(&self, stream: &mut Stream) -> bool {
        for _ in 0..ATTEMPTS {
            let event = Happened::Noted { case_id: stream.id.clone(), text: BODY.to_owned() };
            let own = query!(Happened; case_id == stream.id);
            if let Ok(persisted) = self.0.append(vec![event], own, stream.last).await {
                stream.last = persisted.last().map_or(stream.last, |event| event.id());
                return true;
            }
        }
        false
    }

    async fn fill(&self, events: usize) {
        for _ in 0..events.div_ceil(BATCH) {
            let case_id = Uuid::now_v7().to_string();
            let event = Happened::Noted { case_id, text: BODY.to_owned() };
            self.0.append_without_validation(vec![event; BATCH]).await.unwrap();
        }
    }

    async fn replay(&self) -> usize {
        let all = query!(Happened);
        let (mut events, mut count) = (self.0.stream(&all), 0);
        while let Some(item) = events.try_next().await.unwrap() {
            if let StreamItem::Event(event) = item {
                let Happened::Noted { text, .. } = event.into_inner();
                count += usize::from(!text.is_empty());
            }
        }
        count
    }
}
