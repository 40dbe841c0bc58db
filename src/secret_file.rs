//! Files with secrets: readable by their owner only, whole or not there at all.

use std::fs::{File, hard_link, remove_file, rename};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::archive::private;
use crate::random::Random;
use crate::tracking::hex;

/// Makes a file with this text if there is none; of two processes that make it, one does. True if
/// this one did.
///
/// # Errors
/// When the directory cannot be written.
pub fn make_once(path: &Path, text: &str, random: &dyn Random) -> std::io::Result<bool> {
    let part = beside(path, text, random)?;
    let linked = hard_link(&part, path);
    remove_file(&part)?;
    let made = match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(error),
        Ok(()) => true,
    };
    keep_name(path)?;
    Ok(made)
}

/// Puts this text in place of a file's.
///
/// # Errors
/// When the directory cannot be written; the file is as it was.
pub fn replace(path: &Path, text: &str, random: &dyn Random) -> std::io::Result<()> {
    rename(beside(path, text, random)?, path)?;
    keep_name(path)
}

/// Puts the name of a file just made or renamed on disk: without it a power cut may take the file,
/// or bring the old one back, though what was done with the new one, in a database, is durable.
///
/// # Errors
/// When the directory cannot be read.
pub fn keep_name(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    // Only Unix opens directories; elsewhere names are kept with the file.
    if cfg!(unix) { File::open(directory.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// A file with this text, on disk, beside another.
fn beside(path: &Path, text: &str, random: &dyn Random) -> std::io::Result<PathBuf> {
    if let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(directory)?;
    }
    let mut own = path.as_os_str().to_owned();
    own.push(format!(".{}", hex(&random.draw())));
    let own = PathBuf::from(own);
    let mut file = private(&own)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn made_once_replaced_whole_and_nothing_left_beside() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/key");
        let random = SeededRandom::new(1);
        assert!(make_once(&path, "one", &random).unwrap());
        assert!(!make_once(&path, "two", &random).unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n");
        replace(&path, "three", &random).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three\n");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
