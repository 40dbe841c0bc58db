//! Filling beside on PostgreSQL: binary `COPY` for new rows, `unnest` for those that may be there,
//! one transaction a batch with the note on how far the fill is.
//!
//! The lock is an advisory one of the session, so it goes when the process does.

mod copy;

use hoiam_projections::table::Table;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::ddl::quoted;
use super::{Note, SUFFIX, beside, rows};
use crate::rebuild::RebuildError;
use crate::rebuild::buffer::{Batch, TableBatch};
use crate::rebuild::fills::Fill;

/// The key of the advisory lock: "hoiamreb" as a number.
const LOCK: i64 = 0x686f_6961_6d72_6562;
/// Rows of a statement that may replace.
const CHUNK: usize = 4_000;
/// Codes of a lock that was not to be had: `lock_not_available`, `deadlock_detected`.
const BUSY: [&str; 2] = ["55P03", "40P01"];

/// A rebuild's connection.
pub(crate) struct Target {
    connection: PgConnection,
    /// An exchange is under way.
    locked: bool,
}

impl Target {
    pub(super) async fn open(pool: &PgPool) -> Result<Self, RebuildError> {
        // What is filled is worth nothing before the exchange, which is flushed to disk with
        // everything before it.
        let options = pool.connect_options().as_ref().clone().options([
            ("synchronous_commit", "off"),
            ("maintenance_work_mem", "256MB"),
            ("client_min_messages", "warning"),
        ]);
        let mut connection = options.connect().await?;
        let locked: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut connection)
            .await?;
        if !locked {
            return Err(RebuildError::Busy);
        }
        Ok(Self { connection, locked: false })
    }

    pub(super) async fn clean(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        for table in tables {
            let sql = format!("DROP TABLE IF EXISTS {}", quoted(&beside(table.name)));
            self.run(sql).await?;
        }
        Ok(())
    }

    /// Here they are dropped in the exchange itself.
    pub(super) async fn drop_replaced(&mut self, _: &[&'static Table]) -> Result<(), sqlx::Error> {
        Ok(())
    }

    pub(super) async fn make(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        const OPTIONS: &str = "SELECT array_to_string(reloptions, ', ') FROM pg_class \
             WHERE oid = CAST($1 AS regclass)";
        for table in tables {
            let stored: Option<String> = sqlx::query_scalar(OPTIONS)
                .bind(table.name)
                .fetch_one(&mut self.connection)
                .await?;
            let with = stored.map_or_else(String::new, |options| format!(" WITH ({options})"));
            let sql = format!(
                "CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES){with}",
                quoted(&beside(table.name)),
                quoted(table.name)
            );
            self.run(sql).await?;
        }
        Ok(())
    }

    /// The primary key of the table beside, if it is not there yet: made when the first rows are in,
    /// which costs a third of keeping it while they come.
    async fn key(&mut self, table: &Table) -> Result<(), sqlx::Error> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM pg_index \
             WHERE indrelid = CAST($1 AS regclass) AND indisprimary)";
        let there: bool = sqlx::query_scalar(SQL)
            .bind(quoted(&beside(table.name)))
            .fetch_one(&mut self.connection)
            .await?;
        if !there {
            for index in self.indexes(table).await?.iter().filter(|index| index.key) {
                self.run(index.beside(table)).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn fits(&mut self, tables: &[&'static Table]) -> Result<bool, sqlx::Error> {
        for table in tables {
            let served = self.columns(table.name).await?;
            if served.is_empty() || served != self.columns(&beside(table.name)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Columns, their types and how they are generated, as one text.
    async fn columns(&mut self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        const SQL: &str = "SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), \
             a.attnotnull, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) \
             FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
        sqlx::query_scalar(SQL).bind(table).fetch_all(&mut self.connection).await
    }

    pub(super) async fn write(&mut self, batch: &Batch, fills: &[Fill]) -> Result<(), sqlx::Error> {
        if !self.locked {
            self.run("BEGIN").await?;
        }
        for table in &batch.tables {
            copy::rows(&mut self.connection, table).await?;
            self.merge(table).await?;
        }
        for fill in fills {
            self.note(&fill.note()).await?;
        }
        if !self.locked {
            self.run("COMMIT").await?;
        }
        Ok(())
    }

    async fn merge(&mut self, table: &TableBatch) -> Result<(), sqlx::Error> {
        if !table.again.is_empty() {
            self.key(table.table).await?;
        }
        for chunk in table.again.chunks(CHUNK) {
            let set = rows(table, chunk);
            let (mut sql, mut next) = (String::new(), 1);
            set.postgres_sql(&mut sql, "", &mut next);
            let query = set.postgres_bind(sqlx::query(AssertSqlSafe(sql)));
            query.execute(&mut self.connection).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        for table in tables {
            self.key(table).await?;
            for index in self.indexes(table).await?.iter().filter(|index| !index.key) {
                self.run(index.drop_beside(table)).await?;
                self.run(index.beside(table)).await?;
            }
            // Whoever may read the served table may read the one that takes its place.
            self.grants(table).await?;
            self.run(format!("ANALYZE {}", quoted(&beside(table.name)))).await?;
        }
        Ok(())
    }

    async fn grants(&mut self, table: &Table) -> Result<(), sqlx::Error> {
        const SQL: &str = "SELECT format('GRANT %s ON TABLE %s TO %s%s', a.privilege_type, $2, \
             CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, \
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) \
             FROM pg_class c, aclexplode(c.relacl) a \
             WHERE c.oid = CAST($1 AS regclass) AND a.grantee <> c.relowner";
        let grants: Vec<String> = sqlx::query_scalar(SQL)
            .bind(table.name)
            .bind(quoted(&beside(table.name)))
            .fetch_all(&mut self.connection)
            .await?;
        for grant in grants {
            self.run(grant).await?;
        }
        Ok(())
    }

    /// The head and the checkpoints first, as appends and followers do, so that none of them waits
    /// with a table in hand. Who reads for long does not make the appends wait for long: the lock is tried for a moment only.
    pub(super) async fn lock(&mut self, tables: &[&'static Table]) -> Result<bool, sqlx::Error> {
        let names: Vec<String> = tables.iter().map(|table| quoted(table.name)).collect();
        let sql = format!(
            "BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '250ms'; \
             LOCK TABLE log_head, follower_checkpoints IN EXCLUSIVE MODE; \
             LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
            names.join(", ")
        );
        match self.run(sql).await {
            Ok(()) => {
                self.locked = true;
                Ok(true)
            }
            Err(sqlx::Error::Database(error))
                if error.code().is_some_and(|code| BUSY.contains(&code.as_ref())) =>
            {
                self.run("ROLLBACK").await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn exchange(
        &mut self,
        tables: &[&'static Table],
        notes: &[Note],
    ) -> Result<(), sqlx::Error> {
        for table in tables {
            let indexes = self.indexes(table).await?;
            self.run(format!("DROP TABLE {}", quoted(table.name))).await?;
            self.run(format!(
                "ALTER TABLE {} RENAME TO {}",
                quoted(&beside(table.name)),
                quoted(table.name)
            ))
            .await?;
            for index in indexes {
                self.run(format!(
                    "ALTER INDEX {} RENAME TO {}",
                    quoted(&index.beside_name()),
                    quoted(&index.name)
                ))
                .await?;
            }
        }
        for note in notes {
            self.note(note).await?;
        }
        self.run("COMMIT").await?;
        self.locked = false;
        Ok(())
    }

    pub(super) async fn give_up(&mut self) -> Result<(), sqlx::Error> {
        self.locked = false;
        self.run("ROLLBACK").await
    }

    pub(super) async fn note(&mut self, note: &Note) -> Result<(), sqlx::Error> {
        let mut query = sqlx::query(note.sql).bind(&note.text);
        for number in &note.numbers {
            query = query.bind(number);
        }
        query.execute(&mut self.connection).await.map(drop)
    }

    pub(super) async fn close(self) {
        // The lock goes with the connection, however it ends.
        let _ = self.connection.close().await;
    }

    async fn run(&mut self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut self.connection).await.map(drop)
    }

    async fn indexes(&mut self, table: &Table) -> Result<Vec<Index>, sqlx::Error> {
        const SQL: &str = "SELECT CAST(c.relname AS TEXT), pg_get_indexdef(c.oid), \
             pg_get_constraintdef(k.oid), i.indisprimary \
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u') \
             WHERE i.indrelid = CAST($1 AS regclass) ORDER BY c.relname";
        let found = sqlx::query(SQL).bind(table.name).fetch_all(&mut self.connection).await?;
        let index = |row: &sqlx::postgres::PgRow| -> Result<Index, sqlx::Error> {
            Ok(Index {
                name: row.try_get(0)?,
                definition: row.try_get(1)?,
                constraint: row.try_get(2)?,
                key: row.try_get(3)?,
            })
        };
        found.iter().map(index).collect()
    }
}

/// An index of a served table.
struct Index {
    name: String,
    definition: String,
    constraint: Option<String>,
    /// The primary key.
    key: bool,
}

impl Index {
    fn beside_name(&self) -> String {
        format!("{}{SUFFIX}", self.name)
    }

    /// The statement that drops what an interrupted fill made of it.
    fn drop_beside(&self, table: &Table) -> String {
        let (name, table) = (quoted(&self.beside_name()), quoted(&beside(table.name)));
        if self.constraint.is_some() {
            format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        } else {
            format!("DROP INDEX IF EXISTS {name}")
        }
    }

    /// The statement that makes it on the table beside.
    fn beside(&self, table: &Table) -> String {
        let (name, table) = (quoted(&self.beside_name()), quoted(&beside(table.name)));
        if let Some(constraint) = &self.constraint {
            return format!("ALTER TABLE {table} ADD CONSTRAINT {name} {constraint}");
        }
        let unique = if self.definition.starts_with("CREATE UNIQUE") { "UNIQUE " } else { "" };
        let using = self.definition.find(" USING ").map_or("", |at| &self.definition[at..]);
        format!("CREATE {unique}INDEX {name} ON {table}{using}")
    }
}
