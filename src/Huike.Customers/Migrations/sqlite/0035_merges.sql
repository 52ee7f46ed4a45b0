-- 合并: whose files became one, what moved, and what was set aside for the way back.
create table customers_merge (
    id integer primary key,
    customer_id integer not null references customers_customer (id),
    survivor_id integer not null,
    absorbed_id integer not null,
    number text not null,
    name text not null,
    fields text not null,
    at integer not null,
    by text not null,
    undone_at integer,
    undone_by text
);
create unique index customers_merge_absorbed on customers_merge (absorbed_id) where undone_at is null;
create index customers_merge_number on customers_merge (number) where undone_at is null;
create index customers_merge_customer on customers_merge (customer_id, at);

-- What a merge did with each row: 0 it moved, 1 it was set aside, 2 it was made.
create table customers_merge_row (
    merge_id integer not null references customers_merge (id),
    name text not null,
    row_id integer not null,
    what integer not null,
    flag integer,
    kept text,
    primary key (merge_id, name, row_id, what)
) without rowid;

-- Whose a consent is may change with the files; all else of it stays as it was.
drop trigger customers_consent_unchanged;
create trigger customers_consent_unchanged before update of id, purpose_id, channel, given, text_id, at, way, created_at, created_by, form_key on customers_consent
begin select raise(abort, 'customers_consent is append-only'); end;
