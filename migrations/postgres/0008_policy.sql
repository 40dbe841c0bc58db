-- What policy events name by hash: the files of rule sets, boundaries. Kept once, never changed;
-- the hash is SHA-256 over the content, so what is read can be checked.
CREATE TABLE policy_blobs (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    content BYTEA NOT NULL,
    stored_at BIGINT NOT NULL
);

CREATE TRIGGER policy_blobs_no_update BEFORE UPDATE ON policy_blobs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_blobs_no_delete BEFORE DELETE OR TRUNCATE ON policy_blobs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
