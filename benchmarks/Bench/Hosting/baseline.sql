-- What a good specialist would build without the engine. One row for a helper's day and whether they are new; one row for a cut, whose
-- second key is the rule "helped this owner on this product before". Rows that change often leave room for heap-only updates.
CREATE TABLE campaigns (
    id text COLLATE "C" PRIMARY KEY, product_id text COLLATE "C" NOT NULL, paused boolean NOT NULL DEFAULT false, start_price bigint NOT NULL,
    existing_min int NOT NULL, existing_max int NOT NULL, new_min int NOT NULL, new_max int NOT NULL);
CREATE TABLE bargains (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, price bigint NOT NULL, expires_at timestamptz NOT NULL, cut_count int NOT NULL DEFAULT 0,
    status smallint NOT NULL DEFAULT 1, owner_id text COLLATE "C" NOT NULL, campaign_id text COLLATE "C" NOT NULL, product_id text COLLATE "C" NOT NULL) WITH (fillfactor = 60);
CREATE TABLE shoppers (id text COLLATE "C" PRIMARY KEY, day date, used smallint NOT NULL DEFAULT 0) WITH (fillfactor = 70);
CREATE TABLE cuts (
    bargain_id bigint NOT NULL, cut_fen bigint NOT NULL, price_fen bigint NOT NULL, at timestamptz NOT NULL, number int NOT NULL, used smallint NOT NULL, is_new boolean NOT NULL,
    helper_id text COLLATE "C" NOT NULL, owner_id text COLLATE "C" NOT NULL, product_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (bargain_id, helper_id), UNIQUE (helper_id, owner_id, product_id));
CREATE INDEX cuts_in_order ON cuts (bargain_id, number);

-- The whole help in one statement. Outcomes: 0 done, 1 repeated, then the refusals in their order.
CREATE FUNCTION help(p_bargain bigint, p_helper text, p_chance float8,
    OUT outcome int, OUT o_number int, OUT o_cut bigint, OUT o_price bigint, OUT o_used int, OUT o_new boolean, OUT o_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    b record;
    s record;
    today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    SELECT price, expires_at, cut_count, status, owner_id, campaign_id, product_id INTO b FROM bargains WHERE id = p_bargain FOR NO KEY UPDATE;
    IF NOT FOUND THEN outcome := 2; RETURN; END IF;
    IF b.owner_id = p_helper THEN outcome := 3; RETURN; END IF;
    SELECT number, cut_fen, price_fen, used, is_new, at INTO o_number, o_cut, o_price, o_used, o_new, o_at FROM cuts WHERE bargain_id = p_bargain AND helper_id = p_helper;
    IF FOUND THEN outcome := 1; RETURN; END IF;
    IF b.status = 5 THEN outcome := 4; RETURN; END IF;
    IF b.expires_at <= clock_timestamp() THEN outcome := 5; RETURN; END IF;
    IF b.status <> 1 THEN outcome := 6; RETURN; END IF;
    PERFORM 1 FROM cuts WHERE helper_id = p_helper AND owner_id = b.owner_id AND product_id = b.product_id;
    IF FOUND THEN outcome := 7; RETURN; END IF;
    SELECT day, used INTO s FROM shoppers WHERE id = p_helper FOR NO KEY UPDATE;
    o_new := NOT FOUND;
    o_used := CASE WHEN s.day = today THEN s.used ELSE 0 END + 1;
    IF o_used > 3 THEN outcome := 8; RETURN; END IF;
    SELECT CASE WHEN paused THEN -1 ELSE
        CASE WHEN o_new THEN new_min + floor(p_chance * (new_max - new_min + 1)) ELSE existing_min + floor(p_chance * (existing_max - existing_min + 1)) END END
        INTO o_cut FROM campaigns WHERE id = b.campaign_id;
    IF o_cut < 0 THEN outcome := 9; RETURN; END IF;

    outcome := 0;
    o_cut := least(o_cut, b.price);
    o_price := b.price - o_cut;
    o_number := b.cut_count + 1;
    o_at := clock_timestamp();
    INSERT INTO cuts (bargain_id, helper_id, owner_id, product_id, number, cut_fen, price_fen, at, used, is_new)
        VALUES (p_bargain, p_helper, b.owner_id, b.product_id, o_number, o_cut, o_price, o_at, o_used, o_new);
    UPDATE bargains SET price = o_price, cut_count = o_number, status = CASE WHEN o_price = 0 THEN 2 ELSE 1 END WHERE id = p_bargain;
    INSERT INTO shoppers (id, day, used) VALUES (p_helper, today, o_used) ON CONFLICT (id) DO UPDATE SET day = excluded.day, used = excluded.used;
END $$;
