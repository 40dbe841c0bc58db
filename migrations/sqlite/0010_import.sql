-- A log being written from a file. While there is a row, this database is no whole store: only
-- the import of the same file opens it, and goes on where it was interrupted.
CREATE TABLE log_import (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Of the file, as its last line gives it.
    sha256 TEXT NOT NULL,
    -- How many events the file has.
    events INTEGER NOT NULL,
    -- `events` while they are written, `projections` once all are there and rows are made of them.
    phase TEXT NOT NULL
) STRICT;
