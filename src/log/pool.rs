//! Which database, and the connections to it: a thin enum over the two drivers' pools.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use super::error::LogError;

/// Where the log lives.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file; it and its directory are made if absent.
    Sqlite(PathBuf),
    /// A PostgreSQL URL, `postgres://…`.
    Postgres(String),
}

/// Without a password that may stand in the URL.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// Connections for queries and for whatever is not an append.
///
/// A transaction has to run in a task that nobody cancels: in this version of the driver a
/// `begin()` whose future is dropped leaves a PostgreSQL connection inside a transaction.
/// On SQLite a transaction that writes has to start with `BEGIN IMMEDIATE`.
#[derive(Clone, Debug)]
pub enum Pool {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

/// Runs the same expression on whichever pool it is, named as given: `on!(pool, db => query.fetch_all(db).await)`.
#[macro_export]
macro_rules! on_pool {
    ($pool:expr, $db:ident => $body:expr) => {
        match $pool {
            $crate::log::Pool::Sqlite($db) => $body,
            $crate::log::Pool::Postgres($db) => $body,
        }
    };
}

/// How to connect, for both the pool and the writer's own connection.
#[derive(Clone, Debug)]
pub(crate) enum Connect {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

impl Connect {
    /// Reads the options out of the database's address; makes the directory of a SQLite file.
    pub(crate) fn to(database: &Database) -> Result<Self, LogError> {
        match database {
            Database::Sqlite(path) => {
                if let Some(directory) =
                    path.parent().filter(|directory| !directory.as_os_str().is_empty())
                {
                    make_directory(directory)?;
                }
                Ok(Self::Sqlite(sqlite(path)))
            }
            Database::Postgres(url) => Ok(Self::Postgres(postgres(url.parse()?))),
        }
    }

    pub(crate) async fn pool(&self, connections: u32) -> Result<Pool, sqlx::Error> {
        match self {
            Self::Sqlite(options) => SqlitePoolOptions::new()
                .max_connections(connections)
                .connect_with(options.clone())
                .await
                .map(Pool::Sqlite),
            Self::Postgres(options) => PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options.clone())
                .await
                .map(Pool::Postgres),
        }
    }
}

/// Whether there is a log's database; makes nothing. What is there but cannot be read counts as
/// there: opening it says what is wrong.
pub(crate) async fn there(database: &Database) -> Result<bool, LogError> {
    const TABLE: &str = "SELECT to_regclass('log_head') IS NOT NULL";
    match database {
        Database::Sqlite(path) => Ok(match std::fs::metadata(path) {
            Ok(file) => file.len() > 0,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        }),
        Database::Postgres(url) => {
            let mut connection = PgConnection::connect_with(&postgres(url.parse()?)).await?;
            let there = sqlx::query_scalar(TABLE).fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(there)
        }
    }
}

/// On SQLite, waits until no other process or task is opening this database: two that make a new
/// file a write-ahead one, or migrate it, would refuse each other. PostgreSQL has a lock for this.
pub(crate) async fn opening(database: &Database) -> Result<Option<File>, LogError> {
    let Database::Sqlite(path) = database else { return Ok(None) };
    let mut name = path.clone().into_os_string();
    name.push("-opening");
    let failed = |error| LogError::Directory { path: path.display().to_string(), error };
    let file = File::create(name).map_err(failed)?;
    let database = path.clone();
    let locked = tokio::task::spawn_blocking(move || {
        file.lock()?;
        make_private(&database)?;
        Ok(file)
    });
    let locked = locked.await;
    locked.map_err(|panic| failed(panic.into()))?.map(Some).map_err(failed)
}

/// A new database is for its owner's eyes only; what SQLite makes beside it has the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn make_directory(directory: &Path) -> Result<(), LogError> {
    std::fs::create_dir_all(directory)
        .map_err(|error| LogError::Directory { path: directory.display().to_string(), error })
}

/// WAL with `synchronous=FULL`: in WAL mode only FULL flushes at each commit, NORMAL would lose
/// acknowledged appends on a power cut.
fn sqlite(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("wal_autocheckpoint", "4000")
        .pragma("temp_store", "memory")
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

/// Commits wait for the disk whatever the server's default; a transaction left open by a broken
/// node ends by itself, so it cannot hold the head of the log for ever. Nor can a node whose machine
/// is gone hold the lock of a rebuild: the server asks whether it is there.
fn postgres(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("hoiam")
        .options([
            ("synchronous_commit", "on"),
            ("idle_in_transaction_session_timeout", "60s"),
            ("tcp_keepalives_idle", "60"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "6"),
        ])
        .statement_cache_capacity(200)
        .disable_statement_logging()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::log::{Log, LogOptions};

    #[tokio::test]
    async fn a_database_is_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("hoiam.db");
        let log = Log::open(&Database::Sqlite(path.clone()), LogOptions::default()).await.unwrap();
        for file in ["hoiam.db", "hoiam.db-wal"] {
            let file = directory.path().join(file);
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        log.close().await;
    }
}
