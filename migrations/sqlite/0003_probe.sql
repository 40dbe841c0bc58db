-- What readiness writes. As much as a batch of appends takes, for where one found no room a single
-- value may still find some; and different each time, since SQLite leaves out what changes nothing.
CREATE TABLE log_probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    filler BLOB NOT NULL
) STRICT;
INSERT INTO log_probe (id, filler) VALUES (1, x'00');
ALTER TABLE log_head DROP COLUMN probe;
