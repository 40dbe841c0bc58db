-- What was made of a case's words is taken out when it is erased: found by the case, not by reading
-- everything there is.
CREATE INDEX duplicate_keys_by_case ON duplicate_keys (case_id);
CREATE INDEX precedent_keys_by_case ON precedent_keys (case_id);
CREATE INDEX case_people_gone ON case_people (case_id) WHERE known = 0;
