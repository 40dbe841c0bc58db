//! Read models made again from the log, on both databases.
//!
//! - [`beside`]: a server goes on beside the program that rebuilds, and serves its tables.
//! - [`cli`]: the commands, their exit codes and what they print.
//! - [`equal`]: what is rebuilt is what was there, and everything goes on with it.
//! - [`heal`]: a row changed behind the engine's back is named by verify and healed by rebuild.
//! - [`interrupted`]: stopped at any phase, it serves the old rows and goes on.
//! - [`lost`]: the database, or the program, goes away in the middle.
//! - [`open`]: the desk appends, here and on other nodes, while tables are filled and exchanged.
//! - [`trouble`]: the disk fills up; grants go over.
//! - [`versions`]: rows of a new version fill beside the old.

use hoiam::log::{Log, Pool};
use hoiam::rebuild::{Progress, RebuildOptions};
use hoiam_projections::TABLES;
use hoiam_projections::table::{Table, Type};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::support::Bed;
use crate::support::city::{City, POTHOLE, of, staff};

mod beside;
mod cli;
mod equal;
mod heal;
mod interrupted;
mod lost;
mod open;
mod trouble;
mod versions;

fn options() -> RebuildOptions {
    RebuildOptions::at(Timestamp::UNIX_EPOCH)
}

/// So little memory that every few events a batch is written and a case is dropped.
fn cramped() -> RebuildOptions {
    RebuildOptions { rows: 20_000, cases: 3, ..options() }
}

fn quiet(_: Progress) {}

/// Every row of a table as text, in the order of the key.
async fn rows(log: &Log, table: &'static Table) -> Vec<String> {
    let columns: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.0)).collect();
    let sql = format!(
        "SELECT {} FROM \"{}\" ORDER BY {}",
        columns.join(", "),
        table.name,
        columns[..table.key].join(", ")
    );
    hoiam::on_pool!(log.pool(), db => {
        let found = sqlx::query(AssertSqlSafe(sql)).fetch_all(db).await.unwrap();
        let one = |row: &_| -> String {
            let mut text = String::new();
            for (at, column) in table.columns.iter().enumerate() {
                text.push_str(&match column.1 {
                    Type::Text => format!("{:?} ", Row::get::<Option<String>, _>(row, at)),
                    Type::Int => format!("{:?} ", Row::get::<Option<i64>, _>(row, at)),
                    Type::Uuid => format!("{:?} ", Row::get::<Option<Uuid>, _>(row, at)),
                });
            }
            text
        };
        found.iter().map(one).collect()
    })
}

/// Every row of every inline read model.
async fn everything(log: &Log) -> Vec<(&'static str, Vec<String>)> {
    let mut all = Vec::new();
    for table in TABLES {
        all.push((table.name, rows(log, table).await));
    }
    all
}

/// The names of all tables, indexes and triggers there are.
async fn names(log: &Log) -> Vec<String> {
    match log.pool() {
        Pool::Sqlite(db) => {
            let sql = "SELECT type || ' ' || name || ' on ' || tbl_name FROM sqlite_schema \
                       WHERE name NOT LIKE 'case_words_%' ORDER BY 1";
            sqlx::query_scalar(sql).fetch_all(db).await.unwrap()
        }
        Pool::Postgres(db) => {
            let sql = "SELECT c.relkind::text || ' ' || c.relname || coalesce(' on ' || t.relname, '') \
                       || coalesce(' is ' || k.conname, '') \
                       FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid \
                       LEFT JOIN pg_class t ON t.oid = i.indrelid \
                       LEFT JOIN pg_constraint k ON k.conindid = c.oid \
                       WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1";
            sqlx::query_scalar(sql).fetch_all(db).await.unwrap()
        }
    }
}

/// Some cases in several stages: dispatched, accepted, merged, separated again, corrected.
async fn story(city: &City, cases: usize) {
    use hoiam::desk::Circumstances;
    use hoiam_domain::actor::Role;
    use hoiam_domain::case::CaseNumber;
    use hoiam_domain::case::command::{Merge, Unmerge};
    use hoiam_domain::private::Private;
    let coordinator = staff(Role::Coordinator);
    let mut numbers: Vec<CaseNumber> = Vec::new();
    for _ in 0..cases {
        numbers.push(city.receive(POTHOLE).await.number.parse().unwrap());
    }
    let agency = of(Role::AgencyCoordinator, "UBND-BTH");
    for number in numbers.iter().step_by(2) {
        city.give(&agency, number, "accept", "{}").await.unwrap();
    }
    for number in &numbers {
        city.give(&coordinator, number, "note", r#"{"text":"ghi chú"}"#).await.unwrap();
    }
    let once = Circumstances::default();
    let merge = Merge { into: numbers[0].clone(), reason: None };
    city.desk.merge(&coordinator, &numbers[1], &merge, &once).await.unwrap();
    city.desk.merge(&coordinator, &numbers[3], &merge, &once).await.unwrap();
    let undo = Unmerge { reason: Private::new("hai hố khác nhau".into()) };
    city.desk.unmerge(&coordinator, &numbers[1], &undo, &once).await.unwrap();
}
