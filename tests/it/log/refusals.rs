//! How the log says no, and that it comes back.

use hoiam::log::{Append, AppendError, Expected, LogOptions};

use crate::support::Bed;
use crate::support::bed::admin;
use crate::support::build::{check_whole, everything, one, ready, stream, stream_append};

both! {
    async fn what_is_no_append_is_refused(bed: &Bed) {
        let log = bed.open().await;
        let change = |change: fn(&mut Append)| {
            let mut append = one(stream(1), Expected::NoStream);
            change(&mut append);
            append
        };
        let twice = || stream_append(stream(1), Expected::Any, 1);
        let mut bad_kind = twice();
        bad_kind.events[0].kind = "Có dấu".into();
        let mut bad_data = twice();
        bad_data.events[0].data = "{".into();
        let appends = [
            ready(vec![]),
            ready(vec![stream_append(stream(1), Expected::Any, 0)]),
            ready(vec![twice(), twice()]),
            ready(vec![bad_kind]),
            ready(vec![bad_data]),
            change(|append| append.actor = "x".into()),
        ];
        for append in appends {
            let answer = log.append(append).await;
            assert!(matches!(answer, Err(AppendError::Invalid(_))), "{answer:?}");
        }
        assert_eq!(log.head().await.unwrap(), 0);
    }

    async fn too_large_is_refused(bed: &Bed) {
        let log = bed.open_with(LogOptions { batch_bytes: 10_000, ..LogOptions::default() }).await;
        let large = ready(vec![stream_append(stream(1), Expected::NoStream, 30)]);
        assert_eq!(log.append(large).await, Err(AppendError::TooLarge));
        log.append(one(stream(1), Expected::NoStream)).await.unwrap();
    }

    async fn a_closed_log_says_so(bed: &Bed) {
        let log = bed.open().await;
        log.append(one(stream(1), Expected::NoStream)).await.unwrap();
        log.ready().await.unwrap();
        log.close().await;
        assert!(matches!(log.append(one(stream(2), Expected::NoStream)).await, Err(AppendError::Unavailable(_))));
        assert!(log.ready().await.is_err());
        assert_eq!(bed.open().await.head().await.unwrap(), 1);
    }

    /// More than may wait is refused at once; what waits is written.
    async fn too_many_are_refused(bed: &Bed) {
        let log = bed.open_with(LogOptions { queue: 4, ..LogOptions::default() }).await;
        let mut tasks = tokio::task::JoinSet::new();
        for nr in 0..400 {
            let log = log.clone();
            tasks.spawn(async move { log.append(one(stream(nr), Expected::NoStream)).await });
        }
        let mut taken = 0;
        for answer in tasks.join_all().await {
            match answer {
                Ok(_) => taken += 1,
                Err(error) => assert_eq!(error, AppendError::Overloaded),
            }
        }
        assert_eq!(log.head().await.unwrap(), taken);
    }
}

/// A database that goes away is an error for those who wait, and no more than that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_comes_back() {
    let bed = Bed::postgres().await;
    let log = bed.open().await;
    log.append(one(stream(1), Expected::NoStream)).await.unwrap();
    let mut admin = admin().await;
    let allow =
        |allowed: bool| format!("ALTER DATABASE {} ALLOW_CONNECTIONS {allowed}", bed.name());
    let kick = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
        bed.name()
    );
    for sql in [allow(false), kick.clone()] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
    }
    for nr in 2..5 {
        let answer = log.append(one(stream(nr), Expected::NoStream)).await;
        assert!(matches!(answer, Err(AppendError::Unavailable(_))), "{answer:?}");
        assert!(log.ready().await.is_err());
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(allow(true))).execute(&mut admin).await.unwrap();
    log.ready().await.unwrap();
    log.append(one(stream(9), Expected::NoStream)).await.unwrap();
    // Kicked out without notice: at most the append under way is lost, and it is told.
    sqlx::raw_sql(sqlx::AssertSqlSafe(kick)).execute(&mut admin).await.unwrap();
    let answer = log.append(one(stream(10), Expected::NoStream)).await;
    assert!(matches!(answer, Ok(_) | Err(AppendError::Unavailable(_))), "{answer:?}");
    log.append(one(stream(11), Expected::NoStream)).await.unwrap();
    check_whole(&everything(&log).await);
    bed.remove().await;
}
