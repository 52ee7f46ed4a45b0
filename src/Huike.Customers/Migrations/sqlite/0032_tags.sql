-- 标签: the firm's words for customers, and who carries which.
create table customers_tag (
    id integer primary key,
    name text not null,
    name_key text not null
);
create unique index customers_tag_name on customers_tag (name_key);

create table customers_tagged (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    tag_id integer not null references customers_tag (id),
    created_at integer not null,
    created_by text not null
);
create unique index customers_tagged_customer on customers_tagged (customer_id, tag_id);
create index customers_tagged_tag on customers_tagged (tag_id, customer_id);

-- 曾用名: since when each is a former one stands in the history of changes.
create table customers_former_name (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    name text not null
);
create unique index customers_former_name_customer on customers_former_name (customer_id, name);

-- 特殊要求 and 采购特点.
alter table customers_customer add column requirements text;
alter table customers_customer add column buying text;
