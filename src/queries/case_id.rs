//! Which case has a number.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// The stream of the case with a number.
///
/// # Errors
/// When the database does not answer.
pub async fn case_id_by_number(pool: &Pool, number: &str) -> Result<Option<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT case_id FROM cases WHERE number = $1";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(number).fetch_optional(db).await?;
        row.map(|row| row.try_get::<Uuid, _>(0)).transpose()
    })
}
