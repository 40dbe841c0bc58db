-- The group of the sealed stream: who belongs to it follows from events of the log (kinds that
-- begin with `seal_group.`); these rows are written with them.
CREATE TABLE seal_members (
    account_id BLOB PRIMARY KEY,
    -- 1 while they belong to it.
    member INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- Who asked to read, allowed, refused and read what is sealed, and why: one row an event of the
-- readings of a case (kinds that begin with `reveal.`), written with it. Never what was read.
CREATE TABLE reveals (
    case_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    what TEXT NOT NULL,
    request INTEGER,
    fields TEXT NOT NULL,
    reason TEXT,
    actor_id TEXT NOT NULL,
    role TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT;
CREATE INDEX reveals_by_time ON reveals (at, case_id, version);
