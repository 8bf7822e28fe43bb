-- What clients were given, in slots of five minutes: written while somebody wants to know, kept for a day. Nodes of an older
-- release do not write it and cannot read a policy that speaks of it; upgrade them all before one does.
CREATE TABLE past_day (
    client   TEXT   NOT NULL,
    resource TEXT   NOT NULL,
    slot     BIGINT NOT NULL,
    tokens   BIGINT NOT NULL,
    amounts  TEXT   NOT NULL,
    PRIMARY KEY (client, resource, slot)
);
CREATE INDEX past_day_slot ON past_day (slot);

-- Since when every token is counted there, and when somebody wanted to know last. No row while nobody does.
CREATE TABLE past_day_since (
    one       BIGINT NOT NULL PRIMARY KEY,
    since     BIGINT NOT NULL,
    wanted_at BIGINT NOT NULL,
    CHECK (one = 1)
);
