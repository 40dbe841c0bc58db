-- One row a case, with the earliest of its timers, in place of one a timer.
CREATE TABLE timers_earliest (
    case_id BLOB PRIMARY KEY CHECK (length(case_id) = 16),
    -- Null while nothing waits.
    due_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO timers_earliest (case_id, due_at)
    SELECT case_id, min(CASE WHEN waiting = 1 THEN due_at END) FROM timers GROUP BY case_id;
DROP TABLE timers;
ALTER TABLE timers_earliest RENAME TO timers;
CREATE INDEX timers_waiting ON timers (due_at, case_id) WHERE due_at IS NOT NULL;

-- The rows are those the new version makes, if the old ones were those of the old version.
UPDATE projection_versions SET version = 2 WHERE name = 'timers' AND version = 1;
