//! What the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

/// See `scripts/bench --help`.
pub struct Arguments {
    pub rounds: usize,
    pub time: Duration,
    /// Events of the log that is replayed.
    pub events: usize,
    /// Rows of the history that is imported.
    pub rows: usize,
    /// The two sizes of the logs whose costs are compared.
    pub sizes: [usize; 2],
    /// Groups to measure; all when empty.
    only: Vec<String>,
    /// The document whose tables are written anew.
    pub write: Option<PathBuf>,
}

/// What can be measured alone.
const GROUPS: &[&str] =
    &["append", "command", "receipt", "feedback", "proof", "sealing", "replay", "history", GROWTH];
/// Takes long, so it is only measured when asked for.
const GROWTH: &str = "growth";

impl Arguments {
    pub fn read() -> Self {
        let mut read = Self {
            rounds: 3,
            time: Duration::from_secs(2),
            events: 200_000,
            rows: 60_000,
            sizes: [10_000, 3_000_000],
            only: Vec::new(),
            write: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
            match word.as_str() {
                "--rounds" => read.rounds = value().parse().expect("a number of rounds"),
                "--seconds" => {
                    read.time = Duration::from_secs(value().parse().expect("whole seconds"));
                }
                "--events" => read.events = value().parse().expect("a number of events"),
                "--rows" => read.rows = value().parse().expect("a number of rows"),
                "--large" => read.sizes[1] = value().parse().expect("a number of events"),
                "--only" => read.only = value().split(',').map(known).collect(),
                "--write" => read.write = Some(value().into()),
                // Cargo adds it.
                "--bench" => {}
                _ => panic!("no flag {word}"),
            }
        }
        read
    }

    pub fn wants(&self, group: &str) -> bool {
        let asked = self.only.iter().any(|name| name == group);
        asked || (self.only.is_empty() && group != GROWTH)
    }
}

fn known(name: &str) -> String {
    assert!(GROUPS.contains(&name), "no group {name}; there are {}", GROUPS.join(", "));
    name.to_owned()
}
