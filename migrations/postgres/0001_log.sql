-- The log: every event there is, in one order. Positions and versions count from 1 without gaps.
CREATE TABLE events (
    position BIGINT PRIMARY KEY,
    stream UUID NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    kind TEXT NOT NULL,
    schema BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    causation UUID,
    correlation UUID,
    -- The envelope as it was hashed; read as bytes, never looked into by SQL.
    payload TEXT NOT NULL,
    leaf_hash BYTEA NOT NULL CHECK (length(leaf_hash) = 32),
    UNIQUE (stream, version)
);

-- The position of the last event. Every append moves it, and by that alone appends are in order.
CREATE TABLE log_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL,
    -- Turned over to learn whether writes work.
    probe BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO log_head (id, position) VALUES (1, 0);

-- The last number of each series.
CREATE TABLE serials (
    series TEXT PRIMARY KEY,
    last BIGINT NOT NULL
) WITH (fillfactor = 50);

-- The first answer to every request that carried a key.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    answer TEXT NOT NULL,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    versions TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key_hash)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Also for sessions that play a replica's part and so skip ordinary triggers.
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_update;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_delete;
ALTER TABLE events ENABLE ALWAYS TRIGGER events_no_truncate;

-- And by grants, the owner's own included.
REVOKE UPDATE, DELETE, TRUNCATE ON events FROM PUBLIC, CURRENT_USER;
