-- Read models written with each append. Instants are microseconds since 1970, truth values 0 or 1,
-- coordinates millionths of a degree. All of it can be made again from the events.
CREATE TABLE cases (
    case_id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    status TEXT NOT NULL,
    holder TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    sector TEXT,
    category TEXT,
    priority TEXT,
    urgent BIGINT NOT NULL,
    confidential BIGINT NOT NULL,
    public BIGINT NOT NULL,
    agency TEXT,
    focal_point TEXT,
    handler TEXT,
    accused TEXT,
    district TEXT,
    ward TEXT,
    lat BIGINT,
    lon BIGINT,
    received_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    finished_at BIGINT,
    answer_due BIGINT,
    next_due BIGINT,
    next_clock TEXT,
    outcome TEXT,
    rating BIGINT,
    returns BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    source_system TEXT
);
CREATE INDEX cases_by_received ON cases (received_at, case_id);
CREATE INDEX cases_by_updated ON cases (updated_at, case_id);
CREATE INDEX cases_by_due ON cases (next_due, case_id) WHERE next_due IS NOT NULL;
CREATE INDEX cases_by_agency ON cases (agency, received_at, case_id);
CREATE INDEX cases_by_status ON cases (status, received_at, case_id);

CREATE TABLE case_agencies (
    case_id UUID NOT NULL,
    agency TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (case_id, agency)
);

CREATE TABLE case_pages (
    case_id UUID PRIMARY KEY,
    page TEXT NOT NULL
);

-- The searched text.
CREATE TABLE case_texts (
    case_id UUID PRIMARY KEY,
    folded TEXT NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED
);
CREATE INDEX case_texts_words ON case_texts USING gin (words);

CREATE TABLE timeline (
    case_id UUID NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    role TEXT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT,
    public BIGINT NOT NULL,
    vi TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (case_id, version)
);

CREATE TABLE ledger (
    case_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    holder TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE timers (
    case_id UUID NOT NULL,
    name TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    PRIMARY KEY (case_id, name)
);
CREATE INDEX timers_waiting ON timers (due_at, case_id, name) WHERE waiting = 1;

CREATE TABLE outbox (
    case_id UUID NOT NULL,
    version BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    notice TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    PRIMARY KEY (case_id, version, recipient)
);
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE waiting = 1;

CREATE TABLE tracking (
    code_hash TEXT PRIMARY KEY,
    case_id UUID NOT NULL,
    party TEXT NOT NULL
);

-- Who may call the interface: bearer tokens, stored as SHA-256 only. Not a read model.
CREATE TABLE tokens (
    token_hash BYTEA PRIMARY KEY,
    actor_id TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    agency TEXT,
    focal_point TEXT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
