//! The database itself refuses to change what was appended.

use hoiam::log::Expected;

use crate::support::bed::sql;
use crate::support::build::{everything, one, stream};

both! {
    async fn events_cannot_be_changed(bed: &Bed) {
        let log = bed.open().await;
        for nr in 0..3 {
            log.append(one(stream(nr), Expected::NoStream)).await.unwrap();
        }
        let before = everything(&log).await;
        let mut attempts = vec![
            "UPDATE events SET payload = '{}' WHERE position = 2",
            "UPDATE events SET position = 9 WHERE position = 3",
            "DELETE FROM events WHERE position = 3",
            "DELETE FROM events",
            "DELETE FROM log_head",
        ];
        if bed.is_postgres() {
            attempts.push("TRUNCATE events");
            attempts.push("TRUNCATE log_head");
            attempts.push("SET session_replication_role = replica; DELETE FROM events");
        } else {
            attempts.push(
                "INSERT OR REPLACE INTO events SELECT 2, stream, version, kind, schema, occurred_at, recorded_at, \
                 'x', causation, correlation, payload, leaf_hash FROM events WHERE position = 2",
            );
            attempts.push(
                "INSERT OR REPLACE INTO events SELECT 7, stream, version, kind, schema, occurred_at, recorded_at, \
                 'x', causation, correlation, payload, leaf_hash FROM events WHERE position = 2",
            );
        }
        for attempt in attempts {
            let answer = sql(log.pool(), attempt).await;
            assert!(answer.is_err(), "the database let this through: {attempt}");
        }
        assert_eq!(everything(&log).await, before);
        assert_eq!(log.append(one(stream(9), Expected::NoStream)).await.unwrap().first_position, 4);
    }
}
