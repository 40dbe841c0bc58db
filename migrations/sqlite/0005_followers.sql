-- How far each projection behind the log has come. A checkpoint moves in the transaction that
-- writes the rows it stands for.
CREATE TABLE follower_checkpoints (
    name TEXT PRIMARY KEY,
    -- Of the projection's rows: a program that writes others does not go on here.
    version INTEGER NOT NULL,
    -- Of the last event taken in.
    position INTEGER NOT NULL,
    -- When that event was recorded.
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What figures are counted by: one row a combination. Empty texts stand for none.
CREATE TABLE fact_groups (
    group_id BLOB PRIMARY KEY,
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    sector TEXT NOT NULL,
    category TEXT NOT NULL,
    district TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Facts of cases as they were added (n = 1) and taken back (n = -1), with the instant they are of
-- and the instant they were recorded. For drilling down and for parts of days.
CREATE TABLE case_facts (
    case_id BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    measure TEXT NOT NULL,
    at INTEGER NOT NULL,
    group_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    PRIMARY KEY (case_id, recorded_at, measure, at, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_facts_by_time ON case_facts (measure, at);
CREATE INDEX case_facts_by_recording ON case_facts (recorded_at);

-- Receipts by place, so that what comes back is found.
CREATE TABLE place_facts (
    place BLOB NOT NULL,
    at INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    group_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (place, at, case_id, recorded_at, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_facts_by_time ON place_facts (at);

-- Sums by day. Scope: an agency, '-' for none, '*' for the city. Dimension: what value is one of,
-- '' for all together. Days count from 1970-01-01, in the city's zone.
CREATE TABLE daily_facts (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day INTEGER NOT NULL,
    value TEXT NOT NULL,
    sealed INTEGER NOT NULL,
    recorded_day INTEGER NOT NULL,
    received INTEGER NOT NULL,
    received_open INTEGER NOT NULL,
    received_on_time INTEGER NOT NULL,
    received_late INTEGER NOT NULL,
    received_without_target INTEGER NOT NULL,
    received_returned INTEGER NOT NULL,
    received_reopened INTEGER NOT NULL,
    received_merged INTEGER NOT NULL,
    resolved INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    on_time INTEGER NOT NULL,
    late INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    merged INTEGER NOT NULL,
    running INTEGER NOT NULL,
    late_seconds INTEGER NOT NULL,
    running_from INTEGER NOT NULL,
    PRIMARY KEY (scope, dimension, day, value, sealed, recorded_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_facts_by_value ON daily_facts (dimension, value, day);

-- How long stages took, in buckets that add up.
CREATE TABLE daily_durations (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day INTEGER NOT NULL,
    value TEXT NOT NULL,
    sealed INTEGER NOT NULL,
    recorded_day INTEGER NOT NULL,
    stage TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    PRIMARY KEY (scope, dimension, day, value, sealed, recorded_day, stage, bucket)
) STRICT, WITHOUT ROWID;
