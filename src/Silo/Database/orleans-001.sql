-- Orleans' own tables, version 1: cluster membership, reminders, grain state. Applied by OrleansSchema.Migrate in one transaction.
-- Orleans sends only the statements that it finds in orleansquery, by named parameters, and reads their results by column name; the
-- statements are in orleans-queries.sql. All of it lives in a schema of its own, which the connection's search path names.

CREATE SCHEMA orleans;

-- One row: what holds for the whole schema.
CREATE TABLE orleans.schema (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  int     NOT NULL
);

CREATE TABLE orleans.orleansquery (
    querykey  text NOT NULL,
    querytext text NOT NULL,
    CONSTRAINT orleansquery_pkey PRIMARY KEY (querykey)
);

-- One row for each cluster: every change of its membership counts the version up, so that changes come one after the other.
CREATE TABLE orleans.membership_version (
    deployment_id text        COLLATE "C" NOT NULL,
    version       int         NOT NULL DEFAULT 0,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT membership_version_pkey PRIMARY KEY (deployment_id)
);

-- One row for each start of a silo.
CREATE TABLE orleans.membership (
    deployment_id   text        COLLATE "C" NOT NULL REFERENCES orleans.membership_version,
    address         text        COLLATE "C" NOT NULL,
    port            int         NOT NULL,
    generation      int         NOT NULL,
    silo_name       text        NOT NULL,
    host_name       text        NOT NULL,
    status          int         NOT NULL,
    proxy_port      int,
    suspect_times   text,
    start_time      timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    CONSTRAINT membership_pkey PRIMARY KEY (deployment_id, address, port, generation)
);

CREATE TABLE orleans.reminders (
    service_id    text        COLLATE "C" NOT NULL,
    grain_id      text        COLLATE "C" NOT NULL,
    reminder_name text        COLLATE "C" NOT NULL,
    start_time    timestamptz NOT NULL,
    period_ms     bigint      NOT NULL,
    grain_hash    int         NOT NULL,
    version       int         NOT NULL,
    CONSTRAINT reminders_pkey PRIMARY KEY (service_id, grain_id, reminder_name)
);
CREATE INDEX reminders_ring ON orleans.reminders (service_id, grain_hash);

-- Orleans splits a grain's key into two numbers and a text, of which it leaves the text out for keys that look like numbers.
CREATE TABLE orleans.state (
    service_id  text        COLLATE "C" NOT NULL,
    grain_type  text        COLLATE "C" NOT NULL,
    key_n0      bigint      NOT NULL,
    key_n1      bigint      NOT NULL,
    key_text    text        COLLATE "C" NOT NULL,
    version     int         NOT NULL,
    modified_at timestamptz NOT NULL,
    payload     bytea,
    CONSTRAINT state_pkey PRIMARY KEY (service_id, grain_type, key_n0, key_n1, key_text)
);
