-- Figures by one dimension: sums of the sums by day, so that a question reads values and days or
-- months, not cases. Scope: '' for the city, '@' and its code for an agency. Dimension: what value is
-- one of, '' for all together. Span: day or month; day is its first, counted from 1970-01-01. What
-- was recorded when is known by blocks of 30 days. Until it is filled, the sums by day answer.
CREATE TABLE figure_sums (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    span TEXT NOT NULL,
    day INTEGER NOT NULL,
    value TEXT NOT NULL,
    sealed INTEGER NOT NULL,
    recorded_block INTEGER NOT NULL,
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
    PRIMARY KEY (scope, dimension, span, day, value, sealed, recorded_block)
) STRICT, WITHOUT ROWID;
-- As of a past moment, what was recorded since the last block.
CREATE INDEX daily_facts_by_recording ON daily_facts (recorded_day, day);

-- The cases of an agency that has few.
CREATE INDEX case_agencies_by_agency ON case_agencies (agency, part);
