//! Open cases that an agency has, or has a part in.

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

/// What an agency is in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Involved {
    /// Responsible for it.
    Lead,
    /// It has a part beside another agency, finished or not.
    Part,
}

/// The open cases of an agency, the oldest first, after the last one seen, at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn open_of_agency(
    pool: &Pool,
    agency: &str,
    involved: Involved,
    after: Option<&OpenCase>,
    limit: i64,
) -> Result<Vec<OpenCase>, sqlx::Error> {
    const LEAD: &str = concat!(
        "SELECT received_at, case_id, number FROM cases WHERE agency = $1 AND status IN ",
        with_the_agency!(),
        " AND (received_at, case_id) > ($2, $3) ORDER BY received_at, case_id LIMIT $4"
    );
    const PART: &str = concat!(
        "SELECT c.received_at, c.case_id, c.number FROM case_agencies p \
         JOIN cases c ON c.case_id = p.case_id \
         WHERE p.agency = $1 AND p.part = 'co' AND c.status IN ",
        with_the_agency!(),
        " AND (c.received_at, c.case_id) > ($2, $3) ORDER BY c.received_at, c.case_id LIMIT $4"
    );
    let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |last| (last.received_at, last.case_id));
    let text = match involved {
        Involved::Lead => LEAD,
        Involved::Part => PART,
    };
    on_pool!(pool, db => {
        let rows =
            sqlx::query(text).bind(agency).bind(at).bind(id).bind(limit).fetch_all(db).await?;
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
