//! Reads and writes the frozen files, and tests of the check itself.

mod changes;

use std::path::PathBuf;

use super::Family;
use super::check::{Files, files_of, problems};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn frozen() -> Files {
    let entries = std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path());
    let files =
        entries.filter(|path| path.extension().is_some_and(|e| e == "json" || e == "shape"));
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Fails if what a family writes or reads is not what was frozen. With `GOLDEN=write` in the
/// environment, freezes versions that have no files yet; existing files are never touched.
pub(crate) fn check_family<F: Family>() {
    let mut files = frozen();
    if std::env::var_os("GOLDEN").is_some_and(|word| word == "write") {
        for (kind, version) in F::KINDS {
            for (name, text) in files_of::<F>(kind, *version).unwrap() {
                files.entry(name).or_insert_with_key(|name| {
                    std::fs::write(directory().join(name), &text).unwrap();
                    text
                });
            }
        }
    }
    let problems = problems::<F>(&files);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}
