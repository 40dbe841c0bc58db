//! Both databases have the same tables with the same columns.

use hoiam::log::Pool;
use sqlx::Row;

use crate::support::Bed;

const SQLITE: &str = "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid";

const POSTGRES: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
     WHERE table_schema = 'public' ORDER BY table_name COLLATE \"C\", ordinal_position";

async fn columns(bed: &Bed) -> Vec<(String, String)> {
    let log = bed.open().await;
    match log.pool() {
        Pool::Sqlite(db) => {
            let rows = sqlx::query(SQLITE).fetch_all(db).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        }
        Pool::Postgres(db) => {
            let rows = sqlx::query(POSTGRES).fetch_all(db).await.unwrap();
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        }
    }
}

#[tokio::test]
async fn tables_and_columns_are_the_same() {
    let (sqlite, postgres) = (Bed::sqlite(), Bed::postgres().await);
    let (left, right) = (columns(&sqlite).await, columns(&postgres).await);
    // The driver's table is not ours, and each database indexes full text in its own way: SQLite
    // with a virtual table beside the texts, PostgreSQL with one more column.
    let own_way = |table: &str, column: &str| {
        table.starts_with("_sqlx")
            || table.starts_with("case_words")
            || (table == "case_texts" && matches!(column, "id" | "words"))
    };
    let ours = |columns: Vec<(String, String)>| -> Vec<(String, String)> {
        columns.into_iter().filter(|(table, column)| !own_way(table, column)).collect()
    };
    assert_eq!(ours(left), ours(right));
    postgres.remove().await;
    sqlite.remove().await;
}

/// Opening again, and two nodes opening a new database at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_database_can_be_opened_twice_at_once() {
    for bed in [Bed::sqlite(), Bed::postgres().await] {
        let (a, b) = tokio::join!(bed.open(), bed.open());
        assert_eq!((a.head().await.unwrap(), b.head().await.unwrap()), (0, 0));
        bed.remove().await;
    }
}
