//! The tables of both databases, brought to this program's version when the log is opened.

use std::borrow::Cow;

use hoiam_projections::inline::INLINE;
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
    ($number:literal, $name:literal, file $file:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        }
    };
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

const STEPS: &[Step] = &[
    step!(1, "log"),
    step!(2, "desk"),
    step!(3, "probe"),
    step!(4, "slim"),
    step!(5, "followers"),
    step!(6, "nearby"),
    step!(7, "projections"),
    step!(8, "policy"),
    step!(10, "import", file "0010_import.sql"),
    step!(11, "proof", file "0011_proof.sql"),
    step!(12, "sums", file "0012_sums.sql"),
    step!(13, "accounts", file "0013_accounts.sql"),
    step!(14, "vault", file "0014_vault.sql"),
    step!(15, "lists", file "0015_lists.sql"),
    step!(16, "attachments", file "0016_attachments.sql"),
    step!(17, "ways_in", file "0017_ways_in.sql"),
    step!(18, "sealed", file "0018_sealed.sql"),
    step!(19, "growth", file "0019_growth.sql"),
    step!(21, "timers", file "0021_timers.sql"),
    step!(22, "forget", file "0022_forget.sql"),
    step!(23, "guests", file "0023_guests.sql"),
    step!(24, "words", file "0024_words.sql"),
    step!(25, "ends", file "0025_ends.sql"),
    step!(27, "ties", file "0027_ties.sql"),
    step!(28, "sealed_cases", file "0028_sealed_cases.sql"),
];

/// Takes the steps not yet taken. Two nodes that open one PostgreSQL at once wait for each other.
pub(crate) async fn run(pool: &Pool) -> Result<(), LogError> {
    match pool {
        Pool::Sqlite(db) => migrator(|step| step.sqlite).run(db).await?,
        Pool::Postgres(db) => migrator(|step| step.postgres).run(db).await?,
    }
    mark_new(pool).await
}

/// The rows of an empty log are those of every version: nothing has to be filled anew.
async fn mark_new(pool: &Pool) -> Result<(), LogError> {
    const MARK: &str = "INSERT INTO projection_versions (name, version) \
         SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM log_head WHERE position = 0 \
         ON CONFLICT (name) DO UPDATE SET version = excluded.version";
    for projection in INLINE {
        let version = i64::from(projection.version);
        crate::on_pool!(pool, db => {
            sqlx::query(MARK).bind(projection.name).bind(version).execute(db).await?;
        });
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
