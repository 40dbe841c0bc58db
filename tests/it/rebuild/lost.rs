//! The database, or the program, goes away in the middle.

use std::process::{Child, Stdio};
use std::time::Duration;

use hoiam::log::{Database, LogOptions};
use hoiam::rebuild::{Phase, RebuildError, Rebuilt, rebuild};

use super::*;
use crate::support::bed::{admin, number, program, sql};
use crate::support::line::{Line, State};

const PHASES: [Phase; 4] = [Phase::Filling, Phase::Indexing, Phase::Comparing, Phase::Exchanging];

/// Far longer than anything here takes: who is not done by then waits for ever.
const FOR_EVER: Duration = Duration::from_secs(60);

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(FOR_EVER, what).await.expect("it waits for ever")
}

/// Runs a rebuild to which something happens when it tells of a phase for the first time.
async fn disturbed(
    log: &Log,
    phase: Phase,
    options: RebuildOptions,
    mut happens: impl FnMut() + Send,
) -> Result<Rebuilt, RebuildError> {
    let mut happened = false;
    let running = rebuild(log, &[], options, |progress| {
        if progress.phase == phase && !happened {
            happened = true;
            happens();
        }
    });
    soon(running).await
}

/// That a rebuild ended as it should, and that the next one goes on.
async fn goes_on(log: &Log, phase: Phase, served: &[(&str, Vec<String>)]) {
    assert_eq!(everything(log).await, served, "the old rows are served");
    let done = soon(rebuild(log, &[], options(), quiet)).await.unwrap();
    assert!(done.replaced && done.difference().is_none(), "{phase:?}");
    assert!(done.resumed_from > 0 || phase == Phase::Filling, "{phase:?}");
    assert_eq!(everything(log).await, served);
}

/// Ends every connection to a database, and returns when they are gone.
async fn end_connections(name: &str) {
    let sql = format!(
        "SELECT count(pg_terminate_backend(pid, 20000)) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin().await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_ended_by_the_server() {
    let bed = Bed::postgres().await;
    let city = City::on(&bed).await;
    story(&city, 8).await;
    let log = city.desk.log();
    let (before, names_before) = (everything(log).await, names(log).await);
    for phase in PHASES {
        let end = || {
            let runtime = tokio::runtime::Handle::current();
            tokio::task::block_in_place(|| runtime.block_on(end_connections(bed.name())));
        };
        let error = disturbed(log, phase, cramped(), end).await.unwrap_err();
        assert!(matches!(error, RebuildError::Gone(_)), "{phase:?}: {error}");
        goes_on(log, phase, &before).await;
        assert_eq!(names(log).await, names_before);
    }
    log.close().await;
    bed.remove().await;
}

/// The server is stopped, or the machine it runs on is gone and says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_goes_down() {
    let bed = Bed::postgres().await;
    let city = City::on(&bed).await;
    story(&city, 8).await;
    let near = city.desk.log();
    let before = everything(near).await;
    for phase in PHASES {
        for how in [State::Cut, State::Silent] {
            let line = Line::to(&bed);
            let log = Log::open(&line.database, crate::support::options()).await.unwrap();
            let patient = RebuildOptions { patience: Duration::from_secs(1), ..cramped() };
            let error = disturbed(&log, phase, patient, || line.is(how)).await.unwrap_err();
            assert!(matches!(error, RebuildError::Gone(_)), "{phase:?}, {how:?}: {error}");
            // Nor does whoever stops then wait for ever.
            soon(log.close()).await;
            line.is(State::Cut);
            goes_on(near, phase, &before).await;
        }
    }
    near.close().await;
    bed.remove().await;
}

/// A `hoiam projections rebuild` that has written rows and cannot go on, and how to let it.
async fn caught(bed: &Bed, near: &Log, on: &Database) -> (Child, Log) {
    const ROWS: &str = "SELECT coalesce(max(position), 0) FROM projection_fills";
    for _ in 0..50 {
        let mut child = program(on)
            .args(["projections", "rebuild"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while number(near.pool(), ROWS).await == 0 && child.try_wait().unwrap().is_none() {}
        let one = LogOptions { connections: 1, ..LogOptions::default() };
        let holder = bed.open_with(one).await;
        let hold = if bed.is_postgres() {
            "BEGIN; LOCK TABLE projection_fills IN EXCLUSIVE MODE"
        } else {
            "BEGIN IMMEDIATE"
        };
        sql(holder.pool(), hold).await.unwrap();
        if number(near.pool(), ROWS).await > 0 && child.try_wait().unwrap().is_none() {
            return (child, holder);
        }
        let _ = (child.kill(), child.wait());
        holder.close().await;
    }
    panic!("it was over too soon each time");
}

both! {
    async fn a_program_that_is_killed(bed: &Bed) {
        let city = City::on(bed).await;
        story(&city, 40).await;
        let log = city.desk.log();
        let before = everything(log).await;
        for _ in 0..3 {
            let (mut child, holder) = caught(bed, log, &bed.database).await;
            child.kill().unwrap();
            child.wait().unwrap();
            holder.close().await;
            goes_on(log, Phase::Indexing, &before).await;
        }
    }
}

/// What whoever ran it is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_says_that_the_database_went_away() {
    let bed = Bed::postgres().await;
    let city = City::on(&bed).await;
    story(&city, 40).await;
    let log = city.desk.log();
    let before = everything(log).await;
    let line = Line::to(&bed);
    let (child, holder) = caught(&bed, log, &line.database).await;
    line.is(State::Cut);
    let done = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap());
    let done = soon(done).await.unwrap();
    let error = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1), "{error}");
    assert!(error.contains("the database went away") && error.contains("run the same"), "{error}");
    holder.close().await;
    goes_on(log, Phase::Indexing, &before).await;
    bed.remove().await;
}
