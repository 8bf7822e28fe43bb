-- The ledger: one row an entry, written once. SQLite's rowid is the leaf's index, so that the tree's order and the
-- table's are one.
CREATE TABLE ledger_entry (
    leaf_index  INTEGER PRIMARY KEY,
    hash        BYTEA NOT NULL,      -- RFC 6962 leaf hash; before the leaf, so that reading hashes reads no overflow page
    request     TEXT,                -- the access request it belongs to
    jti         TEXT,                -- of a token.minted: the token
    leaf        BYTEA NOT NULL,      -- the bytes that are hashed; they alone are authoritative
    disclosures BYTEA                -- encrypted with keys of disclosure_key
);

CREATE INDEX ledger_entry_request ON ledger_entry (request, leaf_index) WHERE request IS NOT NULL;
CREATE UNIQUE INDEX ledger_entry_jti ON ledger_entry (jti) WHERE jti IS NOT NULL;

-- Dense, so that no entry is missing; and INSERT OR REPLACE, which fires no DELETE trigger, replaces nothing.
CREATE TRIGGER ledger_entry_is_appended BEFORE INSERT ON ledger_entry
WHEN NEW.leaf_index IS NOT (SELECT coalesce(max(leaf_index), -1) + 1 FROM ledger_entry)
    OR EXISTS (SELECT 1 FROM ledger_entry WHERE jti = NEW.jti)
BEGIN
    SELECT RAISE(ABORT, 'ledger entries are only appended');
END;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OF leaf_index, hash, request, jti, leaf ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger entries never change');
END;

CREATE TRIGGER ledger_entry_is_kept BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger entries are never deleted');
END;

-- The hashes of the tree in full tiles of 256, C2SP tlog-tiles. Partial tiles are derived.
CREATE TABLE ledger_tile (
    level  INTEGER NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    root   BYTEA NOT NULL,           -- of the subtree over the tile: one hash of the tile above
    PRIMARY KEY (level, number)
);

CREATE TRIGGER ledger_tile_stays BEFORE UPDATE ON ledger_tile
BEGIN
    SELECT RAISE(ABORT, 'ledger tiles never change');
END;

CREATE TRIGGER ledger_tile_is_kept BEFORE DELETE ON ledger_tile
BEGIN
    SELECT RAISE(ABORT, 'ledger tiles are never deleted');
END;

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
