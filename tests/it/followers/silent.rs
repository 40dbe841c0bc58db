//! A database that takes what it is asked and says nothing.

use std::time::Duration;

use hoiam::followers::{FollowerError, Followers};
use hoiam::log::Log;
use tokio::sync::watch;

use crate::support::Bed;
use crate::support::city::{City, POTHOLE};
use crate::support::line::{Line, State};

/// Far longer than anything here takes: who is not done by then waits for ever.
const FOR_EVER: Duration = Duration::from_secs(60);

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(FOR_EVER, what).await.expect("it waits for ever")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_notice_it_and_go_on_when_it_is_back() {
    let bed = Bed::postgres().await;
    let city = City::on(&bed).await;
    city.receive(POTHOLE).await;
    let line = Line::to(&bed);
    let log = Log::open(&line.database, crate::support::options()).await.unwrap();
    let followers = Followers::of(&log).patient(Duration::from_secs(1));
    line.is(State::Silent);
    let error = soon(followers.catch_up()).await.unwrap_err();
    assert!(matches!(error, FollowerError::Silent(_)), "{error}");
    assert_eq!(followers.reached(), 0);

    // The worker finds the same, and goes on by itself.
    let (stop, stopping) = watch::channel(false);
    let working = tokio::spawn(followers.clone().run(stopping));
    line.is(State::Open);
    let head = city.desk.log().head().await.unwrap();
    soon(followers.wait_for(head)).await;
    stop.send_replace(true);
    soon(working).await.unwrap();
    soon(log.close()).await;
    city.desk.log().close().await;
    bed.remove().await;
}
