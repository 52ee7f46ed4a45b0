-- 联系人: people at customers; one person may have posts at several.
create table customers_person (
    id integer primary key,
    name text not null,
    phone text,
    phone_raw text,
    email text,
    wechat text,
    birth_calendar integer,
    birth_year integer,
    birth_month integer,
    birth_day integer,
    birth_leap integer not null,
    preferences text not null,
    created_at integer not null,
    created_by text not null
);
create index customers_person_birth on customers_person (birth_calendar, birth_month) where birth_calendar is not null;
create index customers_person_phone on customers_person (phone) where phone is not null;

create table customers_post (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    person_id integer not null references customers_person (id) on delete cascade,
    role integer not null,
    title text not null,
    influence integer not null,
    is_main integer not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text
);
create unique index customers_post_form on customers_post (form_key) where form_key is not null;
create unique index customers_post_person on customers_post (customer_id, person_id);
create unique index customers_post_main on customers_post (customer_id) where is_main;
create index customers_post_of on customers_post (person_id);

-- 客户关系: from the customer to the other one; days as yyyy-MM-dd.
create table customers_relation (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    other_id integer not null references customers_customer (id),
    kind integer not null,
    since_on text,
    until_on text,
    note text not null,
    created_at integer not null,
    created_by text not null,
    version integer not null,
    form_key text
);
create unique index customers_relation_form on customers_relation (form_key) where form_key is not null;
create unique index customers_relation_pair on customers_relation (customer_id, other_id, kind);
create index customers_relation_other on customers_relation (other_id, kind);
