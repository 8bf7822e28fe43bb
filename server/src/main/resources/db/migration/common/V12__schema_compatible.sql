-- From which version of the schema on a program may work with this one, although it is older. A migration that such a
-- program would not survive raises the number itself: UPDATE schema_compatible SET oldest = its own version.
CREATE TABLE schema_compatible (
    oldest BIGINT NOT NULL
);
INSERT INTO schema_compatible (oldest) VALUES (12);
