-- What waits, the most urgent first: pages of the queue begin wherever in it. The state is in front for SQLite, which would
-- rather take an index of states and sort.
CREATE INDEX approval_urgent ON approval (state, risk DESC, deadline, id) WHERE state = 'pending';
