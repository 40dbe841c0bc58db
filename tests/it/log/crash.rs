//! A node killed in mid-load: whatever it acknowledged is there, and the log is whole.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use hoiam::log::{Database, Expected, Log};
use uuid::Uuid;

use crate::support::bed::number;
use crate::support::build::{
    check_whole, everything, make_marks, mark, one, ready, stream, stream_append,
};
use crate::support::options;

/// Tells the child which database to load.
const DATABASE: &str = "HOIAM_TEST_CRASH_DATABASE";

/// Not a test: the node that gets killed. Prints a line for every append acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started and killed by the tests of this module"]
async fn node() {
    let address = std::env::var(DATABASE).unwrap();
    let database = if address.starts_with("postgres") {
        Database::Postgres(address)
    } else {
        Database::Sqlite(address.into())
    };
    let log = Log::open(&database, options()).await.unwrap();
    let first = log.head().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..12_u128 {
        let log = log.clone();
        tasks.spawn(async move {
            for round in 1.. {
                let id = stream(u128::from(first) * 1_000 + writer);
                let mut append = stream_append(id, Expected::Exactly(round - 1), 1);
                append.rows.push(mark(id, i64::try_from(round).unwrap(), Some("còn"), 1));
                let appended = log.append(ready(vec![append])).await.unwrap();
                let line =
                    format!("ack {} {id} {}\n", appended.first_position, appended.versions[0].1);
                std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
            }
        });
    }
    tasks.join_all().await;
}

/// Runs a node until it has acknowledged `until` appends, kills it, and returns all it
/// acknowledged.
fn load_and_kill(database: &Database, until: usize) -> Vec<(u64, Uuid, u64)> {
    let address = match database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Postgres(url) => url.clone(),
    };
    let mut node = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "log::crash::node", "--ignored", "--nocapture"])
        .env(DATABASE, address)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(node.stdout.take().unwrap());
    let mut text = String::new();
    let mut lines = 0;
    while lines < until {
        assert!(output.read_line(&mut text).unwrap() > 0, "the node stopped by itself: {text}");
        lines = text.lines().filter(|line| line.starts_with("ack ")).count();
    }
    // SIGKILL: no destructor runs, no buffer is written.
    node.kill().unwrap();
    output.read_to_string(&mut text).unwrap();
    node.wait().unwrap();
    // The last line may have been cut.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(acknowledged).collect()
}

fn acknowledged(line: &str) -> Option<(u64, Uuid, u64)> {
    let mut words = line.strip_prefix("ack ")?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

both! {
    async fn nothing_acknowledged_is_lost(bed: &Bed) {
        let log = bed.open().await;
        make_marks(&log).await;
        log.append(one(stream(7), Expected::NoStream)).await.unwrap();
        log.close().await;
        let mut acknowledged = Vec::new();
        for until in [1, 60, 400] {
            let database = bed.database.clone();
            acknowledged.extend(tokio::task::spawn_blocking(move || load_and_kill(&database, until)).await.unwrap());
            let log = bed.open().await;
            // A backend the killed node left behind may still be committing: appending waits for it.
            log.append(one(stream(7), Expected::StreamExists)).await.unwrap();
            let events = everything(&log).await;
            check_whole(&events);
            for (position, id, version) in &acknowledged {
                let event = &events[usize::try_from(*position).unwrap() - 1];
                assert_eq!((event.stream, event.version), (*id, *version), "at {position}");
            }
            // Rows came with their events, those that were not acknowledged any more included.
            let marked = events.iter().filter(|event| event.stream != stream(7)).count();
            let marks = number(log.pool(), "SELECT count(*) FROM marks").await;
            assert_eq!(marks, i64::try_from(marked).unwrap());
            log.close().await;
        }
        assert!(acknowledged.len() >= 461);
    }
}
