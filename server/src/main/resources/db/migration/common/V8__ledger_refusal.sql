-- Which entries refuse a request, so that the latest of them are found among millions of others.
CREATE TABLE ledger_refusal (
    leaf_index BIGINT NOT NULL PRIMARY KEY,
    client     TEXT   NOT NULL
);
CREATE INDEX ledger_refusal_client ON ledger_refusal (client, leaf_index);
