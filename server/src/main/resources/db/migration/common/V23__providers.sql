-- Whom an OpenID provider names has its issuer as their login and their subject there as their user name; `shown` is
-- what others read instead of the subject. `same_as` is the person whom the configuration says they are, NULL when that
-- is themselves.
ALTER TABLE person ADD COLUMN shown TEXT;
ALTER TABLE person ADD COLUMN same_as TEXT;

-- Who was in a group because a provider said so at a sign-in: from since (with it) to until (without it), NULL while it
-- has not said otherwise. From lapses on it gives no right until it is said again.
CREATE TABLE membership_claim (
    group_name TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    source     TEXT   NOT NULL,             -- the person row by which the provider names them
    claimed    TEXT   NOT NULL,             -- what the provider calls the group
    since      BIGINT NOT NULL,
    until      BIGINT,
    lapses     BIGINT NOT NULL,
    PRIMARY KEY (group_name, person, source, since)
);
CREATE INDEX membership_claim_person ON membership_claim (person);
CREATE INDEX membership_claim_source ON membership_claim (source);

-- How a browser was signed in: by whom a provider named, in which of its sessions, and when they last proved themselves.
-- All NULL is by password, as the session began.
ALTER TABLE session ADD COLUMN source TEXT;
ALTER TABLE session ADD COLUMN provider_session TEXT;
ALTER TABLE session ADD COLUMN authenticated BIGINT;

-- What somebody has confirmed that a command line may do as them, until that collects its token; without scopes it is
-- refused. `challenge` is the digest of what that command line alone knows.
CREATE TABLE device_grant (
    challenge TEXT   NOT NULL PRIMARY KEY,
    person    TEXT   NOT NULL,
    scopes    TEXT   NOT NULL,
    label     TEXT   NOT NULL,
    until     BIGINT NOT NULL
);
