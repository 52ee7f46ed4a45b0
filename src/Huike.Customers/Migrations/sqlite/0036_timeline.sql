-- Notes answer notes, one level deep.
alter table customers_note add column reply_to integer references customers_note (id) on delete cascade;
create index customers_note_answer on customers_note (reply_to, id) where reply_to is not null;

-- Each source of the timeline, and each filter on it, reads one stretch of an index.
create index customers_note_kind on customers_note (customer_id, kind, at);
create index customers_note_first on customers_note (customer_id, at) where kind = 0 and reply_to is null;
create index customers_note_by on customers_note (customer_id, created_by, kind, at);
create index customers_note_contact_by on customers_note (customer_id, created_by, at) where kind > 0;
create index customers_next_step_planned on customers_next_step (customer_id, created_at);
create index customers_next_step_planned_by on customers_next_step (customer_id, created_by, created_at);
create index customers_next_step_finished on customers_next_step (customer_id, done_at) where done_at is not null;
create index customers_change_by on customers_change (customer_id, created_by, created_at);
create index platform_file_moment on platform_file (record_kind, record_id, created_at);

-- Contacts of ours are counted.
create index customers_note_ours on customers_note (customer_id, at) where kind > 0 and direction = 2;

-- How and what for somebody is about to contact a customer.
alter table customers_contact_claim add column channel integer;
alter table customers_contact_claim add column purpose text not null default '';
