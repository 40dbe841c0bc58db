-- Keys of cases, wrapped by the master key, which is not in the database; see docs/personal-data.md.
CREATE TABLE stream_keys (
    stream UUID PRIMARY KEY,
    -- Null once destroyed.
    contact TEXT,
    content TEXT,
    -- Name of the master key that wrapped them last.
    master TEXT NOT NULL
);
CREATE INDEX stream_keys_by_master ON stream_keys (master);

-- Secrets of the installation, wrapped likewise.
CREATE TABLE vault_secrets (
    name TEXT PRIMARY KEY,
    wrapped TEXT NOT NULL,
    master TEXT NOT NULL
);

-- Keyed hashes of the telephone numbers and e-mail addresses cases were reported under.
CREATE TABLE case_people (
    identity UUID NOT NULL,
    case_id UUID NOT NULL,
    known BIGINT NOT NULL,
    PRIMARY KEY (identity, case_id)
);
CREATE INDEX case_people_by_case ON case_people (case_id);
INSERT INTO projection_versions (name, version) VALUES ('case_people', 0) ON CONFLICT DO NOTHING;

-- What was erased of a case: `contact`, `everything`.
ALTER TABLE cases ADD COLUMN erased TEXT;

-- What is finished and may become old enough to be erased.
CREATE INDEX cases_to_erase ON cases (kind, finished_at, case_id)
    WHERE finished_at IS NOT NULL AND coalesce(erased, '') <> 'everything';
