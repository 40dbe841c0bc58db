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

-- What figures are counted by: one row a combination. Empty texts stand for none.
CREATE TABLE fact_groups (
    group_id UUID PRIMARY KEY,
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    sector TEXT NOT NULL,
    category TEXT NOT NULL,
    district TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BIGINT NOT NULL
);

-- Facts of cases as they were added (n = 1) and taken back (n = -1), with the instant they are of
-- and the instant they were recorded. For drilling down and for parts of days.
CREATE TABLE case_facts (
    case_id UUID NOT NULL,
    recorded_at BIGINT NOT NULL,
    measure TEXT NOT NULL,
    at BIGINT NOT NULL,
    group_id UUID NOT NULL,
    n BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    PRIMARY KEY (case_id, recorded_at, measure, at, group_id)
);
CREATE INDEX case_facts_by_time ON case_facts (measure, at);
CREATE INDEX case_facts_by_recording ON case_facts (recorded_at);

-- Receipts by place, so that what comes back is found.
CREATE TABLE place_facts (
    place UUID NOT NULL,
    at BIGINT NOT NULL,
    case_id UUID NOT NULL,
    recorded_at BIGINT NOT NULL,
    group_id UUID NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (place, at, case_id, recorded_at, group_id)
);
CREATE INDEX place_facts_by_time ON place_facts (at);

-- Sums by day. Scope: an agency, '-' for none, '*' for the city. Dimension: what value is one of,
-- '' for all together. Days count from 1970-01-01, in the city's zone.
CREATE TABLE daily_facts (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day BIGINT NOT NULL,
    value TEXT NOT NULL,
    sealed BIGINT NOT NULL,
    recorded_day BIGINT NOT NULL,
    received BIGINT NOT NULL,
    received_open BIGINT NOT NULL,
    received_on_time BIGINT NOT NULL,
    received_late BIGINT NOT NULL,
    received_without_target BIGINT NOT NULL,
    received_returned BIGINT NOT NULL,
    received_reopened BIGINT NOT NULL,
    received_merged BIGINT NOT NULL,
    resolved BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    on_time BIGINT NOT NULL,
    late BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    merged BIGINT NOT NULL,
    running BIGINT NOT NULL,
    late_seconds BIGINT NOT NULL,
    running_from BIGINT NOT NULL,
    PRIMARY KEY (scope, dimension, day, value, sealed, recorded_day)
);
CREATE INDEX daily_facts_by_value ON daily_facts (dimension, value, day);

-- How long stages took, in buckets that add up.
CREATE TABLE daily_durations (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day BIGINT NOT NULL,
    value TEXT NOT NULL,
    sealed BIGINT NOT NULL,
    recorded_day BIGINT NOT NULL,
    stage TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    PRIMARY KEY (scope, dimension, day, value, sealed, recorded_day, stage, bucket)
);
