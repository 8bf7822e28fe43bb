-- Whether what people say of broken glass is signed under this publication. Nodes of an older release do not write it, and
-- ask for no signature.
ALTER TABLE configuration_version ADD COLUMN signs_looks BIGINT NOT NULL DEFAULT 0;
