//! The databases that are measured, and new ones to measure in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hoiam::clock::SystemClock;
use hoiam::desk::Desk;
use hoiam::log::{Database, Log, LogOptions};
use hoiam::random::SystemRandom;
use hoiam::rules::{Rules, Source};
use sqlx::Connection;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where new databases are made.
pub struct Stores {
    pub place: PathBuf,
    /// A URL of the cluster that `scripts/with-postgres` started.
    pub postgres: String,
}

impl Stores {
    pub fn new(place: &Path) -> Self {
        let postgres =
            std::env::var("HOIAM_TEST_POSTGRES").expect("no PostgreSQL: run `make bench`");
        Self { place: place.to_owned(), postgres }
    }

    /// A new database; a SQLite one is `hoiam.db` in a directory of this name, where `hoiam`
    /// looks for it.
    pub async fn fresh(&self, store: Store, name: &str) -> Database {
        match store {
            Store::Sqlite => Database::Sqlite(self.place.join(name).join("hoiam.db")),
            Store::Postgres => {
                let mut admin = sqlx::PgConnection::connect(&self.postgres).await.unwrap();
                let create = format!("CREATE DATABASE hoiam_{name}");
                sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
                let path = format!("/hoiam_{name}?");
                Database::Postgres(self.postgres.replacen("/postgres?", &path, 1))
            }
        }
    }
}

/// The flags by which `hoiam` finds a database.
pub fn flags(database: &Database) -> [String; 2] {
    match database {
        Database::Sqlite(path) => {
            let directory = path.parent().unwrap_or_else(|| Path::new("."));
            ["--data".to_owned(), directory.display().to_string()]
        }
        Database::Postgres(url) => ["--database".to_owned(), url.clone()],
    }
}

/// A desk with the built-in rules and the real clock.
pub async fn desk(database: &Database) -> Desk {
    let log = Log::open(database, LogOptions::default()).await.unwrap();
    let rules = Rules::open(Source::choose(None)).unwrap();
    Desk::new(log, rules, "HCM", Arc::new(SystemClock), Arc::new(SystemRandom))
}
