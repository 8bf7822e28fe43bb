-- Whether what somebody says of broken glass is signed with a passkey. Nodes of an older release do not write it.
ALTER TABLE break_glass_word ADD COLUMN signed BIGINT NOT NULL DEFAULT 0;
