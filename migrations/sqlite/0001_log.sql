-- The log: every event there is, in one order. Positions and versions count from 1 without gaps.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream BLOB NOT NULL CHECK (length(stream) = 16),
    version INTEGER NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    schema INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    causation BLOB,
    correlation BLOB,
    -- The envelope as it was hashed; read as bytes, never looked into by SQL.
    payload TEXT NOT NULL,
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    UNIQUE (stream, version)
) STRICT;

-- The position of the last event. Every append moves it, and by that alone appends are in order.
CREATE TABLE log_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    -- Turned over to learn whether writes work: SQLite leaves out one that changes nothing.
    probe INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO log_head (id, position) VALUES (1, 0);

-- The last number of each series.
CREATE TABLE serials (
    series TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- The first answer to every request that carried a key.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    salt BLOB NOT NULL,
    answer TEXT NOT NULL,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    versions TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key_hash)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

-- INSERT OR REPLACE would delete the old row without firing the trigger above.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN NEW.position <= (SELECT position FROM log_head)
    OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version)
BEGIN
    SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER log_head_stays BEFORE DELETE ON log_head
BEGIN
    SELECT RAISE(ABORT, 'the head of the log stays');
END;
