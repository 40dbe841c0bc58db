//! The same request twice is one append and one answer.

use hoiam::log::{AppendError, Expected};

use crate::support::build::{keyed, numbered, one, stream};

both! {
    async fn a_repeated_request_gets_its_first_answer(bed: &Bed) {
        let log = bed.open().await;
        let first = log.append(keyed(numbered("HCM-26", stream(1)), 1, 1, 7)).await.unwrap();
        assert_eq!((first.answer.as_str(), first.replayed), ("1", None));
        // Another salt and another stream: what counts is the key and the request.
        let again = log.append(keyed(numbered("HCM-26", stream(2)), 1, 1, 8)).await.unwrap();
        assert_eq!(again.replayed.unwrap().salt, [7; 16]);
        assert_eq!((again.answer, again.versions), (first.answer.clone(), first.versions.clone()));
        assert_eq!((again.first_position, again.last_position), (1, 1));
        assert_eq!(log.head().await.unwrap(), 1);

        let stored = log.idempotent("tok_1", &[1; 32]).await.unwrap().unwrap();
        assert_eq!((stored.request_hash, stored.appended.answer), ([1; 32], first.answer));
        assert_eq!(log.idempotent("tok_2", &[1; 32]).await.unwrap(), None);
        // A replay takes no number.
        assert_eq!(log.append(numbered("HCM-26", stream(3))).await.unwrap().answer, "2");
    }

    async fn another_request_under_the_key_is_refused(bed: &Bed) {
        let log = bed.open().await;
        log.append(keyed(one(stream(1), Expected::NoStream), 1, 1, 7)).await.unwrap();
        let other = log.append(keyed(one(stream(2), Expected::NoStream), 1, 2, 7)).await;
        assert_eq!(other, Err(AppendError::IdempotencyMismatch));
        assert_eq!(log.head().await.unwrap(), 1);
    }

    async fn a_lost_request_keeps_no_key(bed: &Bed) {
        let log = bed.open().await;
        let lost = log.append(keyed(one(stream(1), Expected::StreamExists), 1, 1, 7)).await;
        assert_eq!(lost, Err(AppendError::Conflict { stream: stream(1), actual: 0 }));
        let won = log.append(keyed(one(stream(1), Expected::NoStream), 1, 2, 7)).await.unwrap();
        assert_eq!(won.replayed, None);
    }

    async fn keys_outlive_the_node(bed: &Bed) {
        let log = bed.open().await;
        let first = log.append(keyed(one(stream(1), Expected::NoStream), 1, 1, 7)).await.unwrap();
        log.close().await;
        let log = bed.open().await;
        let again = log.append(keyed(one(stream(1), Expected::NoStream), 1, 1, 9)).await.unwrap();
        assert_eq!((again.versions, again.replayed.unwrap().salt), (first.versions, [7; 16]));
    }
}
