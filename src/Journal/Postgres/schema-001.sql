-- The journal, version 1. Applied by PostgresSchema.Migrate in one transaction.

CREATE SCHEMA journal;

-- One row: what holds for the whole store.
CREATE TABLE journal.store (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    schema_version  int     NOT NULL,
    deadline_shards int     NOT NULL,
    -- Added to a transaction's id to give its epoch. Raised when the data is restored onto a server whose ids are younger.
    epoch_base      bigint  NOT NULL DEFAULT 0
);

-- The primary key is the fence: two owners of a stream can't both write its next version.
CREATE TABLE journal.events (
    epoch   bigint   NOT NULL, -- the transaction, for the feed
    place   int      NOT NULL, -- within the transaction, from 1
    version int      NOT NULL, -- within the stream, from 1
    kind    smallint NOT NULL,
    stream  text     COLLATE "C" NOT NULL,
    payload text     NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (stream, version)
);
CREATE UNIQUE INDEX events_feed ON journal.events (epoch, place);

CREATE TABLE journal.deadlines (
    due_at timestamptz NOT NULL,
    shard  int         NOT NULL,
    stream text        COLLATE "C" NOT NULL,
    CONSTRAINT deadlines_pkey PRIMARY KEY (stream)
);
CREATE INDEX deadlines_due ON journal.deadlines (shard, due_at, stream);

CREATE TABLE journal.receipts (
    kept_until  timestamptz NOT NULL,
    key         text        COLLATE "C" NOT NULL,
    fingerprint text        NOT NULL,
    answer      bytea       NOT NULL,
    CONSTRAINT receipts_pkey PRIMARY KEY (key)
);
CREATE INDEX receipts_kept_until ON journal.receipts (kept_until);

CREATE TABLE journal.documents (
    tag     bigint NOT NULL,
    key     text   COLLATE "C" NOT NULL,
    content bytea  NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (key)
);
CREATE SEQUENCE journal.document_tags;

-- The last commit of each writer, by which a writer whose connection was cut finds out whether its commit happened.
CREATE TABLE journal.writers (
    writer    uuid        NOT NULL,
    commit_no bigint      NOT NULL,
    seen_at   timestamptz NOT NULL,
    CONSTRAINT writers_pkey PRIMARY KEY (writer)
) WITH (fillfactor = 50);
