-- Each try to deliver a message of a webhook. Without a duration: it is under way, or was cut off.
create table platform_webhook_try (
    id integer primary key,
    delivery_id integer not null references platform_webhook_delivery (id) on delete cascade,
    at integer not null,
    status integer,
    error text not null,
    took integer
);
create index platform_webhook_try_log on platform_webhook_try (delivery_id, id);
insert into platform_webhook_try (delivery_id, at, status, error, took)
select id, tried_at, status, error, took from platform_webhook_delivery where tried_at is not null and took is not null order by tried_at, id;

-- Names the form that it came by: sent twice, it makes one.
alter table platform_webhook add column form_key text;
alter table platform_webhook add column secret_form_key text;
alter table platform_token add column form_key text;
create unique index platform_webhook_form on platform_webhook (form_key);
create unique index platform_token_form on platform_token (form_key);

-- When somebody asked for a job that runs to be stopped; its worker takes back what it did.
alter table platform_job add column cancel_at integer;
