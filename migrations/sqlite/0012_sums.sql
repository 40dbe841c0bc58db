-- Sums by day were by every dimension of what facts are counted by, some forty rows a case. By
-- the combination they are two or three, and answer every question. Figures are filled anew.
DROP TABLE daily_facts;
DROP TABLE daily_durations;

-- Sums by day and by what facts are counted by. Days count from 1970-01-01, in the city's zone.
CREATE TABLE daily_facts (
    day INTEGER NOT NULL,
    group_id BLOB NOT NULL,
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
    PRIMARY KEY (day, group_id, recorded_day)
) STRICT, WITHOUT ROWID;

-- How long stages took, in buckets that add up.
CREATE TABLE daily_durations (
    day INTEGER NOT NULL,
    group_id BLOB NOT NULL,
    recorded_day INTEGER NOT NULL,
    stage TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (day, group_id, recorded_day, stage, bucket)
) STRICT, WITHOUT ROWID;

DELETE FROM fact_groups;
DELETE FROM case_facts;
DELETE FROM place_facts;
DELETE FROM follower_checkpoints WHERE name = 'facts';
DELETE FROM projection_fills WHERE name = 'facts';
