-- Whom OpenID providers provision by SCIM (RFC 7643), beside naming them at sign-ins. Nodes of an older release do not write
-- these, and cannot read a configuration that has a provider which provisions.

-- The providers that do, as the publication in force has it: written with it, and read by whatever a provider changes.
CREATE TABLE scim_source (
    issuer  TEXT NOT NULL PRIMARY KEY,
    login   TEXT NOT NULL,                  -- what the configuration calls the provider
    subject TEXT NOT NULL,                  -- the attribute of a user that is the subject at sign-ins
    named   TEXT NOT NULL,                  -- the attribute of a group that `from` names
    takes   TEXT NOT NULL                   -- what it calls each of our groups that takes members from it, as JSON
);

CREATE TABLE scim_user (
    id          TEXT   NOT NULL PRIMARY KEY,
    issuer      TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    user_key    TEXT   NOT NULL,            -- the user name as it is compared: in lower case
    external_id TEXT,
    active      BIGINT NOT NULL,            -- 1 or 0
    name        TEXT   NOT NULL,            -- as others read it
    email       TEXT   NOT NULL,            -- empty when there is none
    attributes  TEXT   NOT NULL,            -- the resource as it is kept, as JSON
    created     BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (issuer, user_key),
    UNIQUE (issuer, external_id)
);

CREATE TABLE scim_group (
    id          TEXT   NOT NULL PRIMARY KEY,
    issuer      TEXT   NOT NULL,
    shown       TEXT   NOT NULL,
    shown_key   TEXT   NOT NULL,            -- as it is looked for: in lower case
    external_id TEXT,
    created     BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX scim_group_issuer ON scim_group (issuer);

CREATE TABLE scim_member (
    group_id TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX scim_member_user ON scim_member (user_id);

-- What a provider shows when it provisions; the token itself is nowhere.
CREATE TABLE scim_token (
    id         TEXT   NOT NULL PRIMARY KEY,
    token_hash TEXT   NOT NULL UNIQUE,
    issuer     TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    created    BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    revoked    BIGINT
);
