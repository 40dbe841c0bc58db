-- Keys of cases, wrapped by the master key, which is not in the database; see docs/personal-data.md.
CREATE TABLE stream_keys (
    stream BLOB PRIMARY KEY CHECK (length(stream) = 16),
    -- Null once destroyed.
    contact TEXT,
    content TEXT,
    -- Name of the master key that wrapped them last.
    master TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_keys_by_master ON stream_keys (master);

-- Secrets of the installation, wrapped likewise.
CREATE TABLE vault_secrets (
    name TEXT PRIMARY KEY,
    wrapped TEXT NOT NULL,
    master TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Keyed hashes of the telephone numbers and e-mail addresses cases were reported under.
CREATE TABLE case_people (
    identity BLOB NOT NULL CHECK (length(identity) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    known INTEGER NOT NULL,
    PRIMARY KEY (identity, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_people_by_case ON case_people (case_id);
INSERT INTO projection_versions (name, version) VALUES ('case_people', 0) ON CONFLICT DO NOTHING;

-- What was erased of a case: `contact`, `everything`.
ALTER TABLE cases ADD COLUMN erased TEXT;

-- Words are hashes now, and their beginnings are words of their own.
DROP TRIGGER case_texts_added;
DROP TRIGGER case_texts_changed;
DROP TRIGGER case_texts_gone;
DROP TABLE case_words;
CREATE VIRTUAL TABLE case_words USING fts5 (
    folded, content = 'case_texts', content_rowid = 'id', tokenize = "ascii", detail = 'none'
);
INSERT INTO case_words (case_words) VALUES ('rebuild');
CREATE TRIGGER case_texts_added AFTER INSERT ON case_texts
BEGIN
    INSERT INTO case_words (rowid, folded) VALUES (NEW.id, NEW.folded);
END;
CREATE TRIGGER case_texts_changed AFTER UPDATE OF folded ON case_texts
BEGIN
    INSERT INTO case_words (case_words, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);
    INSERT INTO case_words (rowid, folded) VALUES (NEW.id, NEW.folded);
END;
CREATE TRIGGER case_texts_gone AFTER DELETE ON case_texts
BEGIN
    INSERT INTO case_words (case_words, rowid, folded) VALUES ('delete', OLD.id, OLD.folded);
END;

-- What is finished and may become old enough to be erased.
CREATE INDEX cases_to_erase ON cases (kind, finished_at, case_id)
    WHERE finished_at IS NOT NULL AND coalesce(erased, '') <> 'everything';
