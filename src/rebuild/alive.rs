//! Whether the database still gives answers.
//!
//! A server that ends says so, and whoever waits for it is told. One whose machine or network is
//! gone says nothing, and an answer of which nobody knows how long it may take, such as an index
//! over millions of rows, would be waited for without end. So a connection of its own asks
//! something small all the while.

use std::time::Duration;

use sqlx::postgres::PgPool;
use sqlx::{ConnectOptions, Connection};
use tokio::time::{Instant, sleep, timeout};

use super::RebuildError;
use crate::followers::FollowerError;
use crate::log::{LogError, Pool};

/// Looks within the time a database may be silent.
const LOOKS: u32 = 5;

/// Returns when the database has given no answer for `patience`; never if it is a file.
pub(crate) async fn silent(pool: &Pool, patience: Duration) {
    let Pool::Postgres(pool) = pool else { return std::future::pending().await };
    let mut answered = Instant::now();
    while answered.elapsed() < patience {
        sleep(patience / LOOKS).await;
        let left = patience.saturating_sub(answered.elapsed());
        // Any answer will do: that there are too many connections is one as well.
        if let Ok(Ok(()) | Err(sqlx::Error::Database(_))) = timeout(left, ask(pool)).await {
            answered = Instant::now();
        }
    }
}

async fn ask(pool: &PgPool) -> Result<(), sqlx::Error> {
    let options = pool.connect_options();
    let mut connection = options.connect().await?;
    sqlx::raw_sql("SELECT 1").execute(&mut connection).await?;
    connection.close().await
}

/// An error that says that the database went away, as one a person can act on.
pub(super) fn explained(error: RebuildError) -> RebuildError {
    let cause = match &error {
        RebuildError::Database(cause)
        | RebuildError::Log(LogError::Database(cause))
        | RebuildError::Followers(FollowerError::Log(LogError::Database(cause))) => cause,
        _ => return error,
    };
    if gone(cause) { RebuildError::Gone(cause.to_string()) } else { error }
}

/// Whether the connection failed and not what was asked.
fn gone(error: &sqlx::Error) -> bool {
    /// Classes of SQLSTATE: connections, and a server that was shut down or crashed.
    const CLASSES: [&str; 2] = ["08", "57P"];
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some()
                && CLASSES.iter().any(|class| code.starts_with(class))
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => true,
        _ => false,
    }
}
