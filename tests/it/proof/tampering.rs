//! Whatever somebody with all rights does to the rows, with triggers off: it is found, and the first
//! event concerned is named.

use hoiam::log::leaf_hash;
use hoiam::proof::checkpoint::Checkpoint;
use hoiam::proof::tree::Head;
use hoiam::proof::verify::{Verified, What, verify};
use hoiam::tracking::hex;

use super::*;
use crate::support::bed::sql;
use crate::support::build::{everything, one};

const TABLES: [&str; 5] = ["events", "log_head", "log_tiles", "log_tree", "log_checkpoints"];

/// Who owns the database server: takes triggers away and keeps a copy of everything.
struct Intruder<'b> {
    bed: &'b Bed,
    log: Log,
}

impl<'b> Intruder<'b> {
    /// 600 events in ten rounds over 60 streams, checkpoints at 60, 300 and 600, and five events of
    /// stream 0 that no checkpoint covers.
    async fn at(bed: &'b Bed) -> Self {
        let log = bed.open().await;
        let keeper = keeper(&log).await;
        for nr in 1..=10 {
            round(&log, 60).await;
            if [1, 5, 10].contains(&nr) {
                keeper.checkpoint().await.unwrap();
            }
        }
        for _ in 0..5 {
            log.append(one(stream(0), Expected::Any)).await.unwrap();
        }
        let intruder = Self { bed, log };
        for table in TABLES {
            intruder.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
        if bed.is_postgres() {
            for table in TABLES {
                intruder.run(&format!("ALTER TABLE {table} DISABLE TRIGGER ALL")).await;
            }
        } else {
            for trigger in [
                "events_no_update",
                "events_no_delete",
                "events_no_replace",
                "log_head_stays",
                "log_tiles_grow",
                "log_tiles_stay",
                "log_checkpoints_no_update",
                "log_checkpoints_no_delete",
            ] {
                intruder.run(&format!("DROP TRIGGER {trigger}")).await;
            }
        }
        intruder
    }

    async fn run(&self, text: &str) {
        let done = sql(self.log.pool(), text).await;
        done.unwrap_or_else(|error| panic!("{text}: {error}"));
    }

    async fn restore(&self) {
        for table in TABLES {
            self.run(&format!("DELETE FROM {table}")).await;
            self.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }

    async fn verify(&self, outside: Option<&Checkpoint>) -> Verified {
        verify(&self.log, Some(&verifier()), outside, &mut |_, _| ()).await.unwrap()
    }

    fn blob(&self, bytes: &[u8]) -> String {
        let hex = hex(bytes);
        if self.bed.is_postgres() { format!("'\\x{hex}'::bytea") } else { format!("x'{hex}'") }
    }

    /// Other words in an event, with a leaf hash that fits.
    async fn forge(&self, position: usize) {
        let payload =
            everything(&self.log).await[position - 1].payload.replace("sự kiện", "sự việc");
        let leaf = self.blob(&leaf_hash(payload.as_bytes()));
        let payload = payload.replace('\'', "''");
        self.run(&format!("UPDATE events SET payload = '{payload}', leaf_hash = {leaf} WHERE position = {position}")).await;
    }

    /// An event that looks like any other, at a free position.
    async fn insert(&self, position: usize) {
        let known = everything(&self.log).await.into_iter().next().unwrap();
        let id = "50000000-0000-0000-0000-0000ffffffff";
        let payload = known.payload.replace(&known.stream.to_string(), id);
        assert_ne!(payload, known.payload);
        let leaf = self.blob(&leaf_hash(payload.as_bytes()));
        let stream = if self.bed.is_postgres() {
            format!("'{id}'")
        } else {
            format!("x'{}'", id.replace('-', ""))
        };
        self.run(&format!(
            "INSERT INTO events SELECT {position}, {stream}, 1, kind, schema, occurred_at, recorded_at, actor, \
             causation, correlation, '{payload}', {leaf} FROM kept_events WHERE position = 1"
        )).await;
    }

    /// Moves all events after a position; by way of negative numbers, for positions are unique.
    async fn shift(&self, after: usize, by: i64) {
        self.run(&format!(
            "UPDATE events SET position = -(position + {by}) WHERE position > {after}"
        ))
        .await;
        self.run("UPDATE events SET position = -position WHERE position < 0").await;
        self.run(&format!("UPDATE log_head SET position = position + {by}")).await;
    }

    async fn swap(&self, one: usize, two: usize) {
        self.run(&format!("UPDATE events SET position = -1 WHERE position = {one}")).await;
        self.run(&format!("UPDATE events SET position = {one} WHERE position = {two}")).await;
        self.run(&format!("UPDATE events SET position = {two} WHERE position = -1")).await;
    }

    /// What is found now; then everything is as it was.
    #[track_caller]
    fn found(&self, told: &str, verified: Verified, what: What, position: u64) {
        let finding = verified.finding.unwrap_or_else(|| panic!("{told}: nothing was found"));
        assert_eq!((finding.what, finding.position), (what, position), "{told}: {finding}");
        assert!(finding.vi().contains(&position.to_string()) || what == What::CheckpointAltered);
    }
}

/// Single statements: what is done, what is found, at which event.
const EDITS: &[(&str, What, u64)] = &[
    (
        "UPDATE events SET payload = replace(payload, 'sự kiện', 'sự việc') WHERE position = 100",
        What::Altered,
        100,
    ),
    (
        "UPDATE events SET payload = replace(payload, 'sự kiện', 'sự việc') WHERE position = 603",
        What::Altered,
        603,
    ),
    ("UPDATE events SET payload = payload || ' ' WHERE position = 600", What::Altered, 600),
    (
        "UPDATE events SET leaf_hash = (SELECT leaf_hash FROM kept_events WHERE position = 7) WHERE position = 100",
        What::Altered,
        100,
    ),
    (
        "UPDATE events SET actor = '{\"role\":\"citizen\",\"id\":\"x\"}' WHERE position = 256",
        What::Altered,
        256,
    ),
    ("UPDATE events SET kind = 'case.closed' WHERE position = 257", What::Altered, 257),
    ("UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 1", What::Altered, 1),
    ("UPDATE events SET occurred_at = 9223372036854775807 WHERE position = 90", What::Altered, 90),
    ("UPDATE events SET schema = 2 WHERE position = 605", What::Altered, 605),
    ("UPDATE events SET version = 99 WHERE position = 350", What::Altered, 350),
    ("UPDATE events SET correlation = stream WHERE position = 12", What::Altered, 12),
    ("DELETE FROM events WHERE position = 200", What::Missing, 200),
    ("DELETE FROM events WHERE position = 1", What::Missing, 1),
    ("DELETE FROM events WHERE position BETWEEN 256 AND 300", What::Missing, 256),
    ("DELETE FROM events WHERE position = 605", What::Truncated, 605),
    ("DELETE FROM events WHERE position > 580", What::Truncated, 581),
    ("DELETE FROM events", What::Truncated, 1),
    ("UPDATE events SET position = 0 WHERE position = 100", What::Inserted, 0),
    ("UPDATE events SET position = 700 WHERE position = 605", What::Missing, 605),
    ("UPDATE log_head SET position = 602", What::Inserted, 603),
    ("UPDATE log_head SET position = 620", What::Truncated, 606),
    (
        "UPDATE log_tiles SET hashes = (SELECT hashes FROM kept_log_tiles WHERE level = 0 AND tile = 2) WHERE level = 1",
        What::Tile,
        1,
    ),
    ("DELETE FROM log_tiles WHERE level = 0 AND tile = 1", What::Tile, 257),
    (
        "UPDATE log_checkpoints SET note = replace(note, '300', '301') WHERE size = 300",
        What::CheckpointAltered,
        300,
    ),
    (
        "UPDATE log_checkpoints SET root = (SELECT root FROM kept_log_checkpoints WHERE size = 60) WHERE size = 300",
        What::CheckpointAltered,
        300,
    ),
];

both! {
    async fn every_edit_is_found_and_named(bed: &Bed) {
        let intruder = Intruder::at(bed).await;
        let whole = intruder.verify(None).await;
        assert_eq!(whole.finding, None);
        assert_eq!((whole.events, whole.covered, whole.checkpoints), (605, 600, 3));
        for (edit, what, position) in EDITS {
            intruder.run(edit).await;
            intruder.found(edit, intruder.verify(None).await, *what, *position);
            intruder.restore().await;
        }
        assert_eq!(intruder.verify(None).await, whole);
    }

    /// With hashes, columns, positions and the head made to fit.
    async fn careful_forgery_is_found_and_named(bed: &Bed) {
        let intruder = Intruder::at(bed).await;
        for position in [1, 100, 512, 590, 600] {
            intruder.forge(position).await;
            intruder.found("forged", intruder.verify(None).await, What::Altered, position as u64);
            intruder.restore().await;
        }
        intruder.run("DELETE FROM events WHERE position = 200").await;
        intruder.shift(200, -1).await;
        intruder.found("removed and moved up", intruder.verify(None).await, What::Missing, 200);
        intruder.restore().await;

        intruder.shift(200, 1).await;
        intruder.insert(201).await;
        intruder.found("put in", intruder.verify(None).await, What::Inserted, 201);
        intruder.restore().await;

        intruder.insert(606).await;
        intruder.found("put behind the head", intruder.verify(None).await, What::Inserted, 606);
        intruder.restore().await;

        for (one, two, what) in [(250, 251, What::Reordered), (1, 600, What::Reordered), (595, 597, What::Reordered), (602, 604, What::OutOfOrder)] {
            intruder.swap(one, two).await;
            intruder.found("swapped", intruder.verify(None).await, what, one as u64);
            intruder.restore().await;
        }
        // What two events say, and their hashes, exchanged under their columns.
        for (place, other) in [(30, 31), (31, 30)] {
            intruder.run(&format!(
                "UPDATE events SET payload = (SELECT payload FROM kept_events WHERE position = {other}), \
                 leaf_hash = (SELECT leaf_hash FROM kept_events WHERE position = {other}) WHERE position = {place}"
            )).await;
        }
        intruder.found("contents swapped", intruder.verify(None).await, What::Reordered, 30);
        intruder.restore().await;

        intruder.run("DELETE FROM events WHERE position > 580").await;
        intruder.run("UPDATE log_head SET position = 580").await;
        intruder.found("cut, with the head", intruder.verify(None).await, What::Truncated, 581);
    }

    /// Whoever also has the log's key makes everything fit. Then only what others hold tells.
    async fn what_others_hold_finds_a_log_written_anew(bed: &Bed) {
        let intruder = Intruder::at(bed).await;
        let log = intruder.log.clone();
        let kept = hoiam::proof::View::of(&log).last().await.unwrap();
        let outside = Checkpoint::open(&kept.note, &verifier()).unwrap();
        assert_eq!(intruder.verify(Some(&outside)).await.finding, None);
        // Another root under the same size, signed with the key: the events do not have it.
        let forged = Head { size: 300, root: [7; 32] };
        let (_, note) = Checkpoint::sign(forged, &signing(1));
        let note = note.to_string();
        let root = intruder.blob(&forged.root);
        intruder.run(&format!("UPDATE log_checkpoints SET note = '{note}', root = {root} WHERE size = 300")).await;
        intruder.found("signed anew", intruder.verify(None).await, What::Checkpoint, 61);
        intruder.restore().await;

        let forget = ["DELETE FROM log_checkpoints", "DELETE FROM log_tiles", "UPDATE log_tree SET size = 0"];
        intruder.forge(100).await;
        for sql in forget {
            intruder.run(sql).await;
        }
        keeper(&log).await.checkpoint().await.unwrap();
        assert_eq!(intruder.verify(None).await.finding, None, "nothing inside tells");
        let finding = intruder.verify(Some(&outside)).await.finding.unwrap();
        assert_eq!((finding.what, finding.position, finding.to), (What::Outside, 1, 600));
        intruder.restore().await;

        intruder.run("DELETE FROM events WHERE position > 300").await;
        intruder.run("UPDATE log_head SET position = 300").await;
        for sql in forget {
            intruder.run(sql).await;
        }
        keeper(&log).await.checkpoint().await.unwrap();
        assert_eq!(intruder.verify(None).await.finding, None);
        intruder.found("cut", intruder.verify(Some(&outside)).await, What::Truncated, 301);

        let other = signing(9).verifier(Kind::Note);
        let finding = verify(&log, Some(&other), None, &mut |_, _| ()).await.unwrap().finding;
        assert_eq!(finding.unwrap().what, What::OtherKey);
    }

    /// What does not fit is not served, and not signed.
    async fn a_forked_tree_is_neither_served_nor_signed(bed: &Bed) {
        use hoiam::proof::{ProofError, View};
        let intruder = Intruder::at(bed).await;
        let (view, keeper) = (View::of(&intruder.log), keeper(&intruder.log).await);
        for edit in [
            "UPDATE log_tiles SET hashes = (SELECT hashes FROM kept_log_tiles WHERE level = 0 AND tile = 1) WHERE level = 0 AND tile = 2",
            "DELETE FROM log_tiles WHERE level = 1",
            "UPDATE log_checkpoints SET root = (SELECT root FROM kept_log_checkpoints WHERE size = 60) WHERE size = 600",
            "UPDATE log_head SET position = 599",
        ] {
            intruder.run(edit).await;
            assert!(matches!(view.last().await, Err(ProofError::Forked(_))), "{edit}");
            assert!(matches!(keeper.checkpoint().await, Err(ProofError::Forked(_))), "{edit}");
            intruder.restore().await;
        }
        // An altered event has no proof, whatever its row says.
        intruder.forge(100).await;
        let altered = everything(&intruder.log).await.remove(99);
        assert!(matches!(view.receipt("x", &altered).await, Err(ProofError::Forked(_))));
        intruder.restore().await;
        // Nor have bytes that are not those of its hash.
        let mut event = everything(&intruder.log).await.remove(99);
        assert!(view.receipt("x", &event).await.is_ok());
        event.payload = altered.payload;
        assert!(matches!(view.receipt("x", &event).await, Err(ProofError::Forked(_))));
        assert_eq!(keeper.checkpoint().await.unwrap().unwrap().head.size, 605);
    }
}
