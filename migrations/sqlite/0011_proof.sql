-- The Merkle tree over the leaf hashes of events, as tiles of 256 hashes (C2SP tlog-tiles). A tile
-- only ever gains hashes at its end.
CREATE TABLE log_tiles (
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile INTEGER NOT NULL CHECK (tile >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile)
) STRICT;

-- How many events are in the tiles.
CREATE TABLE log_tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL
) STRICT;
INSERT INTO log_tree (id, size) VALUES (1, 0);

-- The one key of this log, as its first node brought it.
CREATE TABLE log_identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    verifier TEXT NOT NULL
) STRICT;

-- What the log signed.
CREATE TABLE log_checkpoints (
    size INTEGER PRIMARY KEY CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- What witnesses cosigned: the lines as they gave them.
CREATE TABLE log_cosignatures (
    size INTEGER NOT NULL,
    witness TEXT NOT NULL,
    lines TEXT NOT NULL,
    cosigned_at INTEGER NOT NULL,
    PRIMARY KEY (size, witness)
) STRICT;

-- What each witness said last: the size it knows, and what it objects to, if anything.
CREATE TABLE log_witnesses (
    witness TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    objection TEXT,
    asked_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER log_tiles_grow BEFORE UPDATE ON log_tiles
WHEN NEW.level <> OLD.level OR NEW.tile <> OLD.tile
    OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN
    SELECT RAISE(ABORT, 'a tile only gains hashes');
END;

CREATE TRIGGER log_tiles_stay BEFORE DELETE ON log_tiles
BEGIN
    SELECT RAISE(ABORT, 'log_tiles is append-only');
END;

CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'log_checkpoints is append-only');
END;

CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'log_checkpoints is append-only');
END;

CREATE TRIGGER log_cosignatures_no_update BEFORE UPDATE ON log_cosignatures
BEGIN
    SELECT RAISE(ABORT, 'log_cosignatures is append-only');
END;

CREATE TRIGGER log_cosignatures_no_delete BEFORE DELETE ON log_cosignatures
BEGIN
    SELECT RAISE(ABORT, 'log_cosignatures is append-only');
END;

CREATE TRIGGER log_identity_no_update BEFORE UPDATE ON log_identity
BEGIN
    SELECT RAISE(ABORT, 'log_identity stays');
END;

CREATE TRIGGER log_identity_no_delete BEFORE DELETE ON log_identity
BEGIN
    SELECT RAISE(ABORT, 'log_identity stays');
END;
