-- 客户价值: pictures computed ahead, and changes of the ledger that wait to be counted.

create table analytics_picture (
    name text primary key,
    json text not null,
    computed_at integer not null
);

create table analytics_change (
    id integer primary key,
    load_id integer not null,
    first_transaction_id integer not null,
    transactions integer not null,
    undone integer not null
);
