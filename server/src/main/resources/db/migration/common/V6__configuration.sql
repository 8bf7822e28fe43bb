-- Every configuration that was ever in force, in the order in which they were; the last one is. A version that comes
-- back gets a new number.
CREATE TABLE configuration_version (
    number       BIGINT NOT NULL PRIMARY KEY,
    version      TEXT   NOT NULL,           -- lower-case hex of SHA-256 over content
    content      TEXT   NOT NULL,           -- canonical JSON, RFC 8785
    published_at BIGINT NOT NULL,
    by_kind      TEXT   NOT NULL,
    by_id        TEXT   NOT NULL
);
CREATE INDEX configuration_version_hash ON configuration_version (version);
