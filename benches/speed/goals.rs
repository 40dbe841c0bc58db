//! What is to be reached, and whether it was.

use crate::measure::Sample;
use crate::results::{Line, Results};

/// What a line is held to.
pub struct Goal {
    pub line: Line,
    pub wanted: Wanted,
}

pub enum Wanted {
    /// So many times as many a second as the reference.
    Times(f64, Line),
    /// A p99 of at most so many times the reference's.
    P99(f64, Line),
    /// So many a second.
    ASecond(f64),
}

/// How a goal came out.
pub struct Outcome {
    pub reached: String,
    pub wanted: String,
    pub met: bool,
}

const PG_ROW: &str = "pgbench, one row a commit";
const LITE_ROW: &str = "plain commit a command, SQLite";

/// The goals of a desk on a machine of two cores where flushes are cheap.
pub fn all() -> Vec<Goal> {
    let times = |name: &str, callers, factor, to: &str, of| Goal {
        line: Line::new(name, callers),
        wanted: Wanted::Times(factor, Line::new(to, of)),
    };
    let a_second = |name: &str, callers, least| Goal {
        line: Line::new(name, callers),
        wanted: Wanted::ASecond(least),
    };
    let mut goals = vec![
        times("append, PostgreSQL", 64, 2.0, PG_ROW, 64),
        Goal {
            line: Line::new("append, PostgreSQL", 64),
            wanted: Wanted::P99(0.5, Line::new(PG_ROW, 64)),
        },
        times("append, PostgreSQL", 1, 0.7, PG_ROW, 1),
        times("append, SQLite", 64, 4.5, LITE_ROW, 64),
        times("append, SQLite", 1, 1.0, LITE_ROW, 1),
        times("full command path, PostgreSQL", 64, 0.7, PG_ROW, 64),
        a_second("POST /feedback, SQLite", 64, 2_000.0),
        a_second("POST /feedback, PostgreSQL", 64, 1_500.0),
    ];
    for store in ["SQLite", "PostgreSQL"] {
        // A hundred times as long a log: twice the logarithm.
        let proof = |size: &str| format!("inclusion proof of {size}, {store}");
        goals.push(times(&proof("200,000"), 1, 0.5, &proof("2,000"), 1));
        let append = |how: &str| format!("append, {how}, {store}");
        goals.push(times(&append("signed"), 64, 0.8, &append("unsigned"), 64));
        let path = |keys: &str| format!("full command path {keys} keys, {store}");
        goals.push(times(&path("with"), 64, 0.8, &path("without"), 64));
        let of = |name: &str| format!("{name}, {store}");
        goals.push(times(
            &of("replay into all projections"),
            1,
            0.4,
            &of("plain SELECT of events"),
            1,
        ));
        goals.push(times(&of("history import"), 1, 0.25, &of("raw batch insert of events"), 1));
    }
    goals
}

impl Goal {
    /// How it came out; none when it or its reference was not measured.
    pub fn outcome(&self, results: &Results) -> Option<Outcome> {
        let per_second = |sample: &Sample| sample.per_second;
        Some(match &self.wanted {
            Wanted::Times(least, to) => {
                let ratio = results.ratio(&self.line, to, per_second)?;
                Outcome {
                    reached: format!("{ratio:.2} × {}", to.name),
                    wanted: format!("≥ {least} ×"),
                    met: ratio >= *least,
                }
            }
            Wanted::P99(most, to) => {
                let ratio = results.ratio(&self.line, to, |sample| sample.p99_ms)?;
                Outcome {
                    reached: format!("p99 {ratio:.2} × {}", to.name),
                    wanted: format!("≤ {most} ×"),
                    met: ratio <= *most,
                }
            }
            Wanted::ASecond(least) => {
                let reached = results.median(&self.line, per_second)?;
                Outcome {
                    reached: format!("{reached:.0}/s"),
                    wanted: format!("≥ {least:.0}/s"),
                    met: reached >= *least,
                }
            }
        })
    }
}
