-- Sealed cases, which figures of a moment before they were sealed leave out as well.
CREATE INDEX cases_sealed ON cases (case_id) WHERE confidential = 1;
