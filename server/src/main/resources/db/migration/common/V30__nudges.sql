-- When those who want a token last reminded those who decide, and how often. That a pending request has no row says that
-- nobody was. Nodes of an older release do not read it.
CREATE TABLE request_nudge (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    times       BIGINT NOT NULL,
    nudged_at   BIGINT NOT NULL,
    CHECK (times > 0)
);
