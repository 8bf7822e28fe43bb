-- The calendars that say who of a group is on call, as the publication in force has them and as they were heard last.
-- Nodes of an older release do not read these tables, and cannot read a configuration that has such a group.
CREATE TABLE on_call_calendar (
    group_name TEXT   NOT NULL PRIMARY KEY,
    calendar   TEXT   NOT NULL,             -- the file, on each node, that has its address
    names      TEXT   NOT NULL,             -- the person whom each name is, as JSON
    good_for   BIGINT NOT NULL,             -- how long what it said holds while it is not heard
    due_at     BIGINT NOT NULL,             -- when it is asked again, by whichever node comes first
    etag       TEXT   NOT NULL,
    digest     TEXT   NOT NULL,             -- of what it said last; empty before it did
    read_at    BIGINT,                      -- when it said that
    heard_at   BIGINT,                      -- when it said last that this holds
    plan       TEXT   NOT NULL,             -- the shifts that it has, as JSON
    strangers  TEXT   NOT NULL,             -- what it has that names nobody here, as JSON
    failed_at  BIGINT,                      -- since when it could not be heard or read; NULL while it can
    fault      TEXT   NOT NULL              -- and why
);

-- Whom such a calendar may name: from since (with it) to until (without it), NULL while it may.
CREATE TABLE on_call_person (
    group_name TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    until      BIGINT,
    PRIMARY KEY (group_name, person, since)
);
CREATE UNIQUE INDEX on_call_person_open ON on_call_person (group_name, person) WHERE until IS NULL;
CREATE INDEX on_call_person_person ON on_call_person (person);

-- Who was on call, from since (with it) to until (without it), which moves on while the calendar is heard and never past
-- planned. A row is written with its entry in the ledger.
CREATE TABLE on_call_shift (
    group_name TEXT   NOT NULL,
    person     TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    planned    BIGINT NOT NULL,
    ended_at   BIGINT,                      -- when that it is over was written into the ledger
    PRIMARY KEY (group_name, person, since)
);
CREATE UNIQUE INDEX on_call_shift_open ON on_call_shift (group_name, person) WHERE ended_at IS NULL;
