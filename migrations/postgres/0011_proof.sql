-- The Merkle tree over the leaf hashes of events, as tiles of 256 hashes (C2SP tlog-tiles). A tile
-- only ever gains hashes at its end.
CREATE TABLE log_tiles (
    level BIGINT NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile BIGINT NOT NULL CHECK (tile >= 0),
    hashes BYTEA NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile)
);
-- Hashes cannot be compressed.
ALTER TABLE log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- How many events are in the tiles.
CREATE TABLE log_tree (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);
INSERT INTO log_tree (id, size) VALUES (1, 0);

-- The one key of this log, as its first node brought it.
CREATE TABLE log_identity (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    verifier TEXT NOT NULL
);

-- What the log signed.
CREATE TABLE log_checkpoints (
    size BIGINT PRIMARY KEY CHECK (size >= 0),
    root BYTEA NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

-- What witnesses cosigned: the lines as they gave them.
CREATE TABLE log_cosignatures (
    size BIGINT NOT NULL,
    witness TEXT NOT NULL,
    lines TEXT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    PRIMARY KEY (size, witness)
);

-- What each witness said last: the size it knows, and what it objects to, if anything.
CREATE TABLE log_witnesses (
    witness TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    objection TEXT,
    asked_at BIGINT NOT NULL
);

CREATE FUNCTION refuse_other_hashes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.tile <> OLD.tile
        OR substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'a tile only gains hashes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER log_tiles_grow BEFORE UPDATE ON log_tiles
    FOR EACH ROW EXECUTE FUNCTION refuse_other_hashes();
CREATE TRIGGER log_tiles_stay BEFORE DELETE OR TRUNCATE ON log_tiles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_cosignatures_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON log_cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_identity_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON log_identity
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
