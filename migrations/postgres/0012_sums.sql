-- Sums by day were by every dimension of what facts are counted by, some forty rows a case. By
-- the combination they are two or three, and answer every question. Figures are filled anew.
DROP TABLE daily_facts;
DROP TABLE daily_durations;

-- Sums by day and by what facts are counted by. Days count from 1970-01-01, in the city's zone.
CREATE TABLE daily_facts (
    day BIGINT NOT NULL,
    group_id UUID NOT NULL,
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
    PRIMARY KEY (day, group_id, recorded_day)
);

-- How long stages took, in buckets that add up.
CREATE TABLE daily_durations (
    day BIGINT NOT NULL,
    group_id UUID NOT NULL,
    recorded_day BIGINT NOT NULL,
    stage TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, group_id, recorded_day, stage, bucket)
);

DELETE FROM fact_groups;
DELETE FROM case_facts;
DELETE FROM place_facts;
DELETE FROM follower_checkpoints WHERE name = 'facts';
DELETE FROM projection_fills WHERE name = 'facts';
