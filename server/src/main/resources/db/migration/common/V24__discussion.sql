-- What reviewers ask of those who want a token, and what they answer, while the request is pending.
CREATE TABLE request_comment (
    approval_id    TEXT   NOT NULL REFERENCES approval (id),
    comment_number BIGINT NOT NULL,
    side           TEXT   NOT NULL,
    author_kind    TEXT   NOT NULL,
    author         TEXT   NOT NULL,
    words          TEXT   NOT NULL,
    said_at        BIGINT NOT NULL,
    PRIMARY KEY (approval_id, comment_number),
    CHECK (side IN ('reviewer', 'requester'))
);

-- Who looks into a pending request, so that others need not.
CREATE TABLE request_claim (
    approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approval (id),
    person      TEXT   NOT NULL,
    until       BIGINT NOT NULL
);
