-- 归属: who looks after a customer, and in which unit. Each list of somebody's own or of a unit's walks its index in the usual order.

alter table customers_customer add column owner_id integer;
alter table customers_customer add column unit_id integer;
create index customers_customer_owner on customers_customer (owner_id, sort_key, id) where owner_id is not null;
create index customers_customer_unit on customers_customer (unit_id, sort_key, id) where unit_id is not null;

-- An id is never given twice: shares, accounts and the audit speak of customers by it, also of those who were removed. PostgreSQL sees to that by itself.
create table customers_id_floor (
    one integer primary key check (one = 1),
    id integer not null
);
insert into customers_id_floor (one, id) values (1, 0);
create trigger customers_customer_removed after delete on customers_customer begin update customers_id_floor set id = max(id, old.id); end;
