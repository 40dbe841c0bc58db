//! PostgreSQL's own benchmark program, inserting one row of the same size a commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::measure::Sample;

fn program(name: &str) -> PathBuf {
    let directory = std::env::var_os("HOIAM_POSTGRES_BIN").unwrap_or_default();
    PathBuf::from(directory).join(name)
}

/// A table and a script that inserts into it.
pub struct Pgbench {
    base: String,
    place: PathBuf,
}

impl Pgbench {
    pub fn prepare(base: &str, place: &Path) -> Self {
        let place = place.join("pgbench");
        fs::create_dir(&place).unwrap();
        let table = "CREATE TABLE bench_rows (position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                     stream UUID NOT NULL, version BIGINT NOT NULL, payload TEXT NOT NULL, UNIQUE (stream, version))";
        let made = Command::new(program("psql")).args(["-q", base, "-c", table]).status().unwrap();
        assert!(made.success());
        let insert = format!(
            "INSERT INTO bench_rows (stream, version, payload) VALUES (gen_random_uuid(), 1, '{}');\n",
            crate::bare::DATA
        );
        fs::write(place.join("insert.sql"), insert).unwrap();
        Self { base: base.to_owned(), place }
    }

    /// Lets so many clients insert for so long. Its log of every transaction gives the percentiles.
    pub fn run(&self, clients: usize, time: Duration) -> Sample {
        let threads = clients.min(2).to_string();
        let output = Command::new(program("pgbench"))
            .current_dir(&self.place)
            .args(["-n", "-M", "prepared", "-l", "--log-prefix=each", "-j", &threads, "-T"])
            .arg(time.as_secs().max(1).to_string())
            .args(["-c", &clients.to_string(), "-f", "insert.sql", &self.base])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = "));
        let tps = tps.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        let taken = self.take_logs();
        let sample = Sample::of(taken, 1.0);
        // Its own count a second leaves out the time it takes to connect.
        Sample { per_second: tps.unwrap_or_else(|| panic!("{text}")), ..sample }
    }

    /// The milliseconds of each transaction, the third field in microseconds; the files are removed.
    fn take_logs(&self) -> Vec<f64> {
        let mut taken = Vec::new();
        for entry in fs::read_dir(&self.place).unwrap() {
            let path = entry.unwrap().path();
            if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("each")) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            taken.extend(text.lines().filter_map(|line| {
                line.split(' ').nth(2)?.parse::<f64>().ok().map(|micros| micros / 1_000.0)
            }));
            fs::remove_file(path).unwrap();
        }
        taken
    }
}
