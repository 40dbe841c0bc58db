//! The master keys: one a line, 64 hexadecimal digits each, the present one first. Those after it
//! were replaced by rotations and open what is not yet wrapped anew, and older backups.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::VaultError;
use super::aead::{DataKey, Opened};
use crate::log::Database;
use crate::proof::text::unhex_hash;
use crate::random::Random;
use crate::secret_file::{make_once, replace};
use crate::tracking::hex;

/// Most keys a ring has.
const MOST: usize = 64;
/// The file beside a database.
const FILE: &str = "master.key";

/// Where the master keys are.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// `master.key` beside the SQLite file; for PostgreSQL in the directory that would hold one.
    Beside,
    /// 64 hexadecimal digits; several with commas between, the present one first.
    Given(String),
    /// A file with one a line; it is made if there is none and the database is new.
    File(PathBuf),
}

/// Without the keys.
impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Beside => f.write_str("Beside"),
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

impl KeySource {
    /// The same with the place of a file that is beside a database.
    #[must_use]
    pub fn beside(&self, database: &Database) -> Self {
        match (self, database) {
            (Self::Beside, Database::Sqlite(path)) => Self::File(path.with_file_name(FILE)),
            (Self::Beside, Database::Postgres(_)) => Self::File(Path::new("data").join(FILE)),
            (given, _) => given.clone(),
        }
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Beside => Some(Path::new(FILE)),
            Self::File(path) => Some(path),
            Self::Given(_) => None,
        }
    }
}

/// Master keys that were read.
pub struct Ring {
    keys: Vec<DataKey>,
    /// The file's time of change when they were read.
    as_of: Option<SystemTime>,
}

