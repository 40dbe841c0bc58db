//! No store at all: one `INSERT` a commit into a table with the same two keys.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::{Store, database, pool};
use crate::BODY;

pub struct Plain(PgPool);

const TABLE: &str = "CREATE TABLE rows (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream UUID NOT NULL, \
                     version BIGINT NOT NULL, payload TEXT NOT NULL, UNIQUE (stream, version))";

impl Plain {
    pub async fn open(base: &str) -> Arc<Self> {
        let pool = pool(&database(base, "plain").await, &[]).await;
        sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
        Arc::new(Self(pool))
    }
}

pub struct Stream(Uuid, i64);

impl Default for Stream {
    fn default() -> Self {
        Self(Uuid::now_v7(), 0)
    }
}

impl Store for Plain {
    type Stream = Stream;

    fn name(&self) -> &'static str {
        "plain INSERT"
    }

    async fn append(&self, Stream(stream, version): &mut Stream) -> bool {
        *version += 1;
        sqlx::query("INSERT INTO rows (stream, version, payload) VALUES ($1, $2, $3)")
            .bind(*stream)
            .bind(*version)
            .bind(BODY)
            .execute(&self.0)
            .await
            .is_ok()
    }

    async fn fill(&self, events: usize) {
        sqlx::query(
            "INSERT INTO rows (stream, version, payload) SELECT gen_random_uuid(), 1, $1 FROM generate_series(1, $2)",
        )
        .bind(BODY)
        .bind(events as i64)
        .execute(&self.0)
        .await
        .unwrap();
    }

    async fn replay(&self) -> usize {
        let select = "SELECT position, stream, version, payload FROM rows ORDER BY position";
        let (mut rows, mut count) = (sqlx::query(select).fetch(&self.0), 0);
        while let Some(row) = rows.try_next().await.unwrap() {
            let event: (i64, Uuid, i64, &str) = (row.get(0), row.get(1), row.get(2), row.get(3));
            count +=
                usize::from(event.0 > 0 && event.2 > 0 && !event.1.is_nil() && !event.3.is_empty());
        }
        count
    }
}
