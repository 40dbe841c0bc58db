//! What belongs to a table on SQLite: its indexes, its triggers and its full-text index, and how
//! all of that is made again under other names and put in place.
//!
//! SQLite cannot rename an index. The exchange changes its name in `sqlite_schema` as
//! <https://www.sqlite.org/lang_altertable.html> (section 8) describes for changes that do not
//! touch what is stored; making the indexes again inside the exchange would hold up every append.

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::super::ddl::{quoted, renamed};
use super::super::{OLD, SUFFIX, beside};

/// A table and what belongs to it.
pub(super) struct Schema {
    name: String,
    /// Its definition; none if there is no such table.
    sql: Option<String>,
    pub(super) indexes: Vec<Object>,
    pub(super) triggers: Vec<Object>,
    pub(super) words: Option<Words>,
}

/// An index or trigger.
pub(super) struct Object {
    pub(super) name: String,
    sql: String,
}

/// A full-text index over the table.
pub(super) struct Words {
    pub(super) name: String,
    sql: String,
    columns: Vec<String>,
}

pub(super) async fn read(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<Schema, sqlx::Error> {
    const SQL: &str =
        "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = $1 AND sql IS NOT NULL";
    let mut schema = Schema {
        name: table.to_owned(),
        sql: None,
        indexes: Vec::new(),
        triggers: Vec::new(),
        words: None,
    };
    for row in sqlx::query(SQL).bind(table).fetch_all(&mut *connection).await? {
        let (kind, name, sql): (String, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        match kind.as_str() {
            "table" => schema.sql = Some(sql),
            "index" => schema.indexes.push(Object { name, sql }),
            "trigger" => schema.triggers.push(Object { name, sql }),
            _ => {}
        }
    }
    schema.words = words(connection, &schema).await?;
    Ok(schema)
}

/// The full-text index that the table's triggers write to.
async fn words(
    connection: &mut SqliteConnection,
    schema: &Schema,
) -> Result<Option<Words>, sqlx::Error> {
    const SQL: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'";
    const COLUMNS: &str = "SELECT name FROM pragma_table_info($1) ORDER BY cid";
    for row in sqlx::query(SQL).fetch_all(&mut *connection).await? {
        let (name, sql): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let other = [(name.clone(), String::new())];
        let written = |trigger: &Object| renamed(&trigger.sql, &other) != trigger.sql;
        if schema.triggers.iter().any(written) {
            let columns =
                sqlx::query_scalar(COLUMNS).bind(&name).fetch_all(&mut *connection).await?;
            return Ok(Some(Words { name, sql, columns }));
        }
    }
    Ok(None)
}

impl Schema {
    /// The statement that makes the empty table beside.
    pub(super) fn table_beside(&self) -> String {
        let sql = self.sql.as_deref().unwrap_or_default();
        let body = sql.find('(').map_or("", |at| &sql[at..]);
        format!("CREATE TABLE {} {body}", quoted(&beside(&self.name)))
    }

    /// The statements that drop what there is of it, and of the full-text index of that name.
    pub(super) fn drops(&self, words: Option<&str>) -> Vec<String> {
        let mut all = Vec::new();
        all.extend(self.triggers.iter().map(|t| format!("DROP TRIGGER {}", quoted(&t.name))));
        all.extend(words.map(|words| format!("DROP TABLE IF EXISTS {}", quoted(words))));
        all.extend(self.indexes.iter().map(|i| format!("DROP INDEX {}", quoted(&i.name))));
        all.extend(self.sql.iter().map(|_| format!("DROP TABLE {}", quoted(&self.name))));
        all
    }

    /// The statements that put the table beside in the place of this one, inside a transaction.
    /// This one keeps its rows under another name, to be dropped when nobody waits.
    pub(super) fn exchange(&self) -> Vec<String> {
        let mut all = Vec::new();
        for trigger in &self.triggers {
            all.push(format!("DROP TRIGGER {}", quoted(&trigger.name)));
            all.push(format!("DROP TRIGGER {}", quoted(&beside(&trigger.name))));
        }
        for name in std::iter::once(&self.name).chain(self.words.iter().map(|words| &words.name)) {
            let (fill, old) = (quoted(&beside(name)), quoted(&format!("{name}{OLD}")));
            all.push(format!("ALTER TABLE {} RENAME TO {old}", quoted(name)));
            all.push(format!("ALTER TABLE {fill} RENAME TO {}", quoted(name)));
        }
        all.extend(self.indexes.iter().map(|index| format!("DROP INDEX {}", quoted(&index.name))));
        if !self.indexes.is_empty() {
            all.push("PRAGMA writable_schema = ON".to_owned());
            all.extend(self.indexes.iter().map(Object::put_in_place));
            all.push("PRAGMA writable_schema = RESET".to_owned());
        }
        all.extend(self.triggers.iter().map(|trigger| trigger.sql.clone()));
        all
    }
}

impl Object {
    pub(super) fn beside_name(&self) -> String {
        beside(&self.name)
    }

    /// The statement that makes an index on the table beside.
    pub(super) fn beside(&self, table: &str, words: Option<&str>) -> String {
        let pair = |name: &str| (name.to_owned(), beside(name));
        let mut exchange = vec![pair(table), pair(&self.name)];
        exchange.extend(words.map(pair));
        renamed(&self.sql, &exchange)
    }

    /// The statement that gives an index beside its own name.
    fn put_in_place(&self) -> String {
        let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
        format!(
            "UPDATE sqlite_schema SET name = {}, sql = {} WHERE type = 'index' AND name = {}",
            text(&self.name),
            text(&self.sql),
            text(&self.beside_name())
        )
    }
}

impl Words {
    /// The statement that makes the empty index beside. What it says of the table it indexes stays
    /// as it is: by that name the table will be known.
    pub(super) fn beside(&self) -> String {
        renamed(&self.sql, &[(self.name.clone(), format!("{}{SUFFIX}", self.name))])
    }

    /// The statement that indexes the texts with numbers after `$1` up to `$2`.
    pub(super) fn fill(&self, table: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|name| quoted(name)).collect();
        let columns = columns.join(", ");
        format!(
            "INSERT INTO {} (rowid, {columns}) SELECT rowid, {columns} FROM {} \
             WHERE rowid > $1 AND rowid <= $2",
            quoted(&beside(&self.name)),
            quoted(&beside(table))
        )
    }
}
