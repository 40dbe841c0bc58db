//! The disk fills up; and what PostgreSQL keeps of a table.

use std::path::Path;
use std::process::{Command, Output};

use hoiam::log::Database;
use hoiam::rebuild::{rebuild, verify};
use sqlx::AssertSqlSafe;

use super::*;
use crate::support::MASTER_KEY;
use crate::support::bed::{admin, number, sql};

/// Files of this program may not get larger than so many KiB: a full disk, to it.
const LIMIT: &str = "64";

/// The program where the disk is full, on the database in a directory.
fn on_a_full_disk(data: &Path, arguments: &[&str]) -> Output {
    let limited = format!("trap '' XFSZ; ulimit -S -f {LIMIT}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_hoiam")])
        .args(arguments)
        .env_remove("HOIAM_CONFIG")
        .env("HOIAM_MASTER_KEY", MASTER_KEY)
        .env_remove("HOIAM_DATABASE")
        .env("HOIAM_DATA", data)
        .output()
        .unwrap()
}

fn directory(bed: &Bed) -> &Path {
    let Database::Sqlite(path) = &bed.database else { panic!("a file") };
    path.parent().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_a_rebuild_and_nothing_else() {
    let bed = Bed::sqlite();
    let city = City::on(&bed).await;
    story(&city, 20).await;
    let before = everything(city.desk.log()).await;
    city.desk.log().close().await;
    let done = on_a_full_disk(directory(&bed), &["projections", "rebuild"]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(!String::from_utf8_lossy(&done.stderr).contains("panicked"), "{done:?}");

    let log = bed.open().await;
    assert_eq!(everything(&log).await, before, "the old rows are served");
    let done = rebuild(&log, &[], options(), quiet).await.unwrap();
    assert!(done.replaced && done.difference().is_none());
    assert_eq!(everything(&log).await, before);
    assert_eq!(verify(&log, &[]).await.unwrap().difference(), None);
    log.close().await;
    bed.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_leaves_no_half_export() {
    let bed = Bed::sqlite();
    let city = City::on(&bed).await;
    story(&city, 40).await;
    city.desk.log().close().await;
    let data = directory(&bed);
    let file = data.join("log.jsonl");
    let arguments = ["log", "export", "-o", file.to_str().unwrap()];
    let done = on_a_full_disk(data, &arguments);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let left: Vec<String> = std::fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("jsonl"))
        .collect();
    assert_eq!(left, [""; 0], "neither the file nor a part of it");
    bed.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_go_over_to_the_new_tables() {
    let bed = Bed::postgres().await;
    let city = City::on(&bed).await;
    story(&city, 4).await;
    let log = city.desk.log();
    let role = format!("reader_of_{}", bed.name());
    sql(log.pool(), &format!("CREATE ROLE {role}")).await.unwrap();
    sql(log.pool(), &format!("GRANT SELECT ON cases, daily_facts TO {role}")).await.unwrap();
    let may = |table: &str, what: &str| {
        format!("SELECT CAST(has_table_privilege('{role}', '{table}', '{what}') AS INT)::BIGINT")
    };
    assert!(rebuild(log, &[], options(), quiet).await.unwrap().replaced);
    for (table, what, expected) in [
        ("cases", "SELECT", 1),
        ("daily_facts", "SELECT", 1),
        ("cases", "UPDATE", 0),
        ("ledger", "SELECT", 0),
    ] {
        assert_eq!(number(log.pool(), &may(table, what)).await, expected, "{table} {what}");
    }
    sql(log.pool(), &format!("DROP OWNED BY {role}")).await.unwrap();
    let drop = AssertSqlSafe(format!("DROP ROLE {role}"));
    sqlx::raw_sql(drop).execute(&mut admin().await).await.unwrap();
    bed.remove().await;
}
