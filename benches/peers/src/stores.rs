//! What is compared, each in a database of its own.

mod cqrs;
mod disintegrate;
mod ours;
mod plain;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, PgConnection};

pub use cqrs::Cqrs;
pub use disintegrate::Disintegrate;
pub use ours::Ours;
pub use plain::Plain;

/// Connections of a store that has no writer of its own: one a caller.
const CONNECTIONS: u32 = 64;
/// Events in one call when the log to read is made.
const BATCH: usize = 500;

/// A store of events.
pub trait Store: Send + Sync + 'static {
    /// A caller's own stream and where it stands.
    type Stream: Default + Send;

    fn name(&self) -> &'static str;

    /// Appends one event behind the last, durably. False when the store refused it.
    fn append(&self, stream: &mut Self::Stream) -> impl Future<Output = bool> + Send;

    /// Adds so many events as fast as the store offers.
    fn fill(&self, events: usize) -> impl Future<Output = ()> + Send;

    /// Reads and decodes everything in the store's order. Gives the number of events.
    fn replay(&self) -> impl Future<Output = usize> + Send;
}

/// The URL of a new database.
async fn database(base: &str, name: &str) -> String {
    let mut admin = PgConnection::connect(base).await.unwrap();
    sqlx::raw_sql(&format!("CREATE DATABASE peer_{name}")).execute(&mut admin).await.unwrap();
    base.replacen("/postgres?", &format!("/peer_{name}?"), 1)
}

async fn pool(url: &str, options: &[(&str, &str)]) -> PgPool {
    let options = url.parse::<PgConnectOptions>().unwrap().options(options.iter().copied());
    PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await.unwrap()
}
