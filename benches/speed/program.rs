//! Commands of the program, each in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hoiam::log::Database;

use crate::process::memory_mb;
use crate::server::PROGRAM;
use crate::stores::flags;

/// What a command took.
pub struct Ran {
    pub seconds: f64,
    /// Resident memory at its highest.
    pub peak_mb: f64,
}

/// Where the database's master key is, seen from another directory: of PostgreSQL's the one this
/// program made when it filled it.
pub fn master_key(database: &Database) -> Option<(&'static str, PathBuf)> {
    let Database::Postgres(_) = database else { return None };
    let file = std::env::current_dir().unwrap().join("data/master.key");
    file.exists().then_some(("HOIAM_MASTER_KEY_FILE", file))
}

/// Runs `hoiam COMMAND …` on a database, in a directory that holds no rules. It must succeed.
pub async fn run(database: &Database, place: &Path, command: &[&str]) -> Ran {
    let start = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(command)
        .args(flags(database))
        .current_dir(place)
        .envs(master_key(database))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak_mb: f64 = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // The kernel keeps the highest value itself, but only as long as the process lives.
        peak_mb = peak_mb.max(memory_mb(child.id(), "VmHWM"));
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "hoiam {} ended with {status}", command.join(" "));
    Ran { seconds: start.elapsed().as_secs_f64(), peak_mb }
}
