//! What the database knows of fills and versions: how far each fill is, and which version of a
//! projection wrote the rows that are served.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::Row;

use super::target::Note;
use super::unit::Unit;
use crate::log::Pool;
use crate::on_pool;

/// What a fill has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Rows are being written; indexes are missing.
    Rows,
    /// Everything is there; what is appended is written as well.
    Whole,
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Whole => "whole",
        }
    }
}

/// How far the fill of a projection is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) stage: Stage,
    /// The rows of all events up to here are written.
    pub(crate) position: u64,
    /// The head of the log when it was last looked at.
    pub(crate) target: u64,
}

const STORE: &str = "INSERT INTO projection_fills (name, version, phase, position, target) \
     VALUES ($1, $2, CASE WHEN CAST($3 AS BIGINT) = 1 THEN 'whole' ELSE 'rows' END, $4, $5) \
     ON CONFLICT (name) DO UPDATE SET version = excluded.version, phase = excluded.phase, \
     position = excluded.position, target = excluded.target";

impl Fill {
    /// The statement that notes it.
    pub(crate) fn note(&self) -> Note {
        Note {
            sql: STORE,
            text: self.name.clone(),
            numbers: vec![
                i64::from(self.version),
                i64::from(self.stage == Stage::Whole),
                i64::try_from(self.position).unwrap_or(i64::MAX),
                i64::try_from(self.target).unwrap_or(i64::MAX),
            ],
        }
    }
}

/// The statement that forgets a fill.
pub(crate) fn forget(unit: Unit) -> Note {
    Note {
        sql: "DELETE FROM projection_fills WHERE name = $1",
        text: unit.name().to_owned(),
        numbers: Vec::new(),
    }
}

/// The statement that notes which version wrote the rows now served, up to which position.
pub(crate) fn served(unit: Unit, position: u64, now: Timestamp) -> Note {
    let version = i64::from(unit.version());
    let text = unit.name().to_owned();
    if unit.is_follower() {
        return Note {
            sql: "INSERT INTO follower_checkpoints (name, version, position, updated_at) \
                  VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET version = excluded.version, \
                  position = excluded.position, updated_at = excluded.updated_at",
            text,
            numbers: vec![
                version,
                i64::try_from(position).unwrap_or(i64::MAX),
                now.as_microsecond(),
            ],
        };
    }
    Note {
        sql: "INSERT INTO projection_versions (name, version) VALUES ($1, $2) \
              ON CONFLICT (name) DO UPDATE SET version = excluded.version",
        text,
        numbers: vec![version],
    }
}

/// All fills, finished or not.
pub(crate) async fn all(pool: &Pool) -> Result<Vec<Fill>, sqlx::Error> {
    const SQL: &str =
        "SELECT name, version, phase, position, target FROM projection_fills ORDER BY name";
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).fetch_all(db).await?;
        let mut fills = Vec::with_capacity(rows.len());
        for row in rows {
            let phase: String = row.try_get(2)?;
            fills.push(Fill {
                name: row.try_get(0)?,
                version: u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0),
                stage: if phase == Stage::Whole.word() { Stage::Whole } else { Stage::Rows },
                position: u64::try_from(row.try_get::<i64, _>(3)?).unwrap_or(0),
                target: u64::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0),
            });
        }
        Ok(fills)
    })
}

/// Which version wrote the served rows of each inline projection.
pub(crate) async fn versions(pool: &Pool) -> Result<HashMap<String, u32>, sqlx::Error> {
    const SQL: &str = "SELECT name, version FROM projection_versions";
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).fetch_all(db).await?;
        let mut versions = HashMap::with_capacity(rows.len());
        for row in rows {
            let version = u32::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
            versions.insert(row.try_get(0)?, version);
        }
        Ok(versions)
    })
}
