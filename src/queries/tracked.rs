//! Which case a tracking code opens.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// What a tracking code opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The case it was given for.
    pub case_id: Uuid,
    /// The party it was given to.
    pub party: String,
}

/// What the code with this hash opens.
///
/// # Errors
/// When the database does not answer.
pub async fn tracked(pool: &Pool, code_hash: &str) -> Result<Option<Tracked>, sqlx::Error> {
    const SQL: &str = "SELECT case_id, party FROM tracking WHERE code_hash = $1";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(code_hash).fetch_optional(db).await?;
        row.map(|row| Ok(Tracked { case_id: row.try_get(0)?, party: row.try_get(1)? })).transpose()
    })
}
