//! Files with personal data: readable by their owner only, and never half there under a whole
//! one's name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Makes a new file that only its owner can read. One left by an interrupted run is replaced.
///
/// # Errors
/// When it cannot be made.
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::remove_file(path)?;
            options.open(path)
        }
        made => made,
    }
}

/// The name a file has until it is whole: beside it, with `.part` behind.
pub fn part_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Copies what cannot be read twice, such as the standard input, into a file at `path` that is
/// unlinked at once where the system can: nothing is left behind, whatever happens.
///
/// # Errors
/// When it cannot be written.
pub fn spool(from: &mut dyn Read, path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut file = private(path)?;
    #[cfg(unix)]
    std::fs::remove_file(path)?;
    io::copy(from, &mut file)?;
    Ok(file)
}
