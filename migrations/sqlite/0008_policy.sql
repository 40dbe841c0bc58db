-- What policy events name by hash: the files of rule sets, boundaries. Kept once, never changed;
-- the hash is SHA-256 over the content, so what is read can be checked.
CREATE TABLE policy_blobs (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    content BLOB NOT NULL,
    stored_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER policy_blobs_no_update BEFORE UPDATE ON policy_blobs
BEGIN
    SELECT RAISE(ABORT, 'policy_blobs is append-only');
END;

CREATE TRIGGER policy_blobs_no_delete BEFORE DELETE ON policy_blobs
BEGIN
    SELECT RAISE(ABORT, 'policy_blobs is append-only');
END;
