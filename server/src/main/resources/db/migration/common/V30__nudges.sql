-- When those who want a token last reminded those who decide, and how often. That a pending request has no row says that
-- nobody was. Nodes of an older release do not read it.
CREATE TABLE request_nudge (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    times       BIGINT NOT NULL,
    nudged_at   BIGINT NOT NULL,
    CHECK (times > 0)
);

-- To whom a pending request was handed on last, of those who may decide it: a person, or all of a group. It gives and
-- takes nobody a vote. Nodes of an older release do not read it.
CREATE TABLE request_handed (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    times       BIGINT NOT NULL,
    by_person   TEXT   NOT NULL,
    to_person   TEXT,
    to_group    TEXT,
    reason      TEXT   NOT NULL,
    handed_at   BIGINT NOT NULL,
    CHECK (times > 0 AND (to_person IS NULL) <> (to_group IS NULL))
);
