-- 撞单: whoever says that another's customer is his, and how that ended.
create table customers_claim (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    claimant_id integer not null,
    owner_id integer,
    named text not null,
    evidence text not null,
    raised_at integer not null,
    outcome integer not null,
    reason text not null,
    decided_at integer,
    decided_by text,
    form_key text
);
create unique index customers_claim_form on customers_claim (form_key) where form_key is not null;
create unique index customers_claim_open on customers_claim (customer_id, claimant_id) where outcome = 0;
create index customers_claim_customer on customers_claim (customer_id);
create index customers_claim_queue on customers_claim (outcome, id);
