-- 客户档案: customers, what they bought, what we know of them. Amounts, prices and quantities are whole ten-thousandths.

create table customers_load (
    id integer primary key,
    kind integer not null,
    source text not null,
    state integer not null,
    request text not null,
    outcome text not null,
    job_id integer,
    first_transaction_id integer not null,
    created_at integer not null,
    created_by text not null,
    finished_at integer
);

create table customers_mapping (
    id integer primary key,
    name text not null,
    kind integer not null,
    columns text not null,
    created_at integer not null,
    created_by text not null
);
create unique index customers_mapping_name on customers_mapping (kind, name);

create table customers_customer (
    id integer primary key,
    number text not null,
    name text not null,
    sort_key text not null,
    kind integer not null,
    phone text,
    phone_reversed text,
    email text,
    category text,
    place text,
    address text,
    credit_code text,
    contact text,
    remark text,
    created_at integer not null,
    load_id integer,
    version integer not null,
    form_key text
);
create unique index customers_customer_number on customers_customer (number);
create unique index customers_customer_form on customers_customer (form_key) where form_key is not null;
create index customers_customer_name on customers_customer (sort_key, id);
create index customers_customer_created on customers_customer (created_at, id);
create index customers_customer_category on customers_customer (coalesce(category, ''), sort_key, id);
create index customers_customer_place on customers_customer (coalesce(place, ''), sort_key, id);
create index customers_customer_kind on customers_customer (kind, sort_key, id);
create index customers_customer_phone on customers_customer (coalesce(phone, ''), id);
create index customers_customer_phone_tail on customers_customer (phone_reversed) where phone_reversed is not null;

create virtual table customers_search using fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");

create table customers_product (
    id integer primary key,
    code text not null,
    name text not null,
    category text not null,
    cost integer
);
create unique index customers_product_code on customers_product (code);

create table customers_transaction (
    id integer primary key,
    customer_id integer,
    at integer not null,
    document text not null,
    product_id integer,
    quantity integer not null,
    price integer not null,
    amount integer not null,
    cost integer,
    is_return integer not null,
    currency text,
    place text,
    load_id integer not null,
    identity integer not null
);
create unique index customers_transaction_identity on customers_transaction (identity);
create index customers_transaction_customer on customers_transaction (customer_id, at);

create view customers_fact_transaction as
    select id, customer_id, at, document, product_id, quantity, amount, cost, is_return, load_id from customers_transaction;
create view customers_fact_product as
    select id, code, name, category, cost from customers_product;

create table customers_standing (
    customer_id integer primary key,
    purchases integer not null,
    documents integer not null,
    returns integer not null,
    sales integer not null,
    returned integer not null,
    margin integer not null,
    cost_to_serve integer not null,
    contribution integer not null,
    first_at integer not null,
    last_at integer not null,
    recency integer not null,
    frequency integer not null,
    monetary integer not null,
    tier integer not null,
    stage integer not null,
    stage_since_at integer not null,
    active real not null,
    expected real not null,
    lifetime integer not null,
    at_risk integer not null
);
create index customers_standing_sales on customers_standing (sales, customer_id);
create index customers_standing_contribution on customers_standing (contribution, customer_id);
create index customers_standing_first on customers_standing (first_at, customer_id);
create index customers_standing_last on customers_standing (last_at, customer_id);
create index customers_standing_documents on customers_standing (documents, customer_id);
create index customers_standing_active on customers_standing (active, customer_id);
create index customers_standing_lifetime on customers_standing (lifetime, customer_id);
create index customers_standing_risk on customers_standing (at_risk, customer_id);
create index customers_standing_tier on customers_standing (tier, contribution, customer_id);
create index customers_standing_stage on customers_standing (stage, contribution, customer_id);
create index customers_standing_rfm on customers_standing (recency, frequency, contribution, customer_id);

create table customers_stage (
    customer_id integer not null,
    since_at integer not null,
    stage integer not null,
    primary key (customer_id, since_at, stage)
);

create table customers_stage_pin (
    customer_id integer primary key,
    stage integer not null,
    reason text not null,
    until_at integer not null,
    created_at integer not null,
    created_by text not null
);

create table customers_note (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    body text not null,
    created_at integer not null,
    created_by text not null,
    form_key text not null
);
create unique index customers_note_form on customers_note (form_key);
create index customers_note_customer on customers_note (customer_id, created_at);

create table customers_next_step (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    what text not null,
    due_at integer not null,
    done_at integer,
    created_at integer not null,
    created_by text not null,
    form_key text not null
);
create unique index customers_next_step_form on customers_next_step (form_key);
create index customers_next_step_customer on customers_next_step (customer_id, due_at);
create index customers_next_step_open on customers_next_step (due_at, id) where done_at is null;

create table customers_change (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    load_id integer,
    field text not null,
    old_value text,
    new_value text,
    created_at integer not null,
    created_by text not null
);
create index customers_change_customer on customers_change (customer_id, created_at);
create index customers_change_load on customers_change (load_id) where load_id is not null;