impl Ring {
    /// The keys of a source; none when the file does not exist.
    ///
    /// # Errors
    /// When it cannot be read or holds no keys.
    pub fn read(source: &KeySource) -> Result<Option<Self>, VaultError> {
        let (text, as_of) = match (source, source.path()) {
            (KeySource::Given(text), _) => (text.replace(',', "\n"), None),
            (_, None) => return Ok(None),
            // The time first: what changes in between is read once more.
            (_, Some(path)) => match (changed(path), std::fs::read_to_string(path)) {
                (as_of, Ok(text)) => (text, as_of),
                (_, Err(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                (_, Err(error)) => return Err(at(path, &error)),
            },
        };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys: Option<Vec<DataKey>> =
            lines.take(MOST).map(|line| unhex_hash(line).map(DataKey::of)).collect();
        match keys.filter(|keys| !keys.is_empty()) {
            Some(keys) => Ok(Some(Self { keys, as_of })),
            None => Err(VaultError::Master(format!(
                "{} must hold 64 hexadecimal digits a key",
                place(source)
            ))),
        }
    }

    /// Makes the file of a source with a new key; of two processes that make it, one does.
    ///
    /// # Errors
    /// When it cannot be made, or keys were to be given in the environment.
    pub(super) fn make(source: &KeySource, random: &dyn Random) -> Result<(), VaultError> {
        let Some(path) = source.path() else {
            return Err(VaultError::Master("HOIAM_MASTER_KEY is empty".to_owned()));
        };
        if make_once(path, &fresh(random), random).map_err(|error| at(path, &error))? {
            tracing::warn!(
                path = %path.display(),
                "made a new master key; keep a copy apart from the database's backups: without it no personal data \
                 can be read, and give every other node the same file"
            );
        }
        Ok(())
    }

    /// Puts a new key first in the file. Keys retired by earlier rotations are dropped when
    /// `forget` says that nothing needs them.
    ///
    /// # Errors
    /// When the file cannot be replaced, or the keys come from the environment.
    pub(super) fn turn(
        source: &KeySource,
        random: &dyn Random,
        forget: impl Fn(&str) -> bool,
    ) -> Result<Self, VaultError> {
        let Some(path) = source.path() else {
            return Err(VaultError::Master(
                "keys from the environment are rotated there: put the new key before the old one in HOIAM_MASTER_KEY, \
                 separated by a comma, and run this with --rewrap"
                    .to_owned(),
            ));
        };
        let known = Self::read(source)?
            .ok_or_else(|| VaultError::Master(format!("{} is gone", path.display())))?;
        let kept = known.keys.iter().enumerate();
        let kept = kept.filter(|(nr, key)| *nr == 0 || !forget(&key.name()));
        let old = kept.map(|(_, key)| hex(key.bytes()));
        let lines: Vec<String> = std::iter::once(fresh(random)).chain(old).take(MOST).collect();
        replace(path, &lines.join("\n"), random).map_err(|error| at(path, &error))?;
        Self::read(source)?.ok_or_else(|| VaultError::Master("it is gone".to_owned()))
    }

    /// Whether the file changed since it was read.
    pub(super) fn is_outdated(&self, source: &KeySource) -> bool {
        source.path().is_some_and(|path| changed(path) != self.as_of)
    }

    /// The name of the present key.
    pub fn present(&self) -> String {
        self.keys.first().map(DataKey::name).unwrap_or_default()
    }

    /// The names of all keys, the present one first.
    pub fn names(&self) -> Vec<String> {
        self.keys.iter().map(DataKey::name).collect()
    }

    pub(super) fn wrap(&self, name: &str, secret: &[u8]) -> Result<String, VaultError> {
        let sealed = self.keys.first().and_then(|key| key.seal(secret, name.as_bytes()));
        sealed.ok_or_else(|| VaultError::Master("it cannot seal".to_owned()))
    }

    pub(super) fn unwrap(&self, name: &str, wrapped: &str) -> Result<Vec<u8>, VaultError> {
        for key in &self.keys {
            match key.open(wrapped, name.as_bytes()) {
                Opened::Clear(secret) => return Ok(secret),
                Opened::Altered => return Err(VaultError::Damaged(name.to_owned())),
                Opened::OtherKey => {}
            }
        }
        Err(VaultError::OtherMaster)
    }
}

fn fresh(random: &dyn Random) -> String {
    hex([random.draw(), random.draw()].as_flattened())
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn at(path: &Path, error: &std::io::Error) -> VaultError {
    VaultError::Master(format!("{}: {error}", path.display()))
}

fn place(source: &KeySource) -> String {
    source.path().map_or("HOIAM_MASTER_KEY".to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_ring_turns_and_still_opens_what_is_older() {
        let directory = tempfile::tempdir().unwrap();
        let source = KeySource::File(directory.path().join("new/master.key"));
        assert!(Ring::read(&source).unwrap().is_none());
        Ring::make(&source, &SeededRandom::new(1)).unwrap();
        Ring::make(&source, &SeededRandom::new(2)).unwrap();
        let first = Ring::read(&source).unwrap().unwrap();
        let wrapped = first.wrap("index", b"secret").unwrap();
        let second = Ring::turn(&source, &SeededRandom::new(3), |_| true).unwrap();
        assert_eq!(second.names().len(), 2, "the key just retired is kept");
        assert_eq!(second.unwrap("index", &wrapped).unwrap(), b"secret");
        assert!(matches!(second.unwrap("other", &wrapped), Err(VaultError::Damaged(_))));
        let third = Ring::turn(&source, &SeededRandom::new(4), |_| true).unwrap();
        assert!(matches!(third.unwrap("index", &wrapped), Err(VaultError::OtherMaster)));
        let files = std::fs::read_dir(directory.path().join("new")).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        let given = KeySource::Given("secret".to_owned());
        let error = Ring::read(&given).err().unwrap().to_string();
        assert!(error.contains("HOIAM_MASTER_KEY") && !error.contains("secret"), "{error}");
        assert!(!format!("{given:?}").contains("secret"));
    }
}
