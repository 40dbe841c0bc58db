//! A fresh, empty database for one test.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use hoiam::log::{Database, Log, LogOptions, Pool};
use hoiam::vault::ring::KeySource;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;

/// The master key of every test: of processes by `HOIAM_MASTER_KEY`.
pub const MASTER_KEY: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";

/// How tests open a log.
pub fn options() -> LogOptions {
    LogOptions { master_key: KeySource::Given(MASTER_KEY.to_owned()), ..LogOptions::default() }
}

/// A database nobody else uses; gone when the test is over.
pub struct Bed {
    pub database: Database,
    directory: Option<TempDir>,
    name: Option<String>,
}

impl Bed {
    /// An empty directory for a SQLite file.
    pub fn sqlite() -> Self {
        let directory = TempDir::with_prefix("hoiam-").unwrap();
        let database = Database::Sqlite(directory.path().join("hoiam.db"));
        Self { database, directory: Some(directory), name: None }
    }

    /// An empty database of the PostgreSQL that `scripts/with-postgres` started. Without one the
    /// test fails: a store test that was skipped proves nothing.
    pub async fn postgres() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hoiam_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = admin().await;
        for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        }
        admin.close().await.unwrap();
        let database = Database::Postgres(base().replacen("/postgres?", &format!("/{name}?"), 1));
        Self { database, directory: None, name: Some(name) }
    }

    /// A log in it.
    pub async fn open(&self) -> Log {
        self.open_with(options()).await
    }

    pub async fn open_with(&self, options: LogOptions) -> Log {
        let master_key = KeySource::Given(MASTER_KEY.to_owned());
        let options = LogOptions { master_key, ..options };
        Log::open(&self.database, options).await.unwrap()
    }

    /// The same, a SQLite file in a folder of this one that is not there. To be removed by this bed.
    pub fn below(&self, folder: &str) -> Self {
        let database = match &self.database {
            Database::Sqlite(path) => {
                Database::Sqlite(path.with_file_name(folder).join("hoiam.db"))
            }
            postgres => postgres.clone(),
        };
        Self { database, directory: None, name: self.name.clone() }
    }

    pub fn is_postgres(&self) -> bool {
        self.name.is_some()
    }

    /// Runs `hoiam COMMAND …` on this database in a process of its own: exit code, output, errors.
    pub fn hoiam(&self, command: &str, arguments: &[&str]) -> (i32, String, String) {
        let mut program = program(&self.database);
        program.arg(command).args(arguments);
        let done = program.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    }

    /// The name of the database within the PostgreSQL cluster.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap()
    }

    /// Removes it; a test that fails leaves it to `scripts/with-postgres`.
    pub async fn remove(self) {
        if let Some(name) = &self.name {
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin().await).await.unwrap();
        }
        drop(self.directory);
    }
}

/// The program on a database, in a process of its own.
pub fn program(database: &Database) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_hoiam"));
    program.env_remove("HOIAM_CONFIG").env_remove("HOIAM_DATA").env_remove("HOIAM_DATABASE");
    program.env("HOIAM_MASTER_KEY", MASTER_KEY);
    match database {
        Database::Sqlite(path) => program.env("HOIAM_DATA", path.parent().unwrap()),
        Database::Postgres(url) => program.env("HOIAM_DATABASE", url),
    };
    program
}

/// The URL of the cluster's own database, `…/postgres?…`.
fn base() -> String {
    std::env::var("HOIAM_TEST_POSTGRES")
        .expect("HOIAM_TEST_POSTGRES is not set: run `make test`, or scripts/with-postgres COMMAND")
}

/// A connection that may create databases.
pub async fn admin() -> PgConnection {
    let options: PgConnectOptions = base().parse().unwrap();
    PgConnection::connect_with(&options).await.unwrap()
}

/// Runs a statement outside the log.
pub async fn sql(pool: &Pool, text: &str) -> Result<u64, sqlx::Error> {
    let text = AssertSqlSafe(text);
    match pool {
        Pool::Sqlite(db) => sqlx::raw_sql(text).execute(db).await.map(|done| done.rows_affected()),
        Pool::Postgres(db) => {
            sqlx::raw_sql(text).execute(db).await.map(|done| done.rows_affected())
        }
    }
}

/// Reads one number.
pub async fn number(pool: &Pool, text: &str) -> i64 {
    let text = AssertSqlSafe(text);
    hoiam::on_pool!(pool, db => sqlx::query_scalar(text).fetch_one(db).await.unwrap())
}
