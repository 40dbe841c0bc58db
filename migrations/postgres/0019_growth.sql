-- Figures by one dimension: sums of the sums by day, so that a question reads values and days or
-- months, not cases. Scope: '' for the city, '@' and its code for an agency. Dimension: what value is
-- one of, '' for all together. Span: day or month; day is its first, counted from 1970-01-01. What
-- was recorded when is known by blocks of 30 days. Until it is filled, the sums by day answer.
CREATE TABLE figure_sums (
    scope TEXT NOT NULL,
    dimension TEXT NOT NULL,
    span TEXT NOT NULL,
    day BIGINT NOT NULL,
    value TEXT NOT NULL,
    sealed BIGINT NOT NULL,
    recorded_block BIGINT NOT NULL,
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
    PRIMARY KEY (scope, dimension, span, day, value, sealed, recorded_block)
);
-- As of a past moment, what was recorded since the last block.
CREATE INDEX daily_facts_by_recording ON daily_facts (recorded_day, day);

-- The cases of an agency that has few.
CREATE INDEX case_agencies_by_agency ON case_agencies (agency, part);
