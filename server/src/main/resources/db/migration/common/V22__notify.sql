-- What is told to others outside. Nodes of an older release do not write it, and cannot read a configuration that names a
-- notifier.

-- How far each notifier has read the ledger.
CREATE TABLE notifier (
    id   TEXT   NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

-- One event for one recipient of a notifier. `due_at` is when it is tried, or tried again; null when that is over.
CREATE TABLE message (
    notifier  TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    recipient TEXT   NOT NULL,           -- empty where the notifier has one
    entry     BIGINT NOT NULL,           -- the index of the ledger entry that it comes of
    event     TEXT   NOT NULL,
    request   TEXT   NOT NULL,           -- empty when it is of none
    made_at   BIGINT NOT NULL,
    tries     BIGINT NOT NULL,
    due_at    BIGINT,
    told_at   BIGINT,                    -- null until it was, and when it was given up
    reference TEXT,                      -- where it stands, of one that can be rewritten
    PRIMARY KEY (notifier, id, recipient)
);
CREATE INDEX message_due ON message (notifier, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_request ON message (request, notifier);
CREATE INDEX message_made ON message (made_at);

-- What a client is told when it is decided what a code stands for: the code and the client's own token, wrapped. Kept until
-- then.
ALTER TABLE handle ADD COLUMN callback TEXT;
CREATE INDEX handle_callback ON handle (expires_at) WHERE callback IS NOT NULL;
