-- Everyone a configuration has named. The id is the pseudonym that ledger, votes and memberships know; the row can be
-- deleted, and then it is nobody's.
CREATE TABLE person (
    id        TEXT   NOT NULL PRIMARY KEY,
    login     TEXT   NOT NULL,
    user_name TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    email     TEXT   NOT NULL,
    left_at   BIGINT,                       -- since when no configuration names them; NULL while one does
    UNIQUE (login, user_name)
);

-- Who was in a group from since (with it) to until (without it); NULL is still in it.
CREATE TABLE membership (
    group_name TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    until      BIGINT,
    PRIMARY KEY (group_name, person, since)
);
CREATE UNIQUE INDEX membership_open ON membership (group_name, person) WHERE until IS NULL;
CREATE INDEX membership_person ON membership (person);

-- A browser that is signed in; the cookie itself is nowhere.
CREATE TABLE session (
    cookie_hash TEXT   NOT NULL PRIMARY KEY,
    person      TEXT   NOT NULL,
    created     BIGINT NOT NULL,
    seen        BIGINT NOT NULL,
    user_agent  TEXT   NOT NULL,
    ended_at    BIGINT
);
CREATE INDEX session_person ON session (person);
CREATE INDEX session_created ON session (created);

-- A bearer token for the JSON API; the token itself is nowhere.
CREATE TABLE api_token (
    id         TEXT   NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    person     TEXT   NOT NULL,
    scopes     TEXT   NOT NULL,             -- separated by spaces
    label      TEXT   NOT NULL,
    created    BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    revoked    BIGINT
);
CREATE INDEX api_token_person ON api_token (person);
