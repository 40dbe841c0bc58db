-- How far each projection behind the log has come. A checkpoint moves in the transaction that
-- writes the rows it stands for.
CREATE TABLE follower_checkpoints (
    name TEXT PRIMARY KEY,
    -- Of the projection's rows: a program that writes others does not go on here.
    version BIGINT NOT NULL,
    -- Of the last event taken in.
    position BIGINT NOT NULL,
    -- When that event was recorded.
    updated_at BIGINT NOT NULL
);
