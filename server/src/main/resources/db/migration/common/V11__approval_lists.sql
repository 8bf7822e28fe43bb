-- A list shows the newest requests of a state, of all clients or of one, and must not read all of the past for them.
CREATE INDEX approval_listed ON approval (state, id);
CREATE INDEX approval_of_client ON approval (client, state, id);
DROP INDEX approval_state;
