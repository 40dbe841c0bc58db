//! A new master key in place of the old: the log stays, everything reads, old wrappings die.

use hoiam::log::{Log, LogError, LogOptions};
use hoiam::random::SeededRandom;
use hoiam::vault::VaultError;
use hoiam::vault::ring::{KeySource, Ring};
use hoiam::vault::store::rotate;

use super::*;
use crate::support::build::everything;

async fn open(bed: &Bed, key: &KeySource) -> Result<Log, LogError> {
    let options = LogOptions { master_key: key.clone(), ..LogOptions::default() };
    Log::open(&bed.database, options).await
}

/// A city whose master key is in a file.
async fn city(bed: &Bed, key: &KeySource) -> City {
    let city = City::on(bed).await;
    let log = open(bed, key).await.unwrap();
    let desk = hoiam::desk::Desk::new(
        log,
        city.desk.rules_handle().clone(),
        "HCM",
        city.clock.clone(),
        std::sync::Arc::new(SeededRandom::new(2)),
    );
    city.desk.log().close().await;
    City { desk, clock: city.clock }
}

both! {
    async fn keys_turn_under_a_running_node_and_the_log_is_not_touched(bed: &Bed) {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("master.key");
        std::fs::write(&path, crate::support::MASTER_KEY).unwrap();
        let key = KeySource::File(path.clone());
        let node = city(bed, &key).await;
        let (_, before) = receive(&node, of_planted(TEXT)).await;
        let written = everything(node.desk.log()).await;
        let payloads = |events: &[hoiam::log::RecordedEvent]| -> Vec<String> {
            events.iter().map(|event| event.payload.clone()).collect()
        };

        // From another process, as it were.
        let other = open(bed, &key).await.unwrap();
        let random = SeededRandom::new(7);
        let done = rotate(other.pool(), other.vault(), &random, false).await.unwrap();
        assert_eq!((done.cases, done.retired), (1, 1));
        assert_eq!(payloads(&everything(node.desk.log()).await), payloads(&written));
        let (_, after) = receive(&node, of_planted("Nước ngập ở đường Lê Lợi, quận 1")).await;
        for number in [&before, &after] {
            assert!(!node.case(number).await.text.is_erased());
        }
        // The node, which was not told, wraps with the new key.
        assert_eq!(rotate(other.pool(), other.vault(), &random, true).await.unwrap().cases, 0);
        // The next rotation drops the first key.
        let done = rotate(other.pool(), other.vault(), &random, false).await.unwrap();
        assert_eq!((done.cases, done.retired), (2, 1));
        other.close().await;
        check(bed, &node).await;
        node.desk.log().close().await;

        let first = KeySource::Given(crate::support::MASTER_KEY.to_owned());
        let refused = open(bed, &first).await.unwrap_err();
        assert!(matches!(refused, LogError::Vault(VaultError::OtherMaster)), "{refused}");
        let ring = Ring::read(&key).unwrap().unwrap();
        assert_eq!(ring.names().len(), 2);
        // A lost key is not replaced by a new one.
        std::fs::rename(&path, place.path().join("kept")).unwrap();
        let refused = open(bed, &key).await.unwrap_err();
        assert!(matches!(refused, LogError::Vault(VaultError::OtherMaster)), "{refused}");
        assert!(!path.exists());
        std::fs::rename(place.path().join("kept"), &path).unwrap();
        let log = open(bed, &key).await.unwrap();
        log.close().await;
    }
}
