//! The files of a rules directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use hoiam_domain::file_error::FileError;

use super::RulesError;

/// No policy file a person reviews is larger.
const LARGEST_FILE: u64 = 8 << 20;

/// Every `.toml` file below a directory: (path relative to it with `/`, text), sorted. Hidden
/// files and folders are left out: editors keep their drafts there.
///
/// # Errors
/// The first thing that could not be read; files that are too large or no UTF-8.
pub fn read_dir(root: &Path) -> Result<Vec<(String, String)>, RulesError> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            let hidden = path.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                files.push((name(root, &path), text(root, &path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, RulesError> {
    let read = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    read().map_err(|source| RulesError::Read { path: folder.to_owned(), source })
}

fn text(root: &Path, path: &Path) -> Result<String, RulesError> {
    let read = |source: io::Error| RulesError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(read)?.len() > LARGEST_FILE {
        let error = FileError::whole(&name(root, path), "is larger than 8 MB");
        return Err(RulesError::Wrong(vec![error]));
    }
    let bytes = fs::read(path).map_err(read)?;
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = "is not UTF-8 text here".to_owned();
        RulesError::Wrong(vec![FileError { file: name(root, path), line, message }])
    })
}

fn name(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
