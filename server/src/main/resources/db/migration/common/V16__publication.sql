-- The configurations that somebody asked to put in force where people must agree. `request` is the access request.
CREATE TABLE publication (
    request TEXT   NOT NULL PRIMARY KEY,
    version TEXT   NOT NULL,             -- of the configuration
    content TEXT   NOT NULL,             -- canonical JSON, RFC 8785
    base    TEXT   NOT NULL,             -- the version that it was made from
    shown   TEXT   NOT NULL,             -- what reviewers are shown, as JSON
    number  BIGINT                       -- of the version it became; null until it is in force
);
CREATE INDEX publication_number ON publication (number);
