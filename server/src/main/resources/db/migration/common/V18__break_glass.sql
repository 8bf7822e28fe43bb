-- Tokens that went out because a client broke the glass: one row for each rule that let it through.
CREATE TABLE break_glass (
    request   TEXT   NOT NULL,
    rule      TEXT   NOT NULL,
    client    TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    used_at   BIGINT NOT NULL,
    review_by BIGINT NOT NULL,
    last_leaf TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (request, rule),
    CHECK (state IN ('due', 'approved', 'objected', 'lifted'))
);

-- How often a rule let a client through.
CREATE INDEX break_glass_used ON break_glass (client, rule, used_at);

-- What may stand in the way of the next, and what people still look at.
CREATE INDEX break_glass_open ON break_glass (client, rule, review_by) WHERE state IN ('due', 'objected');
CREATE INDEX break_glass_state ON break_glass (state, request);

-- What people say of it afterwards; each once.
CREATE TABLE break_glass_word (
    request TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    word    TEXT   NOT NULL,
    said_at BIGINT NOT NULL,
    comment TEXT   NOT NULL,
    PRIMARY KEY (request, person)
);
