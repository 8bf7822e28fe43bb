-- The passkeys that people sign their votes with. One that is not enrolled waits for others to agree, or they did not.
CREATE TABLE passkey (
    credential  TEXT   NOT NULL PRIMARY KEY,
    person      TEXT   NOT NULL,
    algorithm   BIGINT NOT NULL,
    public_key  TEXT   NOT NULL,
    origin      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    used_times  BIGINT NOT NULL,                -- as the authenticator counts; 0 when it does not
    request     TEXT   NOT NULL UNIQUE,         -- the access request by which it is enrolled
    removal     TEXT,                           -- the latest by which it is to be removed
    created     BIGINT NOT NULL,
    enrolled_at BIGINT,
    used_at     BIGINT,
    ended_at    BIGINT
);
CREATE INDEX passkey_person ON passkey (person);
CREATE INDEX passkey_removal ON passkey (removal) WHERE removal IS NOT NULL;

-- What people were shown and may sign, each once; the hash of it is what they sign.
CREATE TABLE signing (
    challenge TEXT   NOT NULL PRIMARY KEY,
    person    TEXT   NOT NULL,
    shown     TEXT   NOT NULL,
    salt      TEXT   NOT NULL,
    until     BIGINT NOT NULL
);
CREATE INDEX signing_until ON signing (until);
