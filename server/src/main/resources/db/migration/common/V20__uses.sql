-- Approvals that give more than one token, and how many they gave. One that was taken back has ended.
CREATE TABLE approval_uses (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    join_key    TEXT   NOT NULL,
    uses        BIGINT NOT NULL,
    used        BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    ended_at    BIGINT,
    CHECK (used >= 1 AND used <= uses)
);
CREATE INDEX approval_uses_open ON approval_uses (join_key, until) WHERE ended_at IS NULL;

-- Their tokens after the first, each with the request it was given for.
CREATE TABLE approval_use (
    approval_id TEXT   NOT NULL REFERENCES approval_uses (approval_id),
    use_number  BIGINT NOT NULL,
    request     TEXT   NOT NULL UNIQUE,
    token_id    TEXT   NOT NULL UNIQUE,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (approval_id, use_number)
);
