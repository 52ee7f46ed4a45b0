-- 手机通讯录: somebody's own customers as an address book on his phone. Which cards he has under which names, and since which change.
create table customers_phone_book (
    user_id integer primary key references platform_user (id) on delete cascade,
    seq integer not null,
    read_at integer,
    written_at integer,
    refused_at integer
);

-- kind: 0 a customer, 1 a contact's post; made_at tells a record from a later one of the same number; no tag: it is gone.
create table customers_card (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    name text not null,
    kind integer not null,
    record_id integer not null,
    made_at integer not null,
    uid text not null,
    tag text,
    seq integer not null,
    changed_at integer not null
);
create unique index customers_card_name on customers_card (user_id, name);
create index customers_card_seq on customers_card (user_id, seq);

-- Cards as a program wrote them last, with what we don't understand of them.
create table customers_card_kept (
    id integer primary key,
    user_id integer not null references platform_user (id) on delete cascade,
    customer_id integer not null,
    kind integer not null,
    record_id integer not null,
    made_at integer not null,
    body text not null
);
create unique index customers_card_kept_record on customers_card_kept (user_id, kind, record_id, made_at);
create index customers_card_kept_customer on customers_card_kept (customer_id);
