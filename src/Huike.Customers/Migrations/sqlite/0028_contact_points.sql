-- 联系方式: phones, mail addresses and WeChat ids of customers. The preferred phone and mail address stand in the customer's own columns, and here with what is said of them.
create table customers_contact_point (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    kind integer not null,
    usage integer not null,
    value text not null,
    value_reversed text,
    raw text not null,
    label text not null,
    is_preferred integer not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text
);
create unique index customers_contact_point_form on customers_contact_point (form_key) where form_key is not null;
create unique index customers_contact_point_value on customers_contact_point (customer_id, kind, value);
create unique index customers_contact_point_preferred on customers_contact_point (customer_id, kind) where is_preferred;
create index customers_contact_point_search on customers_contact_point (value);
create index customers_contact_point_tail on customers_contact_point (value_reversed) where value_reversed is not null;
create index customers_customer_email on customers_customer (lower(email));

-- How the customer wishes to be reached: channel, days from Monday (1) on as bits, and minutes of the day.
alter table customers_customer add column reach_channel integer;
alter table customers_customer add column reach_days integer;
alter table customers_customer add column reach_from integer;
alter table customers_customer add column reach_to integer;
