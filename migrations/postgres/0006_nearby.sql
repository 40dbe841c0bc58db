-- Read models behind the log: duplicates, precedents, workload. All of it can be made again from
-- the events.

-- What is compared when duplicates are looked for: hashed words and places of a case.
CREATE TABLE duplicate_prints (
    case_id UUID PRIMARY KEY,
    words TEXT NOT NULL,
    places TEXT NOT NULL,
    merged_into TEXT
);

-- Under what a case is filed. The key's order is the lookup's: one key, newest first.
CREATE TABLE duplicate_keys (
    key BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    case_id UUID NOT NULL,
    live BIGINT NOT NULL,
    PRIMARY KEY (key, received_at, case_id)
);

CREATE TABLE precedents (
    case_id UUID NOT NULL,
    version BIGINT NOT NULL,
    agency TEXT NOT NULL,
    ruled_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    returned_by TEXT NOT NULL,
    proposed TEXT,
    words TEXT NOT NULL,
    places TEXT NOT NULL,
    undone BIGINT NOT NULL,
    PRIMARY KEY (case_id, version)
);

CREATE TABLE precedent_keys (
    key BIGINT NOT NULL,
    ruled_at BIGINT NOT NULL,
    case_id UUID NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (key, ruled_at, case_id)
);

CREATE TABLE workload (
    case_id UUID NOT NULL,
    part TEXT NOT NULL,
    agency TEXT NOT NULL,
    open BIGINT NOT NULL,
    focal_point TEXT,
    handler TEXT,
    accused TEXT,
    confidential BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    urgent BIGINT NOT NULL,
    next_due BIGINT,
    PRIMARY KEY (case_id, part, agency)
);
-- Only what is open: figures cost what is open, however much was done.
CREATE INDEX workload_open ON workload (agency, case_id) WHERE open = 1;
