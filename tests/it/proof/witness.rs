//! Witnesses: a second party that keeps the last checkpoint it saw and cosigns only what continues it
//! (C2SP tlog-witness). The one here follows the specification status by status.

use std::sync::Mutex;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hoiam::outside::guard::Reach;
use hoiam::proof::checkpoint::Checkpoint;
use hoiam::proof::note::Note;
use hoiam::proof::receipt::Unproved;
use hoiam::proof::tree::{Head, continues, empty_root};
use hoiam::proof::verify::{What, verify};
use hoiam::proof::witness::{AddCheckpoint, SIZE_MEDIA};
use hoiam::proof::{ProofError, View, Witness};
use tokio::net::TcpListener;

use super::*;
use crate::support::bed::sql;

/// Something that cosigns for logs with one key.
pub(super) struct Party {
    key: SigningKey,
    log: VerifierKey,
    pub(super) seen: Mutex<Head>,
}

impl Party {
    pub(super) fn called(name: &str) -> Arc<Self> {
        let key = SigningKey::of(name, &[name.len() as u8; 32]).unwrap();
        let seen = Mutex::new(Head { size: 0, root: empty_root() });
        Arc::new(Self { key, log: verifier(), seen })
    }

    /// How a log is told of it.
    pub(super) fn at(&self, url: &str) -> Witness {
        format!("{} {url}", self.key.verifier(Kind::Cosignature)).parse().unwrap()
    }

    /// What it serves.
    pub(super) fn app(self: &Arc<Self>) -> axum::Router {
        axum::Router::new()
            .route("/w/add-checkpoint", post(add_checkpoint))
            .with_state(self.clone())
    }

    /// What it answers to a submission: the specification's order of checks.
    fn answer(&self, body: &str) -> Response {
        let Ok(submission) = body.parse::<AddCheckpoint>() else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let Ok(said) = Checkpoint::open(&submission.note, &self.log) else {
            return StatusCode::FORBIDDEN.into_response();
        };
        let mut seen = self.seen.lock().unwrap();
        if submission.old > said.head.size {
            return StatusCode::BAD_REQUEST.into_response();
        }
        if submission.old != seen.size {
            let media = [(header::CONTENT_TYPE, SIZE_MEDIA)];
            return (StatusCode::CONFLICT, media, format!("{}\n", seen.size)).into_response();
        }
        if submission.old == said.head.size && seen.root != said.head.root {
            return StatusCode::CONFLICT.into_response();
        }
        if !continues(&seen, &said.head, &submission.proof) {
            return StatusCode::UNPROCESSABLE_ENTITY.into_response();
        }
        *seen = said.head;
        self.key.cosign(&said.to_string(), 1_772_413_323).to_string().into_response()
    }
}

async fn add_checkpoint(State(party): State<Arc<Party>>, body: String) -> Response {
    party.answer(&body)
}

/// Serves a witness; gives it and how a log is told of it.
async fn served(name: &str) -> (Arc<Party>, Witness) {
    let party = Party::called(name);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let witness = party.at(&format!("http://{}/w/", listener.local_addr().unwrap()));
    tokio::spawn(axum::serve(listener, party.app()).into_future());
    (party, witness)
}

