//! Wrapped keys in the database, and their rotation: every key wrapped anew by the present master
//! key, while the log stays as it is.

use sqlx::Row as _;
use uuid::Uuid;

use super::case_keys::WrappedKeys;
use super::ring::{KeySource, Ring};
use super::{Vault, VaultError, guest_keys};
use crate::log::Pool;
use crate::on_pool;
use crate::random::Random;

const SECRET: &str = "SELECT wrapped FROM vault_secrets WHERE name = $1";
const NEW_SECRET: &str = "INSERT INTO vault_secrets (name, wrapped, master) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO NOTHING";
const KEYS: &str = "SELECT contact, content, guests FROM stream_keys WHERE stream = $1";

/// The secret all keyed hashes are made with.
const INDEX: &str = "index";
/// Rows wrapped anew at once.
const BATCH: i64 = 500;

const OUTDATED: &str =
    "SELECT stream, contact, content, guests FROM stream_keys WHERE master <> $1 LIMIT $2";
/// Only what is still as it was read: a key destroyed meanwhile is not brought back.
const REWRAP: &str = "UPDATE stream_keys SET contact = $1, content = $2, guests = $3, master = $4 \
     WHERE stream = $5 AND coalesce(contact, '') = $6 AND coalesce(content, '') = $7 \
     AND coalesce(guests, '') = $8";
const OLD_SECRETS: &str = "SELECT name, wrapped FROM vault_secrets WHERE master <> $1";
const REWRAP_SECRET: &str =
    "UPDATE vault_secrets SET wrapped = $1, master = $2 WHERE name = $3 AND wrapped = $4";
const MASTERS: &str =
    "SELECT DISTINCT master FROM stream_keys UNION SELECT DISTINCT master FROM vault_secrets";

impl Vault {
    /// The keys of a database, whose tables are there. A new database gets a new master key if its
    /// source is a file that does not exist.
    ///
    /// # Errors
    /// [`VaultError`]; above all when the master key is not this database's.
    pub(crate) async fn open(
        pool: &Pool,
        source: &KeySource,
        random: &dyn Random,
    ) -> Result<Self, VaultError> {
        let ring = match Ring::read(source)? {
            Some(ring) => ring,
            // What a lost key sealed, a new one would not open: say so instead of making one.
            None if secret(pool, INDEX).await?.is_some() => return Err(VaultError::OtherMaster),
            None => {
                Ring::make(source, random)?;
                Ring::read(source)?.ok_or_else(|| VaultError::Master("it is gone".to_owned()))?
            }
        };
        if secret(pool, INDEX).await?.is_none() {
            let drawn = [random.draw(), random.draw()];
            let wrapped = ring.wrap(INDEX, drawn.as_flattened())?;
            put_secret(pool, INDEX, &wrapped, &ring.present()).await?;
        }
        let wrapped = secret(pool, INDEX).await?.unwrap_or_default();
        let index = ring.unwrap(INDEX, &wrapped)?;
        let index = index.try_into().map_err(|_| VaultError::Damaged(INDEX.to_owned()))?;
        Ok(Self::new(source.clone(), ring, &index))
    }

    /// The wrapped keys of a case, if it has any.
    pub(crate) async fn stored(
        &self,
        pool: &Pool,
        stream: Uuid,
    ) -> Result<Option<WrappedKeys>, VaultError> {
        Ok(on_pool!(pool, db => {
            let row = sqlx::query(KEYS).bind(stream).fetch_optional(db).await?;
            row.map(|row| {
                Ok::<_, sqlx::Error>(WrappedKeys {
                    contact: row.try_get(0)?,
                    content: row.try_get(1)?,
                    guests: row.try_get(2)?,
                })
            })
            .transpose()?
        }))
    }
}

const SECRETS: &str = "SELECT name, wrapped, master FROM vault_secrets ORDER BY name";
const ALL_KEYS: &str = "SELECT stream, contact, content, guests, master FROM stream_keys WHERE stream > $1 \
     ORDER BY stream LIMIT $2";
const PUT_KEYS: &str = "INSERT INTO stream_keys (stream, contact, content, guests, master) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (stream) DO UPDATE SET contact = excluded.contact, \
     content = excluded.content, guests = excluded.guests, master = excluded.master";
const PUT_SECRET: &str = "INSERT INTO vault_secrets (name, wrapped, master) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET wrapped = excluded.wrapped, master = excluded.master";

/// Names of secrets, wrapped, and the master key of each.
pub(crate) async fn secrets(pool: &Pool) -> Result<Vec<(String, String, String)>, VaultError> {
    Ok(on_pool!(pool, db => {
        let rows = sqlx::query(SECRETS).fetch_all(db).await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect::<Result<_, sqlx::Error>>()?
    }))
}

/// A page of all cases' keys, in the order of streams, with the name of the master key of each.
pub(crate) async fn all_keys(
    pool: &Pool,
    after: Uuid,
) -> Result<Vec<(Uuid, WrappedKeys, String)>, VaultError> {
    Ok(on_pool!(pool, db => {
        let rows = sqlx::query(ALL_KEYS).bind(after).bind(BATCH).fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                let (contact, content) = (row.try_get(1)?, row.try_get(2)?);
                let keys = WrappedKeys { contact, content, guests: row.try_get(3)? };
                Ok((row.try_get(0)?, keys, row.try_get(4)?))
            })
            .collect::<Result<_, sqlx::Error>>()?
    }))
}

