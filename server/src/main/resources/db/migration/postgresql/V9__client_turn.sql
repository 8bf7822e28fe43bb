-- A row for each client that asked people. Whoever asks for it holds its row until the transaction ends, so that requests of
-- one client are counted and joined one after the other; SQLite has one thread that writes instead.
CREATE TABLE client_turn (
    client TEXT   NOT NULL PRIMARY KEY,
    turns  BIGINT NOT NULL
);
