-- One row a case, with the earliest of its timers, in place of one a timer.
ALTER TABLE timers RENAME TO timers_each;
ALTER TABLE timers_each DROP CONSTRAINT timers_pkey;
CREATE TABLE timers (
    case_id UUID PRIMARY KEY,
    -- Null while nothing waits.
    due_at BIGINT
);
INSERT INTO timers (case_id, due_at)
    SELECT case_id, min(due_at) FILTER (WHERE waiting = 1) FROM timers_each GROUP BY case_id;
DROP TABLE timers_each;
CREATE INDEX timers_waiting ON timers (due_at, case_id) WHERE due_at IS NOT NULL;

-- The rows are those the new version makes, if the old ones were those of the old version.
UPDATE projection_versions SET version = 2 WHERE name = 'timers' AND version = 1;
