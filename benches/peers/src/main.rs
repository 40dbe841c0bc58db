//! Other event stores on the same PostgreSQL, doing what ours does: append one event of 400 bytes
//! to a stream whose version is checked, by 1, 8 and 64 callers that wait for the disk, and read
//! everything again in order, decoded. `make bench-peers` starts the PostgreSQL and writes the
//! table into docs/performance.md.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program for developers: a failure is a bug and stops it"
)]

mod measure;
mod stores;

use std::path::Path;
use std::time::Duration;

use measure::{Sample, median, rounds_of_appends};
use stores::{Cqrs, Disintegrate, Ours, Plain, Store};

const CALLERS: [usize; 3] = [1, 8, 64];

/// What every event says.
pub const BODY: &str = "Trước số nhà 57 đường Trường Sa có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị cơ quan chức năng kiểm tra và sửa chữa sớm để bảo đảm an toàn cho người dân.";

/// One store's samples.
struct Line {
    name: &'static str,
    appends: [Vec<Sample>; 3],
    replays: Vec<f64>,
}

#[tokio::main]
async fn main() {
    let argument = |name: &str, default: u64| {
        let mut words = std::env::args().skip_while(|word| word != name).skip(1);
        words.next().map_or(default, |value| value.parse().expect("a number"))
    };
    let (rounds, seconds) = (argument("--rounds", 3), argument("--seconds", 2));
    let events = argument("--events", 100_000) as usize;
    let base = std::env::var("HOIAM_TEST_POSTGRES").expect("no PostgreSQL: run `make bench-peers`");
    let plain = Plain::open(&base).await;
    let ours = Ours::open(&base).await;
    let cqrs = Cqrs::open(&base).await;
    let disintegrate = Disintegrate::open(&base).await;
    let mut lines = [plain.name(), ours.name(), cqrs.name(), disintegrate.name()]
        .map(|name| Line { name, appends: Default::default(), replays: Vec::new() });
    let time = Duration::from_secs(seconds);
    for _ in 0..rounds {
        rounds_of_appends(&plain, &mut lines[0].appends, time).await;
        rounds_of_appends(&ours, &mut lines[1].appends, time).await;
        rounds_of_appends(&cqrs, &mut lines[2].appends, time).await;
        rounds_of_appends(&disintegrate, &mut lines[3].appends, time).await;
    }
    plain.fill(events).await;
    ours.fill(events).await;
    cqrs.fill(events).await;
    disintegrate.fill(events).await;
    for _ in 0..rounds {
        lines[0].replays.push(measure::replay(&plain, events).await);
        lines[1].replays.push(measure::replay(&ours, events).await);
        lines[2].replays.push(measure::replay(&cqrs, events).await);
        lines[3].replays.push(measure::replay(&disintegrate, events).await);
    }
    let text = markdown(&lines);
    println!("{text}");
    let document = std::env::args().skip_while(|word| word != "--write").nth(1);
    if let Some(document) = document {
        write(Path::new(&document), &text);
    }
}

fn markdown(lines: &[Line]) -> String {
    let mut text = String::from(
        "| appends a second (p99 ms, failed) | 1 caller | 8 callers | 64 callers | replay, events a second |\n\
         | --- | ---: | ---: | ---: | ---: |\n",
    );
    for line in lines {
        text += &format!("| {} |", line.name);
        for samples in &line.appends {
            let of = |value: fn(&Sample) -> f64| median(samples.iter().map(value).collect());
            let failed: u64 = samples.iter().map(|sample| sample.failed).sum();
            let failed = if failed > 0 { format!(", {failed}") } else { String::new() };
            text += &format!(" {:.0} ({:.1}{failed}) |", of(|s| s.per_second), of(|s| s.p99_ms));
        }
        text += &format!(" {:.0} |\n", median(line.replays.clone()));
    }
    text
}

/// Puts the table between its markers.
fn write(document: &Path, text: &str) {
    let old = std::fs::read_to_string(document).unwrap();
    let (begin, end) = ("<!-- peers -->", "<!-- /peers -->");
    let places = old.find(begin).map(|at| at + begin.len()).zip(old.find(end));
    let (from, to) = places.expect("the document has its markers");
    let new = format!("{}\n{}\n{}", &old[..from], text.trim(), &old[to..]);
    std::fs::write(document, new).unwrap();
}
