//! PostgreSQL's own benchmark program, inserting one row of the same size a commit.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::measure::Sample;

fn program(name: &str) -> PathBuf {
    let directory = std::env::var_os("HOIAM_POSTGRES_BIN").unwrap_or_default();
    PathBuf::from(directory).join(name)
}

fn script(place: &Path) -> PathBuf {
    place.join("insert.sql")
}

/// Makes the table and the script.
pub fn prepare(base: &str, place: &Path) {
    let table = "CREATE TABLE bench_rows (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                 stream UUID NOT NULL, version BIGINT NOT NULL, payload TEXT NOT NULL, UNIQUE (stream, version))";
    let made = Command::new(program("psql")).args(["-q", base, "-c", table]).status().unwrap();
    assert!(made.success());
    let insert = format!(
        "INSERT INTO bench_rows (stream, version, payload) VALUES (gen_random_uuid(), 1, '{}');\n",
        crate::log::DATA
    );
    std::fs::write(script(place), insert).unwrap();
}

/// Lets so many clients insert for so long.
pub fn run(base: &str, place: &Path, clients: usize, time: Duration) -> Sample {
    let output = Command::new(program("pgbench"))
        .args(["-n", "-M", "prepared", "-j", "2", "-T"])
        .arg(time.as_secs().to_string())
        .args(["-c", &clients.to_string(), "-f"])
        .arg(script(place))
        .arg(base)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |label: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(label));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .unwrap_or_else(|| panic!("{text}"))
    };
    // It knows no percentiles without a log of every transaction.
    Sample { per_second: number("tps = "), p50_ms: number("latency average = "), p99_ms: f64::NAN }
}
