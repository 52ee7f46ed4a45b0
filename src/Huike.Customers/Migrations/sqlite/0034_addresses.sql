-- 地址: addresses of customers. The text of the preferred one stands in the customer's own column.
create table customers_address (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    usage integer not null,
    recipient text not null,
    phone text,
    division_code text,
    detail text not null,
    postcode text,
    text text not null,
    is_preferred integer not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text
);
create unique index customers_address_form on customers_address (form_key) where form_key is not null;
create unique index customers_address_preferred on customers_address (customer_id) where is_preferred;
create index customers_address_customer on customers_address (customer_id);
