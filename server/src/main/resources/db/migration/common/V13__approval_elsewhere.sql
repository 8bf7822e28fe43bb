-- Whether the same is asked from elsewhere is looked for beside each request that people are asked about: the rows of a
-- client that asks the same many times, all from one place, must not be read for it one by one.
CREATE INDEX approval_asked ON approval (client, snapshot, ended_at, origin);
