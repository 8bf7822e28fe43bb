-- Requests that wait or waited. A request that policy approves at once has no row here.
CREATE TABLE approval (
    id        TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    state     TEXT   NOT NULL,
    client    TEXT   NOT NULL,
    resource  TEXT   NOT NULL,
    risk      BIGINT NOT NULL,
    snapshot  TEXT   NOT NULL,
    join_key  TEXT   NOT NULL,
    origin    TEXT   NOT NULL,
    made_at   BIGINT NOT NULL,
    deadline  BIGINT,
    ended_at  BIGINT,
    last_leaf TEXT   NOT NULL,
    words     TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    CHECK (state IN ('pending', 'approved', 'denied', 'expired', 'cancelled', 'redeemed', 'revoked'))
);

-- The same request, while it is open, is one request.
CREATE UNIQUE INDEX approval_open ON approval (join_key) WHERE state IN ('pending', 'approved');
CREATE INDEX approval_same ON approval (client, snapshot, ended_at);
CREATE INDEX approval_joined ON approval (join_key, ended_at);
CREATE INDEX approval_deadline ON approval (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX approval_state ON approval (state, made_at);
CREATE INDEX approval_pending ON approval (client) WHERE state = 'pending';
CREATE INDEX approval_cancelled ON approval (client, made_at) WHERE state = 'cancelled';

-- One person, one vote.
CREATE TABLE vote (
    approval_id TEXT   NOT NULL REFERENCES approval (id),
    person      TEXT   NOT NULL,
    word        TEXT   NOT NULL,
    cast_at     BIGINT NOT NULL,
    PRIMARY KEY (approval_id, person)
);

-- A vote that does not count is told once, however often it is tried.
CREATE TABLE vote_refused (
    approval_id TEXT   NOT NULL REFERENCES approval (id),
    person      TEXT   NOT NULL,
    word        TEXT   NOT NULL,
    because     TEXT   NOT NULL,
    tried_at    BIGINT NOT NULL,
    PRIMARY KEY (approval_id, person, word, because)
);

-- One approval, one token.
CREATE TABLE mint (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    token_id    TEXT   NOT NULL UNIQUE,
    minted_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    redelivered BIGINT NOT NULL
);

-- Deferral codes, as keyed hashes.
CREATE TABLE handle (
    hash        TEXT   NOT NULL PRIMARY KEY,
    approval_id TEXT   NOT NULL REFERENCES approval (id),
    client      TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX handle_expiry ON handle (expires_at);
CREATE INDEX handle_approval ON handle (approval_id);

-- Tokens that are dead before their time; kept until they would have expired.
CREATE TABLE revocation (
    token_id   TEXT   NOT NULL PRIMARY KEY,
    revoked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX revocation_expiry ON revocation (expires_at);

-- The switch. A row that is not lifted stops what it names.
CREATE TABLE frozen (
    id        TEXT   NOT NULL PRIMARY KEY,
    kind      TEXT   NOT NULL,
    target    TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    set_by    TEXT   NOT NULL,
    set_at    BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT,
    CHECK (kind IN ('client', 'resource', 'all'))
);
CREATE UNIQUE INDEX frozen_standing ON frozen (kind, target) WHERE lifted_at IS NULL;
