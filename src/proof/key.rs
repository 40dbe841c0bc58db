//! The log's private key: 32 random bytes, in a file only its owner reads or in an environment
//! variable. Without either a file is made. Every node of a log needs the same one.

use std::path::{Path, PathBuf};

use super::ProofError;
use super::note::SigningKey;
use super::text::unhex_hash;
use crate::random::Random;
use crate::secret_file::make_once;
use crate::tracking::hex;

/// Where the key is.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// 64 hexadecimal digits.
    Given(String),
    /// A file with 64 hexadecimal digits; it is made if there is none.
    File(PathBuf),
}

/// Without the key.
impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// The key of a log named `origin`.
///
/// # Errors
/// When the file cannot be read or made, or holds no key, or the origin cannot be a key's name.
pub fn load(
    source: &KeySource,
    origin: &str,
    random: &dyn Random,
) -> Result<SigningKey, ProofError> {
    let text = match source {
        KeySource::Given(text) => text.clone(),
        KeySource::File(path) => read_or_make(path, random)
            .map_err(|error| ProofError::Key(format!("{}: {error}", path.display())))?,
    };
    let seed = unhex_hash(text.trim()).ok_or_else(|| {
        let place = match source {
            KeySource::Given(_) => "HOIAM_LOG_KEY".to_owned(),
            KeySource::File(path) => path.display().to_string(),
        };
        ProofError::Key(format!("{place} does not hold 64 hexadecimal digits"))
    })?;
    Ok(SigningKey::of(origin, &seed)?)
}

fn read_or_make(path: &Path, random: &dyn Random) -> std::io::Result<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path, random)?,
        read => return read,
    }
    std::fs::read_to_string(path)
}

fn make(path: &Path, random: &dyn Random) -> std::io::Result<()> {
    let drawn = [random.draw(), random.draw()];
    if make_once(path, &hex(drawn.as_flattened()), random)? {
        tracing::warn!(
            path = %path.display(),
            "made a new key for the log; keep a copy, and give every other node the same file"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::note::Kind;
    use crate::random::SeededRandom;

    #[test]
    fn a_key_is_made_once_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/log.key");
        let source = KeySource::File(path.clone());
        let key = |seed| load(&source, "city.example/log", &SeededRandom::new(seed)).unwrap();
        let first = key(1).verifier(Kind::Note);
        assert_eq!(key(2).verifier(Kind::Note), first);
        let text = std::fs::read_to_string(&path).unwrap();
        let given = KeySource::Given(text.clone());
        let same = load(&given, "city.example/log", &SeededRandom::new(3)).unwrap();
        assert_eq!(same.verifier(Kind::Note), first);
        assert!(!format!("{given:?} {same:?}").contains(text.trim()));
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&path, "short").unwrap();
        let error = load(&source, "x", &SeededRandom::new(1)).unwrap_err().to_string();
        assert!(error.contains("64 hexadecimal") && !error.contains("short"), "{error}");
        assert!(load(&given, "two words", &SeededRandom::new(1)).is_err());
    }
}
