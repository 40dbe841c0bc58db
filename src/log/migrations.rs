//! The tables of both databases, brought to this program's version when the log is opened.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::error::LogError;
use super::pool::Pool;

/// One step, in both dialects. Steps are only ever added.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// The step of a number and name: `migrations/{sqlite,postgres}/NUMBER_NAME.sql`.
macro_rules! step {
    ($number:literal, $name:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!(
                "../../migrations/sqlite/000",
                $number,
                "_",
                $name,
                ".sql"
            )),
            postgres: include_str!(concat!(
                "../../migrations/postgres/000",
                $number,
                "_",
                $name,
                ".sql"
            )),
        }
    };
}

const STEPS: &[Step] = &[step!(1, "log"), step!(2, "desk"), step!(3, "probe")];

/// Takes the steps not yet taken. Two nodes that open one PostgreSQL at once wait for each other.
pub(crate) async fn run(pool: &Pool) -> Result<(), LogError> {
    match pool {
        Pool::Sqlite(db) => migrator(|step| step.sqlite).run(db).await?,
        Pool::Postgres(db) => migrator(|step| step.postgres).run(db).await?,
    }
    Ok(())
}

fn migrator(text: fn(&Step) -> &'static str) -> Migrator {
    let migrations = STEPS.iter().map(|step| {
        let name = Cow::Borrowed(step.name);
        Migration::new(step.number, name, MigrationType::Simple, text(step).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}
