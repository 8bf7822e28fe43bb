-- What the store needs itself. One SQL text for SQLite and PostgreSQL: times are microseconds since 1970, UTC.

-- Says that the schema is current without asking Flyway: a digest over all migrations.
CREATE TABLE schema_fingerprint (
    fingerprint TEXT NOT NULL
);

-- Keys that only the master key opens. The public part is for everyone; `wrapped` is AES-256-GCM.
CREATE TABLE wrapped_key (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    algorithm   TEXT   NOT NULL,
    public_part TEXT   NOT NULL,
    wrapped     BYTEA  NOT NULL,
    created_at  BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    retired_at  BIGINT
);

CREATE INDEX wrapped_key_by_kind ON wrapped_key (kind, active_from);

-- What may be used once, until it would be refused for its age anyway. `digest` is SHA-256 over kind and value.
CREATE TABLE single_use (
    digest TEXT   NOT NULL PRIMARY KEY,
    until  BIGINT NOT NULL
);

CREATE INDEX single_use_by_until ON single_use (until);
