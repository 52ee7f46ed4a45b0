create table platform_webhook (
    id integer primary key,
    url text not null,
    description text not null,
    -- Kinds of events with a blank before and after each.
    events text not null,
    secret text not null,
    old_secret text,
    old_until integer,
    is_on integer not null,
    -- Why it was switched off by the program; empty: it wasn't.
    stopped text not null,
    failing_since integer,
    version integer not null,
    created_at integer not null,
    created_by text not null
);

create table platform_webhook_delivery (
    id integer primary key,
    webhook_id integer not null references platform_webhook (id) on delete cascade,
    message text not null,
    kind text not null,
    body text not null,
    state integer not null,
    attempts integer not null,
    status integer,
    error text not null,
    took integer,
    created_at integer not null,
    tried_at integer,
    wait_until integer,
    ended_at integer
);
create index platform_webhook_delivery_log on platform_webhook_delivery (webhook_id, id);
create index platform_webhook_delivery_open on platform_webhook_delivery (webhook_id, wait_until) where state = 0;
create index platform_webhook_delivery_dead on platform_webhook_delivery (webhook_id, id) where state = 2;
create index platform_webhook_delivery_created on platform_webhook_delivery (created_at);
