-- A list by kind and channel: some combinations are so rare that a page of them is never full.
CREATE INDEX cases_by_kind ON cases (kind, channel, received_at, case_id);
