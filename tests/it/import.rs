//! A city's history, on both databases.
//!
//! - [`figures`]: the sample comes out as counted without the engine, twice as well as once.
//! - [`resume`]: an import that was stopped goes on, with numbers in the order of the file.
//! - [`refusals`]: what cannot be taken is said with line, field and reason; the rest goes on.
//! - [`example`]: the example's own script, from any directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use hoiam::clock::ManualClock;
use hoiam::desk::Desk;
use hoiam::import::{Map, Rejects, Rows, Summary, import};
use hoiam::random::SeededRandom;
use hoiam::rules::{Rules, Source};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::Bed;

mod example;
mod figures;
mod refusals;
mod resume;

/// A place for files, with the rule set that the example makes of its sample.
struct City {
    place: TempDir,
}

impl City {
    fn new() -> Self {
        let place = TempDir::with_prefix("hoiam-import-").unwrap();
        let made = Command::new("python3")
            .arg(example("make_directory.py"))
            .args([example("sample.csv"), place.path().join("rules")])
            .status();
        assert!(made.expect("the example needs python3").success());
        Self { place }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn desk(&self, bed: &Bed) -> Desk {
        let rules = Rules::open(Source::Directory(self.path("rules"))).unwrap();
        let now = "2031-06-01T00:00:00Z".parse().unwrap();
        let (clock, random) = (ManualClock::at(now), SeededRandom::new(1));
        Desk::new(bed.open().await, rules, "BOS", Arc::new(clock), Arc::new(random))
    }

    /// Imports a whole file; the rejects as they stand in their file.
    async fn import(&self, desk: &Desk, map: &Map, file: &Path) -> (Summary, Vec<Value>) {
        let path = self.path("rejects.jsonl");
        let rows = Rows::open(file, map).unwrap();
        let mut rejects = Rejects::to(&path);
        let stop = AtomicBool::new(false);
        let done = import(desk, map, rows, &mut rejects, &stop, &mut |_, _| ()).await.unwrap();
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        (done, written.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/boston311").join(name)
}

fn boston() -> Map {
    Map::read(&example("map.toml")).unwrap()
}

fn map(text: &str) -> Map {
    Map::parse(Path::new("map.toml"), text).unwrap()
}

const fn summary(imported: u64, already_there: u64, rejected: u64) -> Summary {
    Summary { imported, already_there, rejected, interrupted: false }
}
