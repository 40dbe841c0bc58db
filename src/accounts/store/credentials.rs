//! What people prove with that they are who they say.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// What is stored of an account's secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Credentials {
    /// Argon2id, as a PHC string.
    pub(in crate::accounts) password: String,
    /// It is a first password.
    pub(in crate::accounts) must_change: bool,
    /// Of one-time codes.
    pub(in crate::accounts) code_secret: Option<String>,
    /// One being set up.
    pub(in crate::accounts) code_offered: Option<String>,
    /// The last time step a code was taken of.
    pub(in crate::accounts) code_step: i64,
}

/// The credentials of an account.
pub(in crate::accounts) async fn credentials(
    pool: &Pool,
    id: Uuid,
) -> Result<Option<Credentials>, sqlx::Error> {
    const SQL: &str = "SELECT password, must_change, code_secret, code_offered, code_step \
         FROM credentials WHERE account_id = $1";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(id).fetch_optional(db).await?;
        row.map(|row| {
            Ok(Credentials {
                password: row.try_get(0)?,
                must_change: row.try_get::<i64, _>(1)? != 0,
                code_secret: row.try_get(2)?,
                code_offered: row.try_get(3)?,
                code_step: row.try_get(4)?,
            })
        })
        .transpose()
    })
}

/// Stores the credentials of an account instead of those it had.
pub(in crate::accounts) async fn put_credentials(
    pool: &Pool,
    id: Uuid,
    new: &Credentials,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO credentials \
         (account_id, password, must_change, code_secret, code_offered, code_step) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (account_id) DO UPDATE SET password = excluded.password, \
         must_change = excluded.must_change, code_secret = excluded.code_secret, \
         code_offered = excluded.code_offered, code_step = excluded.code_step";
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(id)
            .bind(&new.password)
            .bind(i64::from(new.must_change))
            .bind(&new.code_secret)
            .bind(&new.code_offered)
            .bind(new.code_step)
            .execute(db)
            .await
            .map(drop)
    })
}

/// A password somebody chose. Only this is written: what happens to codes at the same time stands.
pub(in crate::accounts) async fn set_password(
    pool: &Pool,
    id: Uuid,
    hash: &str,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "UPDATE credentials SET password = $1, must_change = 0 WHERE account_id = $2";
    on_pool!(pool, db => sqlx::query(SQL).bind(hash).bind(id).execute(db).await.map(drop))
}

/// A secret of codes being set up.
pub(in crate::accounts) async fn offer_code(
    pool: &Pool,
    id: Uuid,
    secret: &str,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "UPDATE credentials SET code_offered = $1 WHERE account_id = $2";
    on_pool!(pool, db => sqlx::query(SQL).bind(secret).bind(id).execute(db).await.map(drop))
}

/// Takes an offered secret into use; false if it is no longer the one offered.
pub(in crate::accounts) async fn confirm_code(
    pool: &Pool,
    id: Uuid,
    secret: &str,
    step: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "UPDATE credentials SET code_secret = $1, code_offered = NULL, code_step = $2 \
         WHERE account_id = $3 AND code_offered = $1";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(secret).bind(step).bind(id).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Marks the time step of a code as used; false if it was already, here or on another node.
pub(in crate::accounts) async fn use_code_step(
    pool: &Pool,
    id: Uuid,
    step: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str =
        "UPDATE credentials SET code_step = $1 WHERE account_id = $2 AND code_step < $1";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(step).bind(id).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}
