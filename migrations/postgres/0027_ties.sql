-- Whether who holds the account reported the case. One whose tracking code they showed is whoever's
-- reported it. Of cases added before this was kept: nobody types a code within five seconds of the
-- receipt, so those were reported while signed in.
ALTER TABLE citizen_cases ADD COLUMN reported BIGINT NOT NULL DEFAULT 0;
UPDATE citizen_cases SET reported = 1 WHERE EXISTS (
    SELECT 1 FROM cases WHERE cases.case_id = citizen_cases.case_id
    AND citizen_cases.claimed_at BETWEEN cases.received_at AND cases.received_at + 5000000
);
CREATE INDEX citizen_cases_by_case ON citizen_cases (case_id);

-- A person is found by what is proven of an account.
CREATE INDEX citizen_contacts_by_identity ON citizen_contacts (identity);
