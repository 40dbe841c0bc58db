//! Positions without gaps, in the order of commits, whatever happens meanwhile.

use hoiam::log::{Expected, Log, LogOptions};
use tokio::task::JoinSet;

use crate::support::build::{
    check_whole, everything, make_marks, one, poisoned, ready, stream, stream_append,
};

/// Reads as followers do, by wake-ups, until it has seen `until` events; what it saw, in order.
async fn follow(log: Log, until: usize) -> Vec<u64> {
    let mut committed = log.committed();
    let mut seen: Vec<u64> = Vec::new();
    while seen.len() < until {
        let page = log.read_all(seen.last().copied().unwrap_or(0), 50).await.unwrap();
        if page.is_empty() {
            let at = seen.last().copied().unwrap_or(0);
            committed.wait_for(|head| *head > at).await.unwrap();
        }
        seen.extend(page.iter().map(|event| event.position));
    }
    seen
}

/// Many writers with conflicts and refused appends between; says how many events were taken.
async fn load(log: &Log, writers: u128, rounds: u64) -> usize {
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let log = log.clone();
        tasks.spawn(async move {
            let mut taken = 0;
            for round in 0..rounds {
                let own =
                    ready(vec![stream_append(stream(writer), Expected::Exactly(round * 2), 2)]);
                taken += log.append(own).await.map(|_| 2).unwrap();
                // All fight for one stream; only its first event is new.
                taken += usize::from(
                    log.append(one(stream(1_000), Expected::Exactly(round))).await.is_ok(),
                );
                if round % 5 == 0 {
                    assert!(log.append(poisoned(stream(2_000 + writer))).await.is_err());
                }
            }
            taken
        });
    }
    tasks.join_all().await.into_iter().sum()
}

both! {
    async fn a_follower_sees_every_event_once_in_order(bed: &Bed) {
        const WRITERS: u128 = 16;
        const ROUNDS: u64 = 12;
        let log = bed.open().await;
        make_marks(&log).await;
        // At least so many are certain: what each writes to its own stream.
        let certain = usize::try_from(WRITERS).unwrap() * 2 * usize::try_from(ROUNDS).unwrap();
        let followers: Vec<_> = (0..3).map(|_| tokio::spawn(follow(log.clone(), certain))).collect();
        let taken = load(&log, WRITERS, ROUNDS).await;
        let events = everything(&log).await;
        assert_eq!(events.len(), taken);
        check_whole(&events);
        for follower in followers {
            let seen = follower.await.unwrap();
            let expected: Vec<u64> = (1..).take(seen.len()).collect();
            assert_eq!(seen, expected);
        }
    }

    /// A follower on another node is woken by its own looking.
    async fn other_nodes_are_noticed(bed: &Bed) {
        let writer = bed.open().await;
        let poll = std::time::Duration::from_millis(20);
        let reader = bed.open_with(LogOptions { poll, ..LogOptions::default() }).await;
        let follower = tokio::spawn(follow(reader, 20));
        for nr in 0..20 {
            writer.append(one(stream(nr), Expected::NoStream)).await.unwrap();
        }
        assert_eq!(follower.await.unwrap().len(), 20);
    }
}
