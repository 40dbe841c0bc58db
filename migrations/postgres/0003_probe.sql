-- What readiness writes. PostgreSQL keeps room for its log ahead, so little tells enough.
CREATE TABLE log_probe (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    filler BYTEA NOT NULL
);
INSERT INTO log_probe (id, filler) VALUES (1, '\x00');
ALTER TABLE log_head DROP COLUMN probe;
