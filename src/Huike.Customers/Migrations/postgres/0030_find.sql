-- 查找: how a name sounds, for searches by its beginning, and words of notes. What is there is filled in the background (job customers.search).
alter table customers_customer add column name_pinyin text collate "C";
alter table customers_customer add column name_initials text collate "C";
create index customers_customer_pinyin on customers_customer (name_pinyin);
create index customers_customer_initials on customers_customer (name_initials);

create table customers_note_search (
    note_id bigint primary key references customers_note (id) on delete cascade,
    tokens tsvector not null
);
create index customers_note_search_tokens on customers_note_search using gin (tokens) with (fastupdate = off);

insert into platform_job (kind, payload, state, progress, message, attempts, created_at, created_by)
select 'customers.search', '{}', 0, 0, '', 0, now(), 'upgrade' where exists (select 1 from customers_customer);
