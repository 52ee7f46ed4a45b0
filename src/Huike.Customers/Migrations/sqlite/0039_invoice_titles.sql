-- 发票抬头: what invoices for customers are made out to.
create table customers_invoice_title (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    kind integer not null,
    name text not null,
    tax_number text not null,
    address text not null,
    phone text not null,
    bank text not null,
    account text not null,
    email text not null,
    mobile text,
    is_preferred integer not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text
);
create unique index customers_invoice_title_form on customers_invoice_title (form_key) where form_key is not null;
create unique index customers_invoice_title_preferred on customers_invoice_title (customer_id) where is_preferred;
create index customers_invoice_title_customer on customers_invoice_title (customer_id);
