-- Each row that is written is written into each index: approval_asked and approval_of_client begin with what these are of.
DROP INDEX approval_same;
DROP INDEX approval_pending;
