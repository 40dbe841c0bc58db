//! The tree grows behind the log, and what it proves holds.

use hoiam::proof::checkpoint::Checkpoint;
use hoiam::proof::tile::{Asked, At};
use hoiam::proof::tree::{continues, includes};
use hoiam::proof::{ProofError, View};

use super::*;
use crate::support::build::everything;

both! {
    async fn checkpoints_cover_the_log_and_every_proof_holds(bed: &Bed) {
        let log = bed.open().await;
        let keeper = keeper(&log).await;
        let view = View::of(&log);
        assert!(keeper.checkpoint().await.unwrap().is_none(), "nothing to sign");
        assert!(matches!(view.last().await, Err(ProofError::NoCheckpoint)));
        let mut heads = Vec::new();
        for rounds in [1, 2, 4, 3] {
            for _ in 0..rounds {
                round(&log, 60).await;
            }
            let signed = keeper.checkpoint().await.unwrap().unwrap();
            assert_eq!(signed.head.size, log.head().await.unwrap());
            let said = Checkpoint::open(&signed.note, &verifier()).unwrap();
            assert_eq!((said.head, said.origin.as_str()), (signed.head, ORIGIN));
            heads.push(signed.head);
        }
        let again = keeper.checkpoint().await.unwrap().unwrap();
        assert_eq!(again.head, heads[3], "nothing new, nothing signed");

        let events = everything(&log).await;
        for index in [0, 1, 59, 60, 255, 256, 300, 511, 512, 599] {
            for head in &heads {
                let proved = view.inclusion(index, Some(head.size)).await;
                if index >= head.size {
                    assert!(matches!(proved, Err(ProofError::Beyond { size: 600 })));
                    continue;
                }
                let (leaf, found, proof) = proved.unwrap();
                assert_eq!((leaf, found), (events[index as usize].leaf_hash, *head));
                assert!(includes(&leaf, index, head.size, &proof, &head.root));
            }
        }
        for (nr, second) in heads.iter().enumerate() {
            for first in &heads[..=nr] {
                let (a, b, proof) = view.consistency(first.size, Some(second.size)).await.unwrap();
                assert_eq!((a, b), (*first, *second));
                assert!(continues(first, second, &proof));
            }
        }
        for (first, second) in [(2, Some(1)), (1, Some(601)), (601, None)] {
            let error = view.consistency(first, second).await.unwrap_err();
            assert!(matches!(error, ProofError::Beyond { size: 600 }), "{error}");
        }
        // Tiles are the leaf hashes; the last is partial at any width the tree has.
        let asked = |level, index, width| Asked { at: At { level, index }, width };
        let leaves: Vec<[u8; 32]> = events.iter().map(|event| event.leaf_hash).collect();
        assert_eq!(view.tile(asked(0, 1, 256)).await.unwrap(), leaves[256..512]);
        assert_eq!(view.tile(asked(0, 2, 88)).await.unwrap(), leaves[512..600]);
        assert_eq!(view.tile(asked(0, 2, 4)).await.unwrap(), leaves[512..516]);
        assert_eq!(view.tile(asked(1, 0, 2)).await.unwrap().len(), 2);
        for beyond in [asked(0, 2, 89), asked(0, 2, 256), asked(1, 0, 3), asked(2, 0, 1), asked(63, 0, 1)] {
            assert!(matches!(view.tile(beyond).await, Err(ProofError::Beyond { .. })), "{beyond:?}");
        }
    }

    async fn several_nodes_make_one_tree_with_one_key(bed: &Bed) {
        let (one, two) = (bed.open().await, bed.open().await);
        round(&one, 300).await;
        let (a, b) = (keeper(&one).await, keeper(&two).await);
        let (first, second) = tokio::join!(a.checkpoint(), b.checkpoint());
        assert_eq!(first.unwrap().unwrap().head, second.unwrap().unwrap().head);
        round(&two, 300).await;
        let (first, second) = tokio::join!(a.checkpoint(), b.checkpoint());
        assert_eq!(first.unwrap().unwrap().head, second.unwrap().unwrap().head);
        let clock = Arc::new(ManualClock::at(at()));
        let other = Keeper::of(&two, signing(2), clock, Witnesses::default()).await.unwrap_err();
        assert!(matches!(other, ProofError::OtherKey { .. }), "{other}");
        assert!(other.to_string().contains("same key"));
        one.close().await;
        two.close().await;
    }

    /// What the database itself refuses.
    async fn tiles_and_checkpoints_stay(bed: &Bed) {
        use crate::support::bed::sql;
        let log = bed.open().await;
        round(&log, 300).await;
        keeper(&log).await.checkpoint().await.unwrap();
        for attempt in [
            "UPDATE log_tiles SET hashes = (SELECT hashes FROM log_tiles WHERE level = 0 AND tile = 1) WHERE tile = 0",
            "DELETE FROM log_tiles",
            "UPDATE log_checkpoints SET made_at = 0",
            "DELETE FROM log_checkpoints",
            "DELETE FROM log_cosignatures WHERE 1 = 0 OR EXISTS (SELECT 1 FROM log_tiles)",
            "UPDATE log_identity SET verifier = 'x'",
            "DELETE FROM log_identity",
        ] {
            let outcome = sql(log.pool(), attempt).await;
            assert!(outcome.is_err() || (outcome.unwrap() == 0 && attempt.contains("cosig")), "{attempt}");
        }
        round(&log, 300).await;
        assert_eq!(keeper(&log).await.checkpoint().await.unwrap().unwrap().head.size, 600);
    }
}
