-- Read models behind the log: duplicates, precedents, workload. All of it can be made again from
-- the events.

-- What is compared when duplicates are looked for: hashed words and places of a case.
CREATE TABLE duplicate_prints (
    case_id BLOB PRIMARY KEY,
    words TEXT NOT NULL,
    places TEXT NOT NULL,
    merged_into TEXT
) STRICT, WITHOUT ROWID;

-- Under what a case is filed. The key's order is the lookup's: one key, newest first.
CREATE TABLE duplicate_keys (
    key INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (key, received_at, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE precedents (
    case_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    agency TEXT NOT NULL,
    ruled_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    returned_by TEXT NOT NULL,
    proposed TEXT,
    words TEXT NOT NULL,
    places TEXT NOT NULL,
    undone INTEGER NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE precedent_keys (
    key INTEGER NOT NULL,
    ruled_at INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (key, ruled_at, case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workload (
    case_id BLOB NOT NULL,
    part TEXT NOT NULL,
    agency TEXT NOT NULL,
    open INTEGER NOT NULL,
    focal_point TEXT,
    handler TEXT,
    accused TEXT,
    confidential INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    urgent INTEGER NOT NULL,
    next_due INTEGER,
    PRIMARY KEY (case_id, part, agency)
) STRICT, WITHOUT ROWID;
-- Only what is open: figures cost what is open, however much was done.
CREATE INDEX workload_open ON workload (agency, case_id) WHERE open = 1;
