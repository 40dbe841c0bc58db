//! The keys under which personal data are kept, and what is done with them.
//!
//! Every case has two data keys (who reported it; what was written), drawn on receipt and stored
//! wrapped by the master key, which is not in the database: a file, or the environment. Words in
//! events and read models are sealed with the data keys, so that destroying these, by overwriting
//! one row, erases the words wherever copies of the log are. What must be found again without a
//! key, words of the search, telephone numbers, is kept as hashes keyed with a secret of the
//! installation.
//!
//! - [`ring`]: the master keys: the present one, and those it replaced.
//! - [`aead`]: sealing and wrapping.
//! - [`case_keys`]: a case's keys, as the seal of its events and the veil of its rows.
//! - [`guest_keys`]: keys of what reporters of merged cases write in the case that goes on.
//! - [`index`]: keyed hashes.
//! - [`store`]: wrapped keys in the database; rotation.

pub mod aead;
pub mod case_keys;
pub mod guest_keys;
mod index;
pub mod ring;
pub mod store;

use std::sync::Arc;

use arc_swap::ArcSwap;
use uuid::Uuid;

use crate::random::Random;
use aead::DataKey;
pub use case_keys::{CaseKeys, WrappedKeys};
use index::Index;
use ring::{KeySource, Ring};

/// Why keys could not be had.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The master key cannot be read or made.
    #[error("master key: {0}")]
    Master(String),
    /// The master key is another one than the one the database was made with.
    #[error(
        "the master key does not open the keys in this database. Give it the key file the database was made with \
         (HOIAM_MASTER_KEY_FILE, master_key_file); without it, personal data in it cannot be read any more"
    )]
    OtherMaster,
    /// A key in the database is not what was stored.
    #[error("the keys of {0} are damaged")]
    Damaged(String),
    /// The database.
    #[error("keys in the database: {0}")]
    Database(#[from] sqlx::Error),
}

/// A handle of the keys; clones share it.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    source: KeySource,
    ring: ArcSwap<Ring>,
    index: ArcSwap<Index>,
}

/// Without any key.
impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("source", &self.inner.source).finish_non_exhaustive()
    }
}

impl Vault {
    fn new(source: KeySource, ring: Ring, index: &[u8; 32]) -> Self {
        let ring = ArcSwap::from_pointee(ring);
        let index = ArcSwap::from_pointee(Index::new(index));
        Self { inner: Arc::new(Inner { source, ring, index }) }
    }

    /// Hashes by another key from now on.
    fn index_with(&self, key: &[u8; 32]) {
        self.inner.index.store(Arc::new(Index::new(key)));
    }

    /// Keys of nobody.
    #[cfg(test)]
    pub(crate) fn of_test() -> Self {
        let source = KeySource::Given("07".repeat(32));
        let ring = Ring::read(&source).ok().flatten();
        Self::new(source, ring.unwrap_or_else(|| unreachable!("a key is given")), &[1; 32])
    }

    /// The master keys as they are now: read again when the file changed since.
    pub(crate) fn ring(&self) -> Arc<Ring> {
        let known = self.inner.ring.load_full();
        if !known.is_outdated(&self.inner.source) {
            return known;
        }
        match Ring::read(&self.inner.source) {
            Ok(Some(ring)) => {
                let ring = Arc::new(ring);
                self.inner.ring.store(ring.clone());
                ring
            }
            Ok(None) => known,
            Err(error) => {
                tracing::error!(%error, "the master key file changed and cannot be read");
                known
            }
        }
    }

    /// Where the master key is.
    pub fn source(&self) -> &KeySource {
        &self.inner.source
    }

    /// Keys for a new case.
    ///
    /// # Errors
    /// When the master key cannot wrap them.
    pub fn draw(&self, stream: Uuid, random: &dyn Random) -> Result<CaseKeys, VaultError> {
        let drawn = || DataKey::new([random.draw(), random.draw()]);
        CaseKeys::drawn(self, stream, Some(drawn()), Some(drawn()), Vec::new())
    }

    /// The keys of a case as they are stored; none for one that was received before there were
    /// keys, whose words are clear.
    pub fn keys(&self, stream: Uuid, stored: Option<&WrappedKeys>) -> CaseKeys {
        CaseKeys::stored(self, stream, stored)
    }

    /// The clear text of a row's sealed one, by the content key of its case as it is stored; empty
    /// when that is destroyed.
    pub(crate) fn read_row(&self, stream: Uuid, content: Option<String>, sealed: &str) -> String {
        let stored = WrappedKeys { contact: None, content, guests: None };
        self.keys(stream, Some(&stored)).read_row(sealed)
    }

    /// A word as the full-text index has it.
    pub fn word(&self, word: &str) -> String {
        self.inner.index.load().word(word)
    }

    /// The beginning of a word as the full-text index has it.
    pub fn beginning(&self, letters: &str) -> String {
        self.inner.index.load().beginning(letters)
    }

    /// A word as the prints of texts have it, by which like ones are found.
    pub fn print(&self, word: &str) -> u32 {
        self.inner.index.load().print(word)
    }

    /// A telephone number or e-mail address as [`identity`](hoiam_domain::case::identity) writes
    /// it, or another thing a person is known by: the same for the same.
    pub fn identity(&self, kind: &str, value: &str) -> Uuid {
        self.inner.index.load().identity(kind, value)
    }

    /// What stands for an address when it is erased.
    pub fn address_mark(&self, address: &str) -> String {
        let folded = hoiam_domain::text::fold_for_search(address);
        self.identity("address", &folded).simple().to_string()
    }

    /// Seals a secret of the installation, named so that it opens under that name only.
    ///
    /// # Errors
    /// When the master key cannot seal.
    pub fn seal_secret(&self, name: &str, secret: &[u8]) -> Result<String, VaultError> {
        self.ring().wrap(name, secret)
    }

    /// Opens what [`Vault::seal_secret`] sealed.
    ///
    /// # Errors
    /// When it was sealed under another name or another master key.
    pub fn open_secret(&self, name: &str, sealed: &str) -> Result<Vec<u8>, VaultError> {
        self.unwrap(name, sealed)
    }

    pub(crate) fn unwrap(&self, name: &str, wrapped: &str) -> Result<Vec<u8>, VaultError> {
        let known = self.inner.ring.load_full();
        match known.unwrap(name, wrapped) {
            Err(VaultError::OtherMaster) => self.ring().unwrap(name, wrapped),
            opened => opened,
        }
    }
}
