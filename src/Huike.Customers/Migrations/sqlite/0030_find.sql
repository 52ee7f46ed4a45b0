-- 查找: how a name sounds, for searches by its beginning, and words of notes. What is there is filled in the background (job customers.search).
alter table customers_customer add column name_pinyin text;
alter table customers_customer add column name_initials text;
create index customers_customer_pinyin on customers_customer (name_pinyin);
create index customers_customer_initials on customers_customer (name_initials);

create virtual table customers_note_search using fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");
create trigger customers_note_search_gone after delete on customers_note begin
    delete from customers_note_search where rowid = old.id;
end;

insert into platform_job (kind, payload, state, progress, message, attempts, created_at, created_by)
select 'customers.search', '{}', 0, 0, '', 0, cast(strftime('%s', 'now') as integer) * 1000, 'upgrade' where exists (select 1 from customers_customer);
