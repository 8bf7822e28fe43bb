-- The ways past the switch. A transaction that may give out a token holds one of them, any one, from before it looks whether
-- something is frozen until it ends; one that freezes holds them all. So a freeze is committed after what did not see it, and
-- before what does. There are so many that those who give out tokens are not in each other's way.
CREATE TABLE passage (
    n BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO passage (n) SELECT generate_series(0, 63);
