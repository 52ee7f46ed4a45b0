-- 公海: customers without an owner wait in pools, from which the members of a pool claim them, and into which they return by its rules.
create table customers_pool (
    id integer primary key,
    name text not null,
    position integer not null,
    is_open integer not null,
    rules text not null,
    rules_on text not null,
    version integer not null,
    created_at integer not null,
    created_by text not null,
    form_key text
);
create unique index customers_pool_form on customers_pool (form_key) where form_key is not null;

create table customers_pool_member (
    id integer primary key,
    pool_id integer not null references customers_pool (id),
    user_id integer references platform_user (id) on delete cascade,
    unit_id integer references platform_unit (id) on delete cascade,
    is_admin integer not null
);
create index customers_pool_member_pool on customers_pool_member (pool_id);
create index customers_pool_member_user on customers_pool_member (user_id) where user_id is not null;
create index customers_pool_member_unit on customers_pool_member (unit_id) where unit_id is not null;

alter table customers_customer add column pool_id integer;
alter table customers_customer add column pooled_at integer;
create index customers_customer_pool on customers_customer (pool_id, sort_key, id) where pool_id is not null;
create index customers_customer_pooled on customers_customer (pool_id, pooled_at, id) where pool_id is not null;

-- Whoever is given an owner is in no pool any more, by whatever way it came.
create trigger customers_customer_owned after update of owner_id on customers_customer when new.owner_id is not null and new.pool_id is not null
begin update customers_customer set pool_id = null, pooled_at = null where id = new.id; end;

-- Who had a customer when, and why that changed.
create table customers_hand (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    at integer not null,
    by text not null,
    from_id integer,
    to_id integer,
    from_pool integer,
    to_pool integer,
    cause integer not null,
    lack integer,
    since_on text,
    days integer,
    reason text not null,
    form_key text
);
create index customers_hand_customer on customers_hand (customer_id, at);
create index customers_hand_claimed on customers_hand (to_id, from_pool, at) where from_pool is not null;
create index customers_hand_from_pool on customers_hand (from_pool, id) where from_pool is not null;
create index customers_hand_to_pool on customers_hand (to_pool, id) where to_pool is not null;
create index customers_hand_form on customers_hand (form_key) where form_key is not null;

create table customers_pool_extension (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    pool_id integer not null references customers_pool (id),
    owner_id integer not null,
    days integer not null,
    reason text not null,
    state integer not null,
    asked_at integer not null,
    until_on text,
    decided_at integer,
    decided_by text,
    answer text not null,
    form_key text
);
create unique index customers_pool_extension_form on customers_pool_extension (form_key) where form_key is not null;
create unique index customers_pool_extension_open on customers_pool_extension (customer_id) where state = 0;
create index customers_pool_extension_customer on customers_pool_extension (customer_id, owner_id);
create index customers_pool_extension_queue on customers_pool_extension (state, id);