both! {
    async fn checkpoints_are_cosigned_and_served_so(bed: &Bed) {
        let log = bed.open().await;
        let (one, first) = served("w.example/1").await;
        let (_, second) = served("witness.example/22").await;
        let keys = [first.key.clone(), second.key.clone()];
        let keeper = keeper_with(&log, Witnesses::new(vec![first, second], Reach::Anywhere)).await;
        keeper.ask_witnesses().await.unwrap();
        for rounds in [1, 3, 5] {
            for _ in 0..rounds {
                round(&log, 70).await;
            }
            keeper.checkpoint().await.unwrap();
            keeper.ask_witnesses().await.unwrap();
            let signed = View::of(&log).last().await.unwrap();
            assert_eq!(*one.seen.lock().unwrap(), signed.head);
            for key in &keys {
                let note: Note = signed.note.to_string().parse().unwrap();
                assert_eq!(note.signed_by(key).unwrap().1, 1_772_413_323);
            }
        }
        // One that saw an older tree is caught up with, one that forgot begins anew.
        *one.seen.lock().unwrap() = Head { size: 0, root: empty_root() };
        round(&log, 70).await;
        keeper.checkpoint().await.unwrap();
        keeper.ask_witnesses().await.unwrap();
        let verified = verify(&log, Some(&verifier()), None, &mut |_, _| ()).await.unwrap();
        assert_eq!((verified.finding, verified.cosignatures), (None, 8));
        // A receipt carries them.
        let event = log.read_all(99, 1).await.unwrap().remove(0);
        let receipt = View::of(&log).receipt("HCM-26-000001-4", &event).await.unwrap();
        let note: Note = receipt.checkpoint.as_deref().unwrap().parse().unwrap();
        assert!(keys.iter().all(|key| note.signed_by(key).is_ok()));
        // All of it holds, but the event is no case's first.
        assert_eq!(receipt.verify(&verifier(), &keys), Err(Unproved::OtherCase));
        log.close().await;
    }

    async fn a_view_that_forks_from_a_cosigned_one_is_not_served(bed: &Bed) {
        let log = bed.open().await;
        let (party, witness) = served("w.example/1").await;
        let witnesses = Witnesses::new(vec![witness], Reach::Anywhere);
        let keeper = keeper_with(&log, witnesses.clone()).await;
        let view = View::of(&log);
        round(&log, 300).await;
        keeper.checkpoint().await.unwrap();
        keeper.ask_witnesses().await.unwrap();
        // The witness saw a longer log: this one was put back to an older state.
        let honest = *party.seen.lock().unwrap();
        *party.seen.lock().unwrap() = Head { size: 900, root: [7; 32] };
        round(&log, 50).await;
        keeper.checkpoint().await.unwrap();
        assert!(matches!(keeper.ask_witnesses().await, Err(ProofError::Forked(_))));
        assert!(matches!(view.last().await, Err(ProofError::Forked(why)) if why.contains("900")));
        assert!(matches!(keeper.checkpoint().await, Err(ProofError::Forked(_))), "nothing more is signed");
        // Once it is satisfied, all is well.
        *party.seen.lock().unwrap() = honest;
        keeper.ask_witnesses().await.unwrap();
        assert_eq!(view.last().await.unwrap().head.size, 350);
        // It saw as many events, but others.
        *party.seen.lock().unwrap() = Head { size: 350, root: [7; 32] };
        round(&log, 50).await;
        keeper.checkpoint().await.unwrap();
        assert!(matches!(keeper.ask_witnesses().await, Err(ProofError::Forked(_))));
        assert!(matches!(view.inclusion(0, None).await, Err(ProofError::Forked(_))));

        // Whoever is asked no more is heard no more. The cosignatures stay, and bind.
        let alone = super::keeper(&log).await;
        assert_eq!(view.last().await.unwrap().head.size, 400);
        let off = if bed.is_postgres() {
            vec!["ALTER TABLE log_checkpoints DISABLE TRIGGER ALL", "ALTER TABLE log_tiles DISABLE TRIGGER ALL"]
        } else {
            vec!["DROP TRIGGER log_checkpoints_no_delete", "DROP TRIGGER log_checkpoints_no_update", "DROP TRIGGER log_tiles_stay", "DROP TRIGGER log_tiles_grow"]
        };
        for text in off {
            sql(log.pool(), text).await.unwrap();
        }
        // Another history under the cosigned size, signed with the log's own key.
        for text in ["DELETE FROM log_checkpoints WHERE size > 350", "DELETE FROM log_tiles", "UPDATE log_tree SET size = 0"] {
            sql(log.pool(), text).await.unwrap();
        }
        let forged = Checkpoint::sign(Head { size: 350, root: [9; 32] }, &signing(1)).1.to_string();
        sql(log.pool(), &format!("UPDATE log_checkpoints SET note = '{forged}' WHERE size = 350")).await.unwrap();
        alone.grow().await.unwrap();
        assert!(matches!(view.last().await, Err(ProofError::Forked(_))));
        sql(log.pool(), "DELETE FROM log_checkpoints WHERE size = 350").await.unwrap();
        assert!(matches!(view.last().await, Err(ProofError::Forked(why)) if why.contains("350")));
        let found = verify(&log, Some(&verifier()), None, &mut |_, _| ()).await.unwrap().finding.unwrap();
        assert_eq!((found.what, found.position), (What::Cosignature, 350));
        log.close().await;
    }

    async fn a_witness_that_is_away_or_lies_changes_nothing(bed: &Bed) {
        let log = bed.open().await;
        let (party, mut witness) = served("w.example/1").await;
        witness.url = witness.url.replace("/w", "/nothing");
        let other = SigningKey::of("w.example/1", &[77; 32]).unwrap().verifier(Kind::Cosignature);
        let liar = Witness { key: other, url: witness.url.replace("/nothing", "/w") };
        let keeper = keeper_with(&log, Witnesses::new(vec![witness, liar], Reach::Anywhere)).await;
        round(&log, 10).await;
        keeper.checkpoint().await.unwrap();
        let error = keeper.ask_witnesses().await.unwrap_err();
        assert!(matches!(error, ProofError::Witness { .. }), "{error}");
        // The second answered, but with a key that is not the one it was said to have.
        assert_eq!(party.seen.lock().unwrap().size, 10);
        let signed = View::of(&log).last().await.unwrap();
        assert_eq!(signed.note.to_string().lines().filter(|line| line.starts_with('—')).count(), 1);
        log.close().await;
    }
}
