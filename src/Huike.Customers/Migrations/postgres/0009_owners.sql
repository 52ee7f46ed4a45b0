-- 归属: who looks after a customer, and in which unit. Each list of somebody's own or of a unit's walks its index in the usual order.

alter table customers_customer add column owner_id bigint;
alter table customers_customer add column unit_id bigint;
create index customers_customer_owner on customers_customer (owner_id, sort_key, id) where owner_id is not null;
create index customers_customer_unit on customers_customer (unit_id, sort_key, id) where unit_id is not null;
