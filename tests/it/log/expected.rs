//! The four expected versions, and appends to several streams.

use hoiam::log::{AppendError, Expected};

use crate::support::build::{check_whole, everything, one, ready, stream, stream_append};

both! {
    /// Every expectation against a stream without events and one with two.
    async fn every_expectation(bed: &Bed) {
        let log = bed.open().await;
        let cases = [
            (Expected::NoStream, true, false),
            (Expected::StreamExists, false, true),
            (Expected::Any, true, true),
            (Expected::Exactly(0), true, false),
            (Expected::Exactly(1), false, false),
            (Expected::Exactly(2), false, true),
            (Expected::Exactly(3), false, false),
        ];
        for (nr, (expected, on_new, on_two)) in (0..).zip(cases) {
            let (new, two) = (stream(nr * 2), stream(nr * 2 + 1));
            log.append(ready(vec![stream_append(two, Expected::NoStream, 2)])).await.unwrap();
            for (id, actual, admitted) in [(new, 0, on_new), (two, 2, on_two)] {
                let answer = log.append(one(id, expected)).await;
                if admitted {
                    assert_eq!(answer.unwrap().versions, [(id, actual + 1)], "{expected:?} on {actual}");
                } else {
                    let conflict = AppendError::Conflict { stream: id, actual };
                    assert_eq!(answer, Err(conflict), "{expected:?} on {actual}");
                }
            }
        }
        check_whole(&everything(&log).await);
    }

    /// Several streams are written together or not at all.
    async fn all_streams_or_none(bed: &Bed) {
        let log = bed.open().await;
        let (a, b) = (stream(1), stream(2));
        let both = |version| {
            ready(vec![
                stream_append(a, Expected::Exactly(version), 2),
                stream_append(b, Expected::Any, 1),
            ])
        };
        let first = log.append(both(0)).await.unwrap();
        assert_eq!((first.first_position, first.last_position), (1, 3));
        assert_eq!(first.versions, [(a, 2), (b, 1)]);
        assert_eq!(log.append(both(1)).await, Err(AppendError::Conflict { stream: a, actual: 2 }));
        assert_eq!(log.head().await.unwrap(), 3);
        assert_eq!(log.read_stream(b, 0, 10).await.unwrap().len(), 1);
        assert_eq!(log.append(both(2)).await.unwrap().first_position, 4);
        check_whole(&everything(&log).await);
    }

    /// A stream without new events is only checked.
    async fn a_version_can_be_checked_alone(bed: &Bed) {
        let log = bed.open().await;
        let (a, b) = (stream(1), stream(2));
        log.append(one(a, Expected::NoStream)).await.unwrap();
        let guarded = |version| {
            ready(vec![stream_append(a, Expected::Exactly(version), 0), stream_append(b, Expected::Any, 1)])
        };
        assert_eq!(log.append(guarded(2)).await, Err(AppendError::Conflict { stream: a, actual: 1 }));
        assert_eq!(log.append(guarded(1)).await.unwrap().versions, [(a, 1), (b, 1)]);
    }

    /// A stream is read in pages, after a version.
    async fn streams_are_read_in_pages(bed: &Bed) {
        let log = bed.open().await;
        let id = stream(1);
        log.append(ready(vec![stream_append(id, Expected::NoStream, 5)])).await.unwrap();
        log.append(one(stream(2), Expected::NoStream)).await.unwrap();
        let versions = async |after, limit| -> Vec<u64> {
            log.read_stream(id, after, limit).await.unwrap().iter().map(|event| event.version).collect()
        };
        assert_eq!(versions(0, 2).await, [1, 2]);
        assert_eq!(versions(2, 2).await, [3, 4]);
        assert_eq!(versions(4, 2).await, [5]);
        assert!(versions(5, 2).await.is_empty());
    }
}
