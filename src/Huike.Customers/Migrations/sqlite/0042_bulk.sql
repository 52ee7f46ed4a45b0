-- 批量: what somebody does to many customers at once, row by row, so that it goes on where it was cut off and can be undone.
create table customers_bulk (
    id integer primary key,
    change text not null,
    user_id integer not null,
    by text not null,
    created_at integer not null,
    finished_at integer,
    job_id integer,
    undoes integer,
    form_key text
);
create unique index customers_bulk_form on customers_bulk (form_key) where form_key is not null;
create unique index customers_bulk_undoes on customers_bulk (undoes) where undoes is not null;
create index customers_bulk_user on customers_bulk (user_id, id);
create index customers_bulk_created on customers_bulk (created_at);

-- 0 it is yet to be done, 1 it is done, 2 there was nothing to do, 3 it was left out.
create table customers_bulk_row (
    bulk_id integer not null references customers_bulk (id) on delete cascade,
    customer_id integer not null,
    state integer not null,
    reason text,
    changes text,
    primary key (bulk_id, customer_id)
);
create index customers_bulk_row_state on customers_bulk_row (bulk_id, state, customer_id);
create index customers_bulk_row_customer on customers_bulk_row (customer_id);

-- 回收站: customers who were removed and can come back.
create table customers_binned (
    id integer primary key,
    number text not null,
    name text not null,
    owner_id integer,
    unit_id integer,
    removed_at integer not null,
    removed_by text not null
);
create unique index customers_binned_number on customers_binned (number);
create index customers_binned_removed on customers_binned (removed_at, id);

create table customers_binned_row (
    binned_id integer not null references customers_binned (id) on delete cascade,
    name text not null,
    position integer not null,
    kept text not null,
    primary key (binned_id, name, position)
);
