-- What is looked for in the past is found in the order in which it is shown: of one resource, and what one person
-- voted on.
CREATE INDEX approval_of_resource ON approval (resource, state, id);
CREATE INDEX vote_of_person ON vote (person, approval_id);
