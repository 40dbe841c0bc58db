//! A disk that fills up: appends are refused, nothing acknowledged is lost, and when there is room
//! again the same node goes on.
//!
//! The limit is one on the size of the process's files, which any user may set and lift.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use hoiam::log::{AppendError, Database, Expected, Log};

use crate::support::Bed;
use crate::support::build::{check_whole, everything, one, stream};
use crate::support::options;

/// Tells the child which database to fill.
const DATABASE: &str = "HOIAM_TEST_FULL_DATABASE";
/// How large files may get, in KiB.
const LIMIT: &str = "2048";

/// Not a test: the node whose disk fills up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the test of this module"]
async fn node() {
    let path = std::env::var(DATABASE).unwrap();
    let log = Log::open(&Database::Sqlite(path.into()), options()).await.unwrap();
    let mut appended = 0;
    let error = loop {
        match log.append(one(stream(1), Expected::Exactly(appended))).await {
            Ok(_) => appended += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}");
    assert!(log.ready().await.is_err(), "a full disk is not ready");
    assert!(log.append(one(stream(2), Expected::Any)).await.is_err());
    // Reading goes on.
    assert_eq!(log.head().await.unwrap(), appended);
    say(&format!("full {appended}"));
    std::io::stdin().read_line(&mut String::new()).unwrap();
    log.ready().await.unwrap();
    log.append(one(stream(1), Expected::Exactly(appended))).await.unwrap();
    say(&format!("room {}", appended + 1));
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn start(database: &Database) -> Child {
    let Database::Sqlite(path) = database else { panic!("only a file can be limited") };
    let limited = format!("trap '' XFSZ; ulimit -S -f {LIMIT}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &limited])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "log::full_disk::node", "--ignored", "--nocapture"])
        .env(DATABASE, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The number after a word the child says.
fn hear(output: &mut BufReader<ChildStdout>, word: &str) -> u64 {
    loop {
        let mut line = String::new();
        assert!(output.read_line(&mut line).unwrap() > 0, "the node stopped before it said {word}");
        if let Some(number) = line.trim().strip_prefix(word) {
            return number.trim().parse().unwrap();
        }
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_recovers() {
    let bed = Bed::sqlite();
    let mut node = start(&bed.database);
    let mut output = BufReader::new(node.stdout.take().unwrap());
    let acknowledged = hear(&mut output, "full ");
    assert!(acknowledged > 0, "there was room for some");
    let pid = node.id().to_string();
    assert!(
        Command::new("prlimit")
            .args(["--pid", &pid, "--fsize=unlimited"])
            .status()
            .unwrap()
            .success()
    );
    node.stdin.take().unwrap().write_all(b"go\n").unwrap();
    assert_eq!(hear(&mut output, "room "), acknowledged + 1);
    // The rest of its output, so that it does not stop at a closed pipe.
    std::io::copy(&mut output, &mut std::io::sink()).unwrap();
    assert!(node.wait().unwrap().success());

    let log = bed.open().await;
    let events = everything(&log).await;
    check_whole(&events);
    assert_eq!(log.read_stream(stream(1), acknowledged, 10).await.unwrap().len(), 1);
    bed.remove().await;
}
