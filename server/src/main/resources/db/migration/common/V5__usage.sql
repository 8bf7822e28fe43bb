-- Usage profiles, folded from the ledger. All of it may be deleted: it is then folded again from the beginning.

-- How far the fold goes: entries before `position` are in the counters. `form` is the version of the fold's arithmetic.
CREATE TABLE usage_fold (
    name     TEXT   NOT NULL PRIMARY KEY,
    form     BIGINT NOT NULL,
    position BIGINT NOT NULL
);

-- A counter for each client (resource and scope are empty) and each scope of a resource that it had.
CREATE TABLE usage_profile (
    client   TEXT   NOT NULL,
    resource TEXT   NOT NULL,
    scope    TEXT   NOT NULL,
    since    BIGINT,            -- when the client entered the ledger; only where resource and scope are empty
    uses     BIGINT NOT NULL,
    first_at BIGINT,            -- empty while uses is 0
    last_at  BIGINT,
    days     BIGINT NOT NULL,
    PRIMARY KEY (client, resource, scope)
);
