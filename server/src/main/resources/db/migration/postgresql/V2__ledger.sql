-- The ledger: one row an entry, written once.
CREATE TABLE ledger_entry (
    leaf_index  BIGINT PRIMARY KEY,
    hash        BYTEA NOT NULL,      -- RFC 6962 leaf hash
    request     TEXT,                -- the access request it belongs to
    jti         TEXT,                -- of a token.minted: the token
    leaf        BYTEA NOT NULL,      -- the bytes that are hashed; they alone are authoritative
    disclosures BYTEA                -- encrypted with keys of disclosure_key
);

CREATE INDEX ledger_entry_request ON ledger_entry (request, leaf_index) WHERE request IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_jti ON ledger_entry (jti) WHERE jti IS NOT NULL;

-- Entries that are durable and have no place in the tree yet. One node at a time gives them theirs, in the order of `n`.
-- An entry is written after what it follows from was committed, so it has the higher number; numbers of entries that
-- have nothing to do with each other may be committed in any order, and gaps mean nothing.
CREATE TABLE ledger_staged (
    n           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash        BYTEA NOT NULL,
    request     TEXT,
    jti         TEXT UNIQUE,
    leaf        BYTEA NOT NULL,
    disclosures BYTEA,
    refused     TEXT                 -- of a request.refused: the client
);

-- The one row that whoever gives places holds a lock on.
CREATE TABLE ledger_head (
    one  BIGINT PRIMARY KEY CHECK (one = 1),
    size BIGINT NOT NULL
);
INSERT INTO ledger_head (one, size) VALUES (1, 0);

CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

-- Dense, so that no entry is missing.
CREATE FUNCTION ledger_entries_are_dense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first BIGINT;
    last  BIGINT;
    n     BIGINT;
BEGIN
    SELECT min(leaf_index), max(leaf_index), count(*) INTO first, last, n FROM added;
    IF n > 0 AND (last - first + 1 <> n OR first < 0
                  OR (first > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE leaf_index = first - 1))) THEN
        RAISE EXCEPTION 'ledger entries are only appended';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_is_appended AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_are_dense();
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OF leaf_index, hash, request, jti, leaf ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuses('ledger entries never change');
CREATE TRIGGER ledger_entry_is_kept BEFORE DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuses('ledger entries are never deleted');
CREATE TRIGGER ledger_entry_is_not_emptied BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses('ledger entries are never deleted');
CREATE TRIGGER ledger_staged_stays BEFORE UPDATE ON ledger_staged
    FOR EACH ROW EXECUTE FUNCTION ledger_refuses('ledger entries never change');

-- The hashes of the tree in full tiles of 256, C2SP tlog-tiles. Partial tiles are derived.
CREATE TABLE ledger_tile (
    level  INTEGER NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    root   BYTEA NOT NULL,           -- of the subtree over the tile: one hash of the tile above
    PRIMARY KEY (level, number)
);

CREATE TRIGGER ledger_tile_stays BEFORE UPDATE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_refuses('ledger tiles never change');
CREATE TRIGGER ledger_tile_is_kept BEFORE DELETE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION ledger_refuses('ledger tiles are never deleted');

-- Every signed tree head, by size: there is one root for a size.
CREATE TABLE ledger_checkpoint (
    size      BIGINT PRIMARY KEY,
    note      TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);

-- What encrypts the disclosures about a subject, wrapped by the master key. Deleting a row forgets them.
CREATE TABLE disclosure_key (
    id         TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    wrapped    BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX disclosure_key_subject ON disclosure_key (subject, created_at);
