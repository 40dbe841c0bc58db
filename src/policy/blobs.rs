//! Content-addressed storage beside the log: the files of rule sets, boundaries. Events name what
//! they mean by its SHA-256; the same content is kept once, is never changed, and is checked
//! against its hash when it is read.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::Row;

use super::PolicyError;
use crate::log::Pool;
use crate::on_pool;
use crate::tracking::hex;

/// No rule set or set of boundaries is larger.
pub const LARGEST: usize = 64 << 20;

/// What kind of content it is; for people who look into the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobKind {
    /// The files of a rule set, as `hoiam_domain::policy::archive` packs them.
    RuleSet,
    /// Boundaries of places.
    Boundaries,
}

impl BlobKind {
    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RuleSet => "rule_set",
            Self::Boundaries => "boundaries",
        }
    }

    /// The kind of a word in the table.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::RuleSet, Self::Boundaries].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What is known of stored content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its SHA-256, hexadecimal.
    pub hash: String,
    /// What it is.
    pub kind: BlobKind,
    /// When it was stored.
    pub stored_at: Timestamp,
}

/// All content there is, in the order of hashes.
///
/// # Errors
/// When the table holds what this program does not know, or the database does not answer.
pub async fn list(pool: &Pool) -> Result<Vec<StoredBlob>, PolicyError> {
    const SQL: &str = "SELECT hash, kind, stored_at FROM policy_blobs ORDER BY hash";
    let rows: Vec<(String, String, i64)> =
        on_pool!(pool, db => sqlx::query_as(SQL).fetch_all(db).await?);
    let read = |(hash, kind, stored_at): (String, String, i64)| {
        let known = BlobKind::from_word(&kind).zip(Timestamp::from_microsecond(stored_at).ok());
        let Some((kind, stored_at)) = known else {
            let reason = format!("it is of an unknown kind, `{kind}`, or time");
            return Err(PolicyError::Altered { hash, reason });
        };
        Ok(StoredBlob { hash, kind, stored_at })
    };
    rows.into_iter().map(read).collect()
}

/// Stores content, if it is not stored yet, and gives its hash: SHA-256, hexadecimal. It is durable
/// when this returns, so an event may name it.
///
/// # Errors
/// When it is too large or the database does not answer.
pub async fn store_blob(
    pool: &Pool,
    kind: BlobKind,
    content: &[u8],
    now: Timestamp,
) -> Result<String, PolicyError> {
    const SQL: &str = "INSERT INTO policy_blobs (hash, kind, content, stored_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING";
    if content.len() > LARGEST {
        return Err(PolicyError::TooLarge { bytes: content.len(), most: LARGEST });
    }
    let hash = hash_of(content);
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(&hash)
            .bind(kind.as_str())
            .bind(content)
            .bind(now.as_microsecond())
            .execute(db)
            .await
            .map(|_| ())
    })?;
    Ok(hash)
}

/// The content with a hash; none when it is not stored here.
///
/// # Errors
/// When what is stored is not what the hash says, or the database does not answer.
pub async fn blob(pool: &Pool, hash: &str) -> Result<Option<Vec<u8>>, PolicyError> {
    const SQL: &str = "SELECT content FROM policy_blobs WHERE hash = $1";
    let content: Option<Vec<u8>> = on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(hash).fetch_optional(db).await?;
        row.map(|row| row.try_get(0)).transpose()?
    });
    if content.as_ref().is_some_and(|content| hash_of(content) != hash) {
        let reason = "its hash is another".to_owned();
        return Err(PolicyError::Altered { hash: hash.to_owned(), reason });
    }
    Ok(content)
}

fn hash_of(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}
