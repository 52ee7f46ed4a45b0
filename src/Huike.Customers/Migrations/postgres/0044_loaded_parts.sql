-- What of a customer's file a load brought, so that it can be taken back with it.
alter table customers_contact_point add column load_id bigint;
create index customers_contact_point_load on customers_contact_point (load_id) where load_id is not null;
alter table customers_person add column load_id bigint;
create index customers_person_load on customers_person (load_id) where load_id is not null;
alter table customers_post add column load_id bigint;
create index customers_post_load on customers_post (load_id) where load_id is not null;
alter table customers_address add column load_id bigint;
create index customers_address_load on customers_address (load_id) where load_id is not null;
alter table customers_invoice_title add column load_id bigint;
create index customers_invoice_title_load on customers_invoice_title (load_id) where load_id is not null;
alter table customers_consent add column load_id bigint;
create index customers_consent_load on customers_consent (load_id) where load_id is not null;
alter table customers_tagged add column load_id bigint;
create index customers_tagged_load on customers_tagged (load_id) where load_id is not null;
