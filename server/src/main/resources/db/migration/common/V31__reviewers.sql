-- When somebody who might vote was shown a pending request first. Nodes of an older release do not write it, and how long a
-- vote took is then not known.
CREATE TABLE request_shown (
    approval_id TEXT   NOT NULL REFERENCES approval (id),
    person      TEXT   NOT NULL,
    shown_at    BIGINT NOT NULL,
    PRIMARY KEY (approval_id, person)
);

-- Lets the approvals of one person be counted one after the other where a rule has them rest after many. Nodes of an older
-- release cannot read a configuration that has.
CREATE TABLE reviewer_turn (
    person TEXT   NOT NULL PRIMARY KEY,
    turns  BIGINT NOT NULL
);
CREATE INDEX vote_of_person_at ON vote (person, cast_at);
