-- The group of the sealed stream: who belongs to it follows from events of the log (kinds that
-- begin with `seal_group.`); these rows are written with them.
CREATE TABLE seal_members (
    account_id UUID PRIMARY KEY,
    -- 1 while they belong to it.
    member BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- Who asked to read, allowed, refused and read what is sealed, and why: one row an event of the
-- readings of a case (kinds that begin with `reveal.`), written with it. Never what was read.
CREATE TABLE reveals (
    case_id UUID NOT NULL,
    version BIGINT NOT NULL,
    number TEXT NOT NULL,
    what TEXT NOT NULL,
    request BIGINT,
    fields TEXT NOT NULL,
    reason TEXT,
    actor_id TEXT NOT NULL,
    role TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, version)
);
CREATE INDEX reveals_by_time ON reveals (at, case_id, version);
