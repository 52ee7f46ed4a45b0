-- A note can tell of a contact: how, from which side, and when it was.
alter table customers_note add column kind smallint not null default 0;
alter table customers_note add column direction smallint not null default 0;
alter table customers_note add column at timestamptz not null default 'epoch';
update customers_note set at = created_at;
drop index customers_note_customer;
create index customers_note_customer on customers_note (customer_id, at);
create index customers_note_contact on customers_note (customer_id, at) where kind > 0;

-- Who is about to contact a customer; one at a time.
create table customers_contact_claim (
    customer_id bigint primary key references customers_customer (id) on delete cascade,
    user_id bigint not null references platform_user (id) on delete cascade,
    at timestamptz not null,
    until_at timestamptz not null
);
