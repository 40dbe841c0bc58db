//! Two nodes on one database: one order, one series of numbers, one answer a key.

use std::collections::BTreeSet;

use hoiam::log::{AppendError, Expected};
use tokio::task::JoinSet;

use crate::support::build::{check_whole, everything, keyed, numbered, one, stream};

both! {
    async fn two_nodes_share_one_order(bed: &Bed) {
        let nodes = [bed.open().await, bed.open().await];
        let mut tasks = JoinSet::new();
        for writer in 0..8_u128 {
            let log = nodes[usize::from(writer % 2 == 1)].clone();
            tasks.spawn(async move {
                let mut numbers = Vec::new();
                for round in 0..15_u64 {
                    let id = stream(u128::from(round) * 100 + writer);
                    numbers.push(log.append(numbered("HCM-26", id)).await.unwrap().answer.parse::<u64>().unwrap());
                    log.append(one(id, Expected::Exactly(1))).await.unwrap();
                }
                numbers
            });
        }
        let numbers: BTreeSet<u64> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(numbers, (1..=120).collect(), "numbers have no gaps and none is given twice");
        let events = everything(&nodes[0]).await;
        assert_eq!(events.len(), 240);
        check_whole(&events);
        // Numbers follow the order of the log.
        let given = events.iter().filter(|event| event.version == 1).map(|event| event.data().to_owned());
        let expected = (1..=120).map(|number| format!(r#"{{"text":"số {number}"}}"#));
        assert!(given.eq(expected));
    }

    /// What one node wrote between another's reading and writing is not overwritten.
    async fn a_stream_has_one_winner(bed: &Bed) {
        let nodes = [bed.open().await, bed.open().await];
        for version in 0..25 {
            let id = stream(1);
            let race = async |node: usize| nodes[node].append(one(id, Expected::Exactly(version))).await;
            let (a, b) = tokio::join!(race(0), race(1));
            let lost = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
            assert_eq!(lost, [AppendError::Conflict { stream: id, actual: version + 1 }]);
        }
        check_whole(&everything(&nodes[1]).await);
    }

    async fn a_key_is_known_to_both(bed: &Bed) {
        let nodes = [bed.open().await, bed.open().await];
        for key in 0..20 {
            let send = async |node: usize| {
                let id = stream(u128::from(key) * 2 + node as u128);
                nodes[node].append(keyed(numbered("S", id), key, 1, 1)).await.unwrap()
            };
            let (a, b) = tokio::join!(send(0), send(1));
            assert_eq!(a.answer, b.answer);
            assert!(a.replayed.is_some() != b.replayed.is_some());
        }
        assert_eq!(nodes[0].head().await.unwrap(), 20);
    }
}