/// Puts keys of an exported log in place, which this installation's master keys must open.
pub(crate) async fn put_keys(
    pool: &Pool,
    vault: &Vault,
    stream: Uuid,
    keys: &WrappedKeys,
    master: &str,
) -> Result<(), VaultError> {
    vault.keys(stream, Some(keys)).check()?;
    on_pool!(pool, db => {
        let query = sqlx::query(PUT_KEYS).bind(stream).bind(&keys.contact).bind(&keys.content);
        query.bind(&keys.guests).bind(master).execute(db).await?;
    });
    Ok(())
}

impl Vault {
    /// Puts a secret of an exported log in place of this database's own.
    pub(crate) async fn take_secret(
        &self,
        pool: &Pool,
        name: &str,
        wrapped: &str,
        master: &str,
    ) -> Result<(), VaultError> {
        let secret = self.unwrap(name, wrapped)?;
        on_pool!(pool, db => {
            sqlx::query(PUT_SECRET).bind(name).bind(wrapped).bind(master).execute(db).await?;
        });
        if name == INDEX {
            let key = secret.try_into().map_err(|_| VaultError::Damaged(name.to_owned()))?;
            self.index_with(&key);
        }
        Ok(())
    }
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Name of the present master key.
    pub master: String,
    /// Cases whose keys were wrapped anew.
    pub cases: u64,
    /// Keys still in the file that open older backups only.
    pub retired: usize,
}

/// Puts a new master key in place of the present one, unless `only_rewrap`, and wraps every key
/// anew. May be stopped and run again; nodes go on working meanwhile.
///
/// # Errors
/// [`VaultError`]; what was wrapped anew stays so.
pub async fn rotate(
    pool: &Pool,
    vault: &Vault,
    random: &dyn Random,
    only_rewrap: bool,
) -> Result<Rotated, VaultError> {
    if !only_rewrap {
        let used = masters(pool).await?;
        Ring::turn(vault.source(), random, |name| !used.iter().any(|used| used == name))?;
    }
    let ring = vault.ring();
    let master = ring.present();
    let mut cases = 0;
    loop {
        let batch = outdated(pool, &master).await?;
        if batch.is_empty() {
            break;
        }
        for (stream, keys) in batch {
            let again = |name: &str, wrapped: &Option<String>| {
                let anew = |wrapped: &String| {
                    let name = format!("{name} {stream}");
                    ring.wrap(&name, &ring.unwrap(&name, wrapped)?)
                };
                wrapped.as_ref().map(anew).transpose()
            };
            let anew = WrappedKeys {
                contact: again("contact", &keys.contact)?,
                content: again("content", &keys.content)?,
                guests: guest_keys::rewrapped(&ring, stream, keys.guests.as_deref())?,
            };
            replace(pool, stream, &keys, &anew, &master).await?;
            cases += 1;
        }
    }
    for (name, wrapped) in old_secrets(pool, &master).await? {
        let anew = ring.wrap(&name, &ring.unwrap(&name, &wrapped)?)?;
        on_pool!(pool, db => {
            let query = sqlx::query(REWRAP_SECRET).bind(&anew).bind(&master).bind(&name);
            query.bind(&wrapped).execute(db).await?;
        });
    }
    Ok(Rotated { master, cases, retired: ring.names().len().saturating_sub(1) })
}

async fn masters(pool: &Pool) -> Result<Vec<String>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(MASTERS).fetch_all(db).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    })
}

async fn outdated(pool: &Pool, master: &str) -> Result<Vec<(Uuid, WrappedKeys)>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(OUTDATED).bind(master).bind(BATCH).fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                let (contact, content) = (row.try_get(1)?, row.try_get(2)?);
                let keys = WrappedKeys { contact, content, guests: row.try_get(3)? };
                Ok((row.try_get(0)?, keys))
            })
            .collect()
    })
}

async fn replace(
    pool: &Pool,
    stream: Uuid,
    old: &WrappedKeys,
    new: &WrappedKeys,
    master: &str,
) -> Result<(), sqlx::Error> {
    on_pool!(pool, db => {
        let query = sqlx::query(REWRAP).bind(&new.contact).bind(&new.content).bind(&new.guests);
        let (contact, content) = (old.contact.as_deref(), old.content.as_deref());
        let query = query.bind(master).bind(stream);
        let query = query.bind(contact.unwrap_or("")).bind(content.unwrap_or(""));
        query.bind(old.guests.as_deref().unwrap_or("")).execute(db).await?;
    });
    Ok(())
}

async fn old_secrets(pool: &Pool, master: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(OLD_SECRETS).bind(master).fetch_all(db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    })
}

async fn secret(pool: &Pool, name: &str) -> Result<Option<String>, sqlx::Error> {
    on_pool!(pool, db => {
        let row = sqlx::query(SECRET).bind(name).fetch_optional(db).await?;
        row.map(|row| row.try_get(0)).transpose()
    })
}

async fn put_secret(
    pool: &Pool,
    name: &str,
    wrapped: &str,
    master: &str,
) -> Result<(), sqlx::Error> {
    on_pool!(pool, db => {
        sqlx::query(NEW_SECRET).bind(name).bind(wrapped).bind(master).execute(db).await?;
    });
    Ok(())
}
