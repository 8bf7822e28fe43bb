-- Usage profiles as they are kept from now on, a row for each thing that is counted; how far they go is the row 'habits' of
-- usage_fold. Older nodes go on with usage_profile, which nobody reads any more once they are gone. All of it may be
-- deleted: it is then folded again from the ledger.
CREATE TABLE usage_kept (
    kind     TEXT NOT NULL, -- what is counted: client, scope, api, type, week, habit, group
    client   TEXT NOT NULL, -- or the owner of a group
    resource TEXT NOT NULL, -- empty where none is meant
    name     TEXT NOT NULL, -- of the scope or type; else empty
    body     TEXT NOT NULL, -- JSON, in the order of the record of the program
    PRIMARY KEY (kind, client, resource, name)
);
