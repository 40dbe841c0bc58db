-- Files that were stored, or are about to be, and have no event yet: written before the file, removed
-- after its event. What is left for a day is removed with its file.
CREATE TABLE attachments_pending (
    stored TEXT PRIMARY KEY,
    case_id BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_pending_by_age ON attachments_pending (created_at);
