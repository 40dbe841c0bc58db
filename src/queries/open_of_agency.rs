//! Open cases that an agency has.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// An open case of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCase {
    /// When it was received, microseconds since 1970.
    pub received_at: i64,
    /// The case.
    pub case_id: Uuid,
    /// Its number.
    pub number: String,
}

/// The statuses in which an agency has a case and it is not over.
macro_rules! with_the_agency {
    () => {
        "('dispatched', 'in_progress', 'waiting_citizen', 'resolved', 'checked')"
    };
}

/// The open cases an agency is responsible for, the oldest first, after the last one seen, at most
/// `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of_agency(
    pool: &Pool,
    agency: &str,
    after: Option<&OpenCase>,
    limit: i64,
) -> Result<Vec<OpenCase>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT received_at, case_id, number FROM cases WHERE agency = $1 AND status IN ",
        with_the_agency!(),
        " AND (received_at, case_id) > ($2, $3) ORDER BY received_at, case_id LIMIT $4"
    );
    let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |last| (last.received_at, last.case_id));
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).bind(agency).bind(at).bind(id).bind(limit).fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                Ok(OpenCase {
                    received_at: row.try_get(0)?,
                    case_id: row.try_get(1)?,
                    number: row.try_get(2)?,
                })
            })
            .collect()
    })
}

/// In how many open cases each agency has a part beside another agency, by code.
///
/// # Errors
/// When the database does not answer.
pub async fn open_parts_of(pool: &Pool) -> Result<Vec<(String, i64)>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT p.agency, COUNT(*) FROM cases c JOIN case_agencies p ON p.case_id = c.case_id \
         WHERE p.part = 'co' AND c.status IN ",
        with_the_agency!(),
        " GROUP BY p.agency ORDER BY p.agency"
    );
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).fetch_all(db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    })
}
