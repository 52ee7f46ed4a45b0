-- 查重: pairs of customers who may be the same, each once, the smaller id first; with what each field says.
create table customers_duplicate (
    id integer primary key,
    a_id integer not null references customers_customer (id) on delete cascade,
    b_id integer not null references customers_customer (id) on delete cascade,
    score real not null,
    reasons text not null,
    state integer not null,
    found_at integer not null,
    decided_at integer,
    decided_by text,
    check (a_id < b_id)
);
create unique index customers_duplicate_pair on customers_duplicate (a_id, b_id);
create index customers_duplicate_other on customers_duplicate (b_id);
create index customers_duplicate_queue on customers_duplicate (state, score desc, id desc);
create index customers_customer_credit on customers_customer (credit_code) where credit_code is not null;

-- What the last comparison learned, one row.
create table customers_duplicate_weights (
    id integer primary key,
    model text not null,
    learned_at integer not null
);
