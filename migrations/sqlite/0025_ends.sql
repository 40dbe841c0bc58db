-- The case a merged one went into. It ends when the last of that chain ends, and is kept from then on.
ALTER TABLE cases ADD COLUMN merged_into BLOB;

-- What may become old enough to be erased, by what was erased of it already: who was erased two years
-- ago and is to be erased altogether in three is not read again every hour. A merged case cannot end
-- before it was received.
DROP INDEX cases_to_erase;
CREATE INDEX cases_to_erase ON cases (kind, coalesce(erased, ''), finished_at, case_id)
    WHERE finished_at IS NOT NULL AND coalesce(erased, '') <> 'everything';
CREATE INDEX cases_merged_to_erase ON cases (kind, coalesce(erased, ''), received_at, case_id)
    WHERE merged_into IS NOT NULL AND coalesce(erased, '') <> 'everything';
