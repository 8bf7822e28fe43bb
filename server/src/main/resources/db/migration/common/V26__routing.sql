-- When a pending request lets others decide as well for the next time, and nobody has written it down yet; null when it
-- never does, or not again. Whether their votes count does not hang on it. Nodes of an older release do not write it, and
-- cannot read a configuration that escalates.
ALTER TABLE approval ADD COLUMN escalates_at BIGINT;
CREATE INDEX approval_escalates ON approval (escalates_at) WHERE state = 'pending' AND escalates_at IS NOT NULL;

-- When people are away by their own word, and who stands in for them. A row is changed only to end it. Nodes of an older
-- release do not read it: there nobody votes in another's place.
CREATE TABLE absence (
    id         TEXT   NOT NULL PRIMARY KEY,
    person     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    zone       TEXT   NOT NULL,             -- by whose clocks they said it
    substitute TEXT,
    said_at    BIGINT NOT NULL,
    ended_at   BIGINT,                      -- when it was taken back or ended early
    CHECK (since < until AND substitute <> person)
);
CREATE INDEX absence_person ON absence (person, until);
CREATE INDEX absence_substitute ON absence (substitute, until) WHERE substitute IS NOT NULL;
CREATE INDEX absence_open ON absence (until) WHERE ended_at IS NULL;
