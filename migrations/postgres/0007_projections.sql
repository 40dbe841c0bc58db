-- Which version of each inline projection wrote the rows that are served. A follower's version
-- stands with its checkpoint.
CREATE TABLE projection_versions (
    name TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO projection_versions (name, version) VALUES
    ('cases', 1), ('case_texts', 1), ('ledger', 1), ('timers', 1), ('outbox', 1), ('tracking', 1);

-- Projections being filled beside the ones that are served: how far, so that an interrupted fill
-- goes on. The rows are in the tables of the same names with __fill behind.
CREATE TABLE projection_fills (
    name TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    phase TEXT NOT NULL,
    position BIGINT NOT NULL,
    target BIGINT NOT NULL
);
