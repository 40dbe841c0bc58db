-- Read models written with each append. Instants are microseconds since 1970, truth values 0 or 1,
-- coordinates millionths of a degree. All of it can be made again from the events.
CREATE TABLE cases (
    case_id BLOB PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    holder TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    sector TEXT,
    category TEXT,
    priority TEXT,
    urgent INTEGER NOT NULL,
    confidential INTEGER NOT NULL,
    public INTEGER NOT NULL,
    agency TEXT,
    focal_point TEXT,
    handler TEXT,
    accused TEXT,
    district TEXT,
    ward TEXT,
    lat INTEGER,
    lon INTEGER,
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER,
    answer_due INTEGER,
    next_due INTEGER,
    next_clock TEXT,
    outcome TEXT,
    rating INTEGER,
    returns INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    source_system TEXT
) STRICT;
CREATE INDEX cases_by_received ON cases (received_at, case_id);
CREATE INDEX cases_by_updated ON cases (updated_at, case_id);
CREATE INDEX cases_by_due ON cases (next_due, case_id) WHERE next_due IS NOT NULL;
CREATE INDEX cases_by_agency ON cases (agency, received_at, case_id);
CREATE INDEX cases_by_status ON cases (status, received_at, case_id);

CREATE TABLE case_agencies (
    case_id BLOB NOT NULL,
    agency TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (case_id, agency)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_pages (
    case_id BLOB PRIMARY KEY,
    page TEXT NOT NULL
) STRICT;

-- The searched text; the full-text index beside it follows by triggers.
CREATE TABLE case_texts (
    id INTEGER PRIMARY KEY,
    case_id BLOB NOT NULL UNIQUE,
    folded TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE case_words USING fts5 (
    folded, content = 'case_texts', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 0", prefix = '2 3', detail = 'none'
);
CREATE TRIGGER case_texts_added AFTER INSERT ON case_texts
BEGIN
    INSERT INTO case_words (rowid, folded) VALUES (NEW.id, NEW.folded);
END;
CREATE TRIGGER case_texts_changed AFTER UPDATE ON case_texts
BEGIN
    INSERT INTO case_words (case_words, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);
    INSERT INTO case_words (rowid, folded) VALUES (NEW.id, NEW.folded);
END;
CREATE TRIGGER case_texts_gone AFTER DELETE ON case_texts
BEGIN
    INSERT INTO case_words (case_words, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);
END;

CREATE TABLE timeline (
    case_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    role TEXT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT,
    public INTEGER NOT NULL,
    vi TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (case_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
    case_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    holder TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    case_id BLOB NOT NULL,
    name TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    PRIMARY KEY (case_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_waiting ON timers (due_at, case_id, name) WHERE waiting = 1;

CREATE TABLE outbox (
    case_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    notice TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    PRIMARY KEY (case_id, version, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE waiting = 1;

CREATE TABLE tracking (
    code_hash TEXT PRIMARY KEY,
    case_id BLOB NOT NULL,
    party TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may call the interface: bearer tokens, stored as SHA-256 only. Not a read model.
CREATE TABLE tokens (
    token_hash BLOB PRIMARY KEY,
    actor_id TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    agency TEXT,
    focal_point TEXT,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
