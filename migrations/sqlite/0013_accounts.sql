-- People with an account. What they may do follows from events of the log (kinds that begin with
-- `account.`); these rows are written with them. Names stand only here. The id follows from the
-- sign-in name, so two accounts never share one.
CREATE TABLE accounts (
    account_id BLOB PRIMARY KEY,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    agency TEXT,
    focal_point TEXT,
    disabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_by_login ON accounts (login);

-- What they prove with that they are who they say. Not part of the log: secrets are replaced.
CREATE TABLE credentials (
    account_id BLOB PRIMARY KEY,
    -- Argon2id, as a PHC string.
    password TEXT NOT NULL,
    -- A first password, to be replaced at the first sign-in.
    must_change INTEGER NOT NULL,
    -- Of one-time codes, base32; none before they are set up.
    code_secret TEXT,
    -- One being set up: it counts once a code of it was given.
    code_offered TEXT,
    -- The last time step a code was taken of: each is good for once.
    code_step INTEGER NOT NULL
) STRICT;

-- Who is signed in. Only SHA-256 of what the browser holds is stored.
CREATE TABLE sessions (
    session_hash BLOB PRIMARY KEY,
    -- The one before, good for a moment, for requests that were under way.
    previous_hash BLOB,
    account_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;

-- Browsers somebody has signed in from: failures elsewhere do not slow them down.
CREATE TABLE devices (
    device_hash BLOB PRIMARY KEY,
    account_id BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX devices_by_account ON devices (account_id);

-- Failed sign-ins in a row, by a hash of what was tried and from where.
CREATE TABLE signin_failures (
    bucket BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
