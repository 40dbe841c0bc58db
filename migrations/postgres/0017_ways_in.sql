-- A password stands in a row of its own, written in the append of the event that tells of it: none is
-- there without the other. Not part of the log: secrets are replaced.
CREATE TABLE passwords (
    account_id UUID PRIMARY KEY,
    -- Argon2id, as a PHC string.
    password TEXT NOT NULL,
    -- A first password, to be replaced at the first sign-in.
    must_change BIGINT NOT NULL
);
INSERT INTO passwords (account_id, password, must_change)
SELECT account_id, password, must_change FROM credentials;

-- One-time codes likewise.
CREATE TABLE codes (
    account_id UUID PRIMARY KEY,
    -- None before they are set up.
    secret TEXT,
    -- One being set up: it counts once a code of it was given.
    offered TEXT,
    -- The last time step a code was taken of: each is good for once.
    step BIGINT NOT NULL DEFAULT 0
);
INSERT INTO codes (account_id, secret, offered, step)
SELECT account_id, code_secret, code_offered, code_step FROM credentials;
DROP TABLE credentials;

-- Requests a minute a key may make; none: what every key may.
ALTER TABLE tokens ADD COLUMN rate BIGINT;

-- Whose session: `staff` or `citizen`.
ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'staff';
-- The OpenID provider that vouched for them; none: a password, or a mail.
ALTER TABLE sessions ADD COLUMN provider TEXT;
-- A one-time code of ours is still needed.
ALTER TABLE sessions ADD COLUMN code_pending BIGINT NOT NULL DEFAULT 0;

-- Browsers on their way to a provider and back. Nonce and code verifier follow from what only the
-- browser holds, so nothing here is worth stealing.
CREATE TABLE openid_attempts (
    state_hash BYTEA PRIMARY KEY,
    browser_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    -- The page of ours to go to afterwards.
    destination TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Whose account a provider's subject is: a keyed hash of issuer and subject. A row follows from an
-- event of the account.
CREATE TABLE openid_links (
    identity UUID PRIMARY KEY,
    account_id UUID NOT NULL,
    issuer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX openid_links_by_account ON openid_links (account_id);

-- Citizens with an account. What they are known by stands here as keyed hashes only.
CREATE TABLE citizens (
    citizen_id UUID PRIMARY KEY,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);

-- By what they sign in: an e-mail address, or a provider's subject.
CREATE TABLE citizen_logins (
    identity UUID PRIMARY KEY,
    citizen_id UUID NOT NULL,
    provider TEXT
);
CREATE INDEX citizen_logins_by_citizen ON citizen_logins (citizen_id);

-- What is proven to be theirs: `email`, `phone`, `national_number`; by whom, and when last.
CREATE TABLE citizen_contacts (
    citizen_id UUID NOT NULL,
    kind TEXT NOT NULL,
    identity UUID NOT NULL,
    source TEXT NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (citizen_id, kind, identity, source)
);

-- Cases they showed a tracking code of, or reported while signed in.
CREATE TABLE citizen_cases (
    citizen_id UUID NOT NULL,
    case_id UUID NOT NULL,
    party TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    PRIMARY KEY (citizen_id, case_id)
);

-- Links sent by mail, each good for once and for a quarter of an hour. Kept a day, to count them.
CREATE TABLE mail_links (
    token_hash BYTEA PRIMARY KEY,
    -- Keyed hash of the address.
    address UUID NOT NULL,
    -- Of the browser that asked, and of what it shows to be typed into another one.
    browser_hash BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    -- Wrong codes so far.
    failures BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX mail_links_by_address ON mail_links (address, created_at);

-- Mails to be sent. Address and text are sealed; a row goes when its mail went, or came too late.
CREATE TABLE mails (
    mail_id UUID PRIMARY KEY,
    sealed TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    gives_up_at BIGINT NOT NULL
);
CREATE INDEX mails_by_time ON mails (next_at);
